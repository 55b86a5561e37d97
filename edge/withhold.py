"""What a camera that cannot be believed has shown is no fact: accusations that rest on it are withheld. Pure.

行政处罚法 art. 40: where the facts are not clear there is no penalty. An act is one span of time, from the entry to the
moment at which the rule was met: a fault anywhere in it withholds the whole.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from contract.words import PassageVerdict, ViolationKind, ZoneKind
from edge.observations import Judged, Passage, Violation

CAMERA_UNSOUND: Final = "camera_unsound"

Act = tuple[int, str, int | None, bool]
Sound = Callable[[int, int], bool]
"""Whether what the camera showed from one time to another (ms) may accuse anybody."""


@dataclass(slots=True)
class Withholding:
    """Stands between the rules and whoever is told. ``withheld`` counts the accusations that were not made."""

    sound: Sound
    withheld: int = 0
    _told: set[Act] = field(default_factory=set)

    def of(self, judged: Judged) -> Judged:
        """Return what may be said."""
        violations = tuple(v for v in judged.violations if self.sound(v.entered_ms, v.confirmed_ms))
        self.withheld += len(judged.violations) - len(violations)
        self._told |= {_act(violation) for violation in violations}
        passages = tuple(self._passage(passage) for passage in judged.passages)
        yields = tuple(met for met in judged.yields if self.sound(met.entered_ms, met.entered_ms))
        return Judged(violations, passages, yields, judged.foreseen)

    def _passage(self, passage: Passage) -> Passage:
        """Count it as abstained if the fault lay in it; but an accusation that was made stays counted as one."""
        told = _act(passage) in self._told
        self._told.discard(_act(passage))
        entered_ms = passage.left_ms if passage.entered_ms is None else passage.entered_ms
        if (told and passage.verdict is PassageVerdict.VIOLATION) or self.sound(entered_ms, passage.left_ms):
            return passage
        return replace(passage, verdict=PassageVerdict.ABSTAINED, reason=CAMERA_UNSOUND)


def _act(act: Violation | Passage) -> Act:
    """Return what an accusation and its passage have in common.

    A crosswalk, a lane and a stop line may bear the same id. A ride against a lane begins later than the passage.
    """
    lane = act.zone_kind is ZoneKind.LANE if isinstance(act, Passage) else act.kind is ViolationKind.WRONG_WAY
    return act.track_id, act.zone_id, None if lane else act.entered_ms, lane
