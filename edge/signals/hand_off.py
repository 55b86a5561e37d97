"""When an officer directs the traffic: while the site's hand-off switch is set, nobody is accused. Pure.

道交法 art. 38: an officer's direction overrides the light.
"""

from bisect import bisect_right
from collections.abc import Iterable


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
