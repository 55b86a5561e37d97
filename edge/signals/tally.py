"""How long a signal was known and why it was not; how often and how long its sources disagreed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from edge.signals.reading import Why


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one signal since the watch began; ``unknown_ms`` by reason.

    A disagreement counts once it has outlasted ``tolerance_ms``; within that it is a change on its way.
    ``disagreed_at_ms`` is when the last one began.
    """

    tolerance_ms: int
    known_ms: int = 0
    unknown_ms: Mapping[Why, int] = field(default_factory=lambda: dict.fromkeys(Why, 0))
    disagreements: int = 0
    longest_disagreement_ms: int = 0
    disagreed_at_ms: int | None = None

    def with_span(self, why: Why | None, from_ms: int, to_ms: int) -> "Tally":
        """Return the counts with one more span, that is over or counted as if it were."""
        lasted_ms = to_ms - from_ms
        if why is None:
            return replace(self, known_ms=self.known_ms + lasted_ms)
        if why is Why.DISAGREE and lasted_ms <= self.tolerance_ms:
            why = Why.CHANGING
        unknown_ms = {**self.unknown_ms, why: self.unknown_ms[why] + lasted_ms}
        if why is not Why.DISAGREE:
            return replace(self, unknown_ms=unknown_ms)
        return replace(
            self,
            unknown_ms=unknown_ms,
            disagreements=self.disagreements + 1,
            longest_disagreement_ms=max(self.longest_disagreement_ms, lasted_ms),
            disagreed_at_ms=from_ms,
        )
