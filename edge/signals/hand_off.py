"""When nobody is accused at a site: an officer directs the traffic, or accusations are paused there. Pure.

道交法 art. 38: an officer's direction overrides the light.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contract.words import HandOffCause

Switched = tuple[int, HandOffCause | None]
"""Since when (ms) the switch is set, and why; None: released."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the centre: set for a cause or released (None), and until when it holds if nobody says another."""

    at_ms: int
    cause: HandOffCause | None
    until_ms: int | None = None


def switched(words: Sequence[Word]) -> list[Switched]:
    """Return the times at which the switch was set and released, from the centre's words in their order.

    A word ends the one before it; a time that goes back (the centre's clock was set) counts as the one before it.
    """
    times: list[Switched] = []
    for word, following in zip(words, [*words, None][1:], strict=True):
        at_ms = max(word.at_ms, times[-1][0]) if times else word.at_ms
        times.append((at_ms, word.cause))
        ends_first = following is None or word.until_ms is None or word.until_ms < following.at_ms
        if word.cause is not None and word.until_ms is not None and ends_first:
            times.append((max(at_ms, word.until_ms), None))
    return times


class HandOff:
    """The times at which the switch was set and released. Before the first word it is not set."""

    def __init__(self, switched: Iterable[Switched] = ()) -> None:
        self._times_ms: list[int] = []
        self._causes: list[HandOffCause | None] = []
        for t_ms, cause in sorted(switched, key=lambda said: said[0]):
            self.switch(t_ms, cause)

    def switch(self, t_ms: int, cause: HandOffCause | None) -> None:
        """Take a word in that is not earlier than the last one. Raises ValueError for one that is."""
        if self._times_ms and t_ms < self._times_ms[-1]:
            raise ValueError(f"expected a switch at or after {self._times_ms[-1]} ms, found one at {t_ms} ms")
        self._times_ms.append(t_ms)
        self._causes.append(cause)

    def tell(self, switched: Iterable[Switched]) -> None:
        """Take a whole account of the switch in place of the one before: times that do not go back."""
        fresh = HandOff()
        for t_ms, cause in switched:
            fresh.switch(t_ms, cause)
        self._times_ms, self._causes = fresh._times_ms, fresh._causes

    def during(self, from_ms: int, to_ms: int) -> HandOffCause | None:
        """Return why nobody is accused from ``from_ms`` to ``to_ms``, both included: the first cause, or None."""
        first = max(0, bisect_right(self._times_ms, from_ms) - 1)
        last = bisect_right(self._times_ms, to_ms)
        return next((cause for cause in self._causes[first:last] if cause is not None), None)

    def over(self, from_ms: int, to_ms: int) -> tuple[Switched, ...]:
        """Return the words of that time, both ends included, and the one before it if it still held."""
        first = max(0, bisect_right(self._times_ms, from_ms) - 1)
        last = bisect_right(self._times_ms, to_ms)
        return tuple(zip(self._times_ms[first:last], self._causes[first:last], strict=True))
