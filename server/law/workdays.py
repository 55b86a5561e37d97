"""The operator's table over the calendar: the shape of workdays.toml. Pure."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from server.law.calendar import Calendar
from server.law.entries import Sourced


class Workday(Sourced):
    """One day that differs from its weekday, or from what the package says."""

    identified_by: ClassVar[str] = "day"
    day: date
    working: StrictBool


class WholeYear(Sourced):
    """A year of which every day that differs from its weekday is in the table."""

    identified_by: ClassVar[str] = "year"
    year: Annotated[int, Field(ge=2004, le=2100)]


class Workdays(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    day: tuple[Workday, ...] = ()
    year: tuple[WholeYear, ...] = ()

    def calendar(self) -> Calendar:
        """Return the calendar with this table over it."""
        return Calendar(
            days={entry.day: entry.working for entry in self.day},
            whole_years=frozenset(entry.year for entry in self.year),
        )
