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


class Law(_Entry):
    """The whole file."""

    offence: tuple[Offence, ...]
    rejection: tuple[Rejection, ...]

    def offence_at(self, kind: ViolationKind, act_ms: int) -> Offence:
        """Return the offence in force when the act was done (行政处罚法 art. 37). Raises NotFoundError."""
        day = beijing(act_ms).date()
        for offence in self.offence:
            if (
                offence.kind is kind
                and offence.valid_from <= day
                and (offence.valid_to is None or day <= offence.valid_to)
            ):
                return offence
        raise NotFoundError(f"the law table has no entry for {kind.value} on {day}")

    def rejection_reason(self, key: str) -> Rejection | None:
        """Return a reason by its key."""
        return next((reason for reason in self.rejection if reason.key == key), None)


def read_law(path: Path = OFFENCES_FILE) -> Law:
    """Read and check the law's data."""
    return Law.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
