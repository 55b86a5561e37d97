"""When an officer directs the traffic: while the site's hand-off switch is set, nobody is accused. Pure.

道交法 art. 38: an officer's direction overrides the light.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the centre: set or released at a time, and until when it holds if nobody says another."""

    at_ms: int
    is_set: bool
    until_ms: int | None = None


def switched(words: Sequence[Word]) -> list[tuple[int, bool]]:
    """Return the times at which the switch was set and released, from the centre's words in their order.

    A word ends the one before it; a time that goes back (the centre's clock was set) counts as the one before it.
    """
    times: list[tuple[int, bool]] = []
    for word, following in zip(words, [*words, None][1:], strict=True):
        at_ms = max(word.at_ms, times[-1][0]) if times else word.at_ms
        times.append((at_ms, word.is_set))
        ends_first = following is None or word.until_ms is None or word.until_ms < following.at_ms
        if word.is_set and word.until_ms is not None and ends_first:
            times.append((max(at_ms, word.until_ms), False))
    return times


class HandOff:
    """The times at which the switch was set and released. Before the first word it is not set."""

    def __init__(self, switched: Iterable[tuple[int, bool]] = ()) -> None:
        self._times_ms: list[int] = []
        self._set: list[bool] = []
        for t_ms, is_set in sorted(switched):
            self.switch(t_ms, is_set=is_set)

    def switch(self, t_ms: int, *, is_set: bool) -> None:
        """Take a word in that is not earlier than the last one. Raises ValueError for one that is."""
        if self._times_ms and t_ms < self._times_ms[-1]:
            raise ValueError(f"expected a switch at or after {self._times_ms[-1]} ms, found one at {t_ms} ms")
        self._times_ms.append(t_ms)
        self._set.append(is_set)

    def tell(self, switched: Iterable[tuple[int, bool]]) -> None:
        """Take a whole account of the switch in place of the one before: times that do not go back."""
        fresh = HandOff()
        for t_ms, is_set in switched:
            fresh.switch(t_ms, is_set=is_set)
        self._times_ms, self._set = fresh._times_ms, fresh._set

    def during(self, from_ms: int, to_ms: int) -> bool:
        """Tell whether the switch was set at any time from ``from_ms`` to ``to_ms``, both included."""
        first = max(0, bisect_right(self._times_ms, from_ms) - 1)
        last = bisect_right(self._times_ms, to_ms)
        return any(self._set[first:last])

    def over(self, from_ms: int, to_ms: int) -> tuple[tuple[int, bool], ...]:
        """Return the words of that time, both ends included, and the one before it if it still held."""
        first = max(0, bisect_right(self._times_ms, from_ms) - 1)
        last = bisect_right(self._times_ms, to_ms)
        return tuple(zip(self._times_ms[first:last], self._set[first:last], strict=True))
