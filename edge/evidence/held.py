"""Pictures of acts whose verdict comes late, kept beyond the ring: who stands beyond the line may yet go on.

Only the stills that would be chosen are held, of so many acts at most; the oldest leaves first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from edge.evidence.ring import Kept
from edge.observations import Violation
from edge.selection import moments

ACTS_MAX: Final = 64
"""Three stills each: at 1 MB a still some 200 MB at the very most, where 64 riders wait beyond lines at once."""

Act = tuple[int, str, int]


@dataclass(slots=True)
class HeldPictures:
    """The stills of acts that were foreseen."""

    _held: dict[Act, tuple[Kept, ...]] = field(default_factory=dict)

    def hold(self, foreseen: Violation, kept: Sequence[Kept]) -> None:
        """Keep the stills of an act, as it is seen by now."""
        chosen = {moment.t_ms for moment in moments([k.observation for k in kept], foreseen)}
        self._held[_act(foreseen)] = tuple(k for k in kept if k.observation.t_ms in chosen)
        while len(self._held) > ACTS_MAX:
            del self._held[next(iter(self._held))]

    def pictures(self, violation: Violation, kept: Sequence[Kept]) -> tuple[Kept, ...]:
        """Return what is kept now and what was held of the act, in time order; it is not held any longer."""
        held = self._held.pop(_act(violation), ())
        together = {k.observation.t_ms: k for k in (*held, *kept)}
        return tuple(together[t_ms] for t_ms in sorted(together))


def _act(violation: Violation) -> Act:
    return violation.track_id, violation.zone_id, violation.entered_ms
