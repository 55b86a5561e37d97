"""Reads the law's dated data: which offence is in force for an act, and the fixed list of rejection reasons."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contract.words import ViolationKind
from server.civil_time import beijing
from server.errors import NotFoundError

OFFENCES_FILE: Final = Path(__file__).with_name("offences.toml")
Fen = Annotated[int, Field(ge=0, le=5_000_000)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Offence(_Entry):
    """One offence over one span of dates. Amounts in fen."""

    code: str
    kind: ViolationKind
    name_zh: str
    name_en: str
    articles: str
    fine_fen: Fen
    fine_min_fen: Fen
    fine_max_fen: Fen
    valid_from: date
    valid_to: date | None = None
    source: str
    verified: bool

    @model_validator(mode="after")
    def _ordered(self) -> "Offence":
        if not self.fine_min_fen <= self.fine_fen <= self.fine_max_fen:
            raise ValueError(f"{self.code}: needs fine_min_fen <= fine_fen <= fine_max_fen")
        return self


class Rejection(_Entry):
    """One reason for which a record is deleted."""

    key: str
    zh: str
    en: str


Tolerance = Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)]


class SameAct(_Entry):
    """How far two reports of one act may differ, over one span of dates: seconds and metres (server.cases.same_act)."""

    entry_s: Tolerance
    entry_m: Tolerance
    red_since_s: Tolerance
    one_camera_s: Tolerance
    one_camera_m: Tolerance
    ride_gap_s: Tolerance
    ride_m: Tolerance
    valid_from: date
    valid_to: date | None = None
    source: str
    verified: bool


class Law(_Entry):
    """The whole file."""

    offence: tuple[Offence, ...]
    rejection: tuple[Rejection, ...]
    same_act: tuple[SameAct, ...]

    def offence_at(self, kind: ViolationKind, act_ms: int) -> Offence:
        """Return the offence in force when the act was done (行政处罚法 art. 37). Raises NotFoundError."""
        day = beijing(act_ms).date()
        for offence in self.offence:
            if offence.kind is kind and _in_force(offence, day):
                return offence
        raise NotFoundError(f"the law table has no entry for {kind.value} on {day}")

    def same_act_at(self, act_ms: int) -> SameAct | None:
        """Return the tolerances in force when the act was done; None for a day without them: nothing is joined."""
        day = beijing(act_ms).date()
        return next((entry for entry in self.same_act if _in_force(entry, day)), None)

    def rejection_reason(self, key: str) -> Rejection | None:
        """Return a reason by its key."""
        return next((reason for reason in self.rejection if reason.key == key), None)


def _in_force(entry: Offence | SameAct, day: date) -> bool:
    return entry.valid_from <= day and (entry.valid_to is None or day <= entry.valid_to)


def read_law(path: Path = OFFENCES_FILE) -> Law:
    """Read and check the law's data."""
    return Law.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
