"""What was proven at a stop line before a number was lost, or may have passed to another rider. Pure.

Who stood beyond the line for long enough has stopped there, unless they rode on or turned right later (stop_line.py).
Once their number is in doubt, that may be seen of any of those whose number may now be theirs. If none of them rides on
on red or turns right, and one is seen to go straight on, it does not matter who of them it was.
"""

from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Final

from edge.observations import Judged, Passage, Violation
from edge.rules.reasons import VERDICTS, Reason

DOUBT: Final = Reason.IDENTITY_UNSURE
UNSURE: Final = VERDICTS[DOUBT]


class Outcome(Enum):
    """What became of one who may be the rider."""

    STRAIGHT = auto()
    """Went on when the red was over, and did not turn right."""
    NOT_BEYOND = auto()
    """Is gone without having been beyond the line."""
    OTHER = auto()
    """Rode on on red, turned right, or was lost before either could be seen."""


@dataclass(slots=True)
class _Proof:
    violation: Violation
    passage: Passage
    awaited: set[int]
    straight: bool = False


@dataclass(slots=True)
class Proofs:
    """The open proofs of one stop line."""

    _open: list[_Proof] = field(default_factory=list)

    def keep(self, violation: Violation, passage: Passage, tracks: set[int]) -> None:
        """Keep a proof until it is known what became of the tracks that may now be the rider."""
        self._open.append(_Proof(violation, passage, set(tracks)))

    def report(self, track_id: int, outcome: Outcome) -> Judged | None:
        """Take in what became of a track; return what is decided by it."""
        violations: list[Violation] = []
        passages: list[Passage] = []
        for proof in [proof for proof in self._open if track_id in proof.awaited]:
            proof.awaited.discard(track_id)
            proof.straight = proof.straight or outcome is Outcome.STRAIGHT
            failed = outcome is Outcome.OTHER
            if not (failed or not proof.awaited):
                continue
            self._open.remove(proof)
            stands = proof.straight and not failed
            violations += [proof.violation] if stands else []
            passages.append(proof.passage if stands else replace(proof.passage, verdict=UNSURE, reason=DOUBT.value))
        return Judged(tuple(violations), tuple(passages)) if passages else None
