"""What lamps showed from when to when, within a time that is played: for those who stage what happens at them. Pure.

The lamps themselves are the edge's own value, a SignalTimeline; a span is what it says, with both ends known.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from contract.words import LampState
from edge.signals.timeline import Signals


@dataclass(frozen=True, slots=True)
class Span:
    """One state of one lamp, from ``since_ms`` until before ``until_ms``."""

    state: LampState
    since_ms: int
    until_ms: int

    @property
    def lasts_ms(self) -> int:
        """Return how long it lasts."""
        return self.until_ms - self.since_ms


@dataclass(frozen=True, slots=True)
class PlayedLamps:
    """The lamps of a play that goes from 0 until before ``end_ms``."""

    signals: Signals
    end_ms: int

    def spans(self, signal_id: str) -> Iterator[Span]:
        """Yield what a lamp shows, in time order and without a gap."""
        since_ms = 0
        while since_ms < self.end_ms:
            shown = self.signals.shown(signal_id, since_ms)
            until_ms = self.end_ms if shown.until_ms is None else min(shown.until_ms, self.end_ms)
            yield Span(shown.state, since_ms, until_ms)
            since_ms = until_ms

    def whole(self, signal_id: str, state: LampState) -> list[Span]:
        """Return the spans of one state that are seen to begin and to end."""
        return [span for span in list(self.spans(signal_id))[1:-1] if span.state is state]
