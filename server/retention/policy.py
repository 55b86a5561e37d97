"""When evidence is purged: by its fate, unless somebody holds it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from server.law.periods import Fate, Period
from server.procedure.table import DECIDED, OPEN_REMEDIES, UNDECIDED
from server.procedure.words import CaseState

DAY_MS: Final = 86_400_000
FATES: Final[Mapping[CaseState | None, Fate]] = {
    None: Fate.HELD,
    **dict.fromkeys(UNDECIDED, Fate.UNDECIDED),
    **dict.fromkeys((*DECIDED, *OPEN_REMEDIES, CaseState.ARCHIVED), Fate.DECIDED),
    **dict.fromkeys((CaseState.REJECTED, CaseState.LAPSED, CaseState.SHELVED), Fate.REJECTED),
    CaseState.REVOKED: Fate.REVOKED,
}
"""An event without a case was held back. What ended without a decision is kept as what was rejected."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of one event: its case's state and since when, and whether the case is under a legal hold."""

    event_id: str
    case_id: int | None
    state: CaseState | None
    since_ms: int
    on_hold: bool = False

    @property
    def fate(self) -> Fate:
        """Return the class that it is kept by."""
        return FATES[self.state]


def due_at_ms(evidence: Evidence, periods: Mapping[Fate, Period]) -> int | None:
    """Return from when on it may be purged; None: not as things stand."""
    period = periods.get(evidence.fate)
    if evidence.on_hold or period is None or period.days is None:
        return None
    return evidence.since_ms + period.days * DAY_MS


def due(evidence: Iterable[Evidence], periods: Mapping[Fate, Period], now_ms: int) -> list[Evidence]:
    """Return what is to be purged now."""
    return [e for e in evidence if (at_ms := due_at_ms(e, periods)) is not None and at_ms <= now_ms]
