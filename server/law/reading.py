"""Reads the law's dated data: which offence is in force for an act, and the fixed list of rejection reasons."""

from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contract.words import ViolationKind
from server.civil_time import beijing
from server.errors import NotFoundError
from server.law.entries import Dated, Entry, Sourced
from server.law.files import LawFile, read

Fen = Annotated[int, Field(strict=True, ge=0, le=5_000_000)]


class Offence(Dated):
    """One offence over one span of dates. Amounts in fen; ``punished_by`` are those of its articles that punish it."""

    identified_by: ClassVar[str] = "kind"
    code: str
    kind: ViolationKind
    name_zh: str
    name_en: str
    articles: str
    punished_by: str = ""
    fine_fen: Fen
    fine_min_fen: Fen
    fine_max_fen: Fen

    @model_validator(mode="after")
    def _ordered(self) -> "Offence":
        if not self.fine_min_fen <= self.fine_fen <= self.fine_max_fen:
            raise ValueError(f"{self.code}: needs fine_min_fen <= fine_fen <= fine_max_fen")
        return self


class Rejection(Entry):
    """One reason for which a record is deleted. ``against_record``: the site recorded what was not so."""

    key: str
    zh: str
    en: str
    against_record: bool = False


class Leniency(Sourced):
    """One reason for which a warning, an education or no penalty takes the place of a fine; ``acts`` says which."""

    key: str
    zh: str
    en: str
    articles: str
    acts: Annotated[tuple[Literal["warn", "educate", "no_penalty"], ...], Field(min_length=1)]


Tolerance = Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)]


class SameAct(Dated):
    """How far two reports of one act may differ, over one span of dates: seconds and metres (server.cases.same_act)."""

    identified_by: ClassVar[str] = ""
    entry_s: Tolerance
    entry_m: Tolerance
    red_since_s: Tolerance
    one_camera_s: Tolerance
    one_camera_m: Tolerance
    ride_gap_s: Tolerance
    ride_m: Tolerance


class Law(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    offence: tuple[Offence, ...]
    rejection: tuple[Rejection, ...]
    leniency: tuple[Leniency, ...]
    same_act: tuple[SameAct, ...]

    def offence_at(self, kind: ViolationKind, act_ms: int) -> Offence:
        """Return the offence in force when the act was done (行政处罚法 art. 37). Raises NotFoundError."""
        day = beijing(act_ms).date()
        for offence in self.offence:
            if offence.kind is kind and offence.in_force(day):
                return offence
        raise NotFoundError(f"the law table has no entry for {kind.value} on {day}")

    def same_act_at(self, act_ms: int) -> SameAct | None:
        """Return the tolerances in force when the act was done; None for a day without them: nothing is joined."""
        day = beijing(act_ms).date()
        return next((entry for entry in self.same_act if entry.in_force(day)), None)

    def rejection_reason(self, key: str) -> Rejection | None:
        """Return a reason by its key."""
        return next((reason for reason in self.rejection if reason.key == key), None)

    @property
    def against_record(self) -> frozenset[str]:
        """Return the reasons that speak against the record itself, so that many of them suspend a site."""
        return frozenset(reason.key for reason in self.rejection if reason.against_record)

    def leniency_reason(self, key: str, act: str) -> Leniency | None:
        """Return a reason for a mild decision by its key, where it is one for this act."""
        return next((reason for reason in self.leniency if reason.key == key and act in reason.acts), None)


OFFENCES: Final = LawFile("offences.toml", Law)


def read_law(law_dir: Path | None = None) -> Law:
    """Read and check the law's data, with the operator's over it. Raises SettingsProblemError."""
    return read(OFFENCES, law_dir)
