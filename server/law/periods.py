"""How long evidence is kept, by what has become of it: the shape of the dated data in retention.toml. Pure."""

from enum import StrEnum
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.civil_time import beijing
from server.law.entries import Dated

LEAST_DAYS: Final = 30
"""公共安全视频图像信息系统管理条例 art. 17: nothing is deleted before."""


class Fate(StrEnum):
    """What has become of what an event tells: the class by which its evidence is kept."""

    UNDECIDED = "undecided"
    REJECTED = "rejected"
    DECIDED = "decided"
    REVOKED = "revoked"
    HELD = "held"


class Period(Dated):
    """How long evidence of one fate is kept, over one span of dates. ``days`` None: for as long as it has this fate."""

    identified_by: ClassVar[str] = "fate"
    fate: Fate
    days: Annotated[int, Field(ge=LEAST_DAYS, le=36_500)] | None = None


class Retention(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    period: tuple[Period, ...]

    @model_validator(mode="after")
    def _one_each(self) -> "Retention":
        if {period.fate for period in self.period} != set(Fate):
            raise ValueError(f"expected a period for each of {', '.join(Fate)}")
        return self

    def at(self, now_ms: int) -> dict[Fate, Period]:
        """Return the periods in force; a fate without one is kept."""
        day = beijing(now_ms).date()
        return {period.fate: period for period in self.period if period.in_force(day)}
