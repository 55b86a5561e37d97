"""The coded pictures of the last half minute, bounded by seconds and bytes; what an act needs is pinned. Pure.

Pictures come in groups (GOP): the first stands by itself, each other needs those before it. So groups leave whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from edge.video.spans import Span

PINS_MAX: Final = 64
PINNED_MS_MAX: Final = 300_000
"""A red that lasts longer is a fault; what was foreseen and never became a verdict is let go then."""

Act = tuple[int, str, int]
"""Track, zone, entry: what an act is known by before its kind is."""


@dataclass(frozen=True, slots=True)
class Coded:
    """One coded picture: its running number, capture time, H.264 bytes, and whether it stands by itself."""

    number: int
    t_ms: int
    data: bytes = field(repr=False)
    key: bool


@dataclass(slots=True, eq=False)
class _Group:
    frames: list[Coded]
    size_bytes: int

    @property
    def from_ms(self) -> int:
        return self.frames[0].t_ms


class GroupRing:
    """Keeps coded pictures; the oldest group leaves first, and a pinned one only where the bytes do not suffice.

    Only the newest group, which is still growing, is kept in any case: ``ring_bytes_max`` bounds all others.
    """

    def __init__(self, ring_ms: int, ring_bytes_max: int) -> None:
        self._ring_ms, self._bytes_max = ring_ms, ring_bytes_max
        self._groups: list[_Group] = []
        self._pins: dict[Act, tuple[Span, ...]] = {}
        self.size_bytes = 0
        self.pinned_lost = 0

    @property
    def last_ms(self) -> int:
        """Return the capture time of the newest picture, -1 before the first."""
        return self._groups[-1].frames[-1].t_ms if self._groups else -1

    def add(self, coded: Coded) -> None:
        """Take the next picture in; one that needs others, and has none before it, is of no use and not kept."""
        if coded.key:
            self._groups.append(_Group([], 0))
        elif not self._groups:
            return
        newest = self._groups[-1]
        newest.frames.append(coded)
        newest.size_bytes += len(coded.data)
        self.size_bytes += len(coded.data)
        if coded.key:
            self._forget(coded.t_ms)

    def pin(self, act: Act, spans: Sequence[Span]) -> None:
        """Keep what lies in these spans until the act is let go; the oldest of too many acts is let go."""
        self._pins[act] = tuple(spans)
        while len(self._pins) > PINS_MAX:
            del self._pins[next(iter(self._pins))]

    def unpin(self, act: Act) -> None:
        """Let an act go."""
        self._pins.pop(act, None)

    def frames(self, span: Span) -> tuple[Coded, ...]:
        """Return what is kept of a span: from a picture that stands by itself to the first one at its end or later."""
        groups = [g for g in self._overlapping(span) if g.frames]
        together = [frame for group in groups for frame in group.frames]
        end = next((index for index, frame in enumerate(together) if frame.t_ms >= span.to_ms), len(together) - 1)
        return tuple(together[: end + 1])

    def clear(self) -> None:
        """Forget everything: what comes is coded otherwise and does not go with what is here."""
        self._groups.clear()
        self.size_bytes = 0

    def _overlapping(self, span: Span) -> list[_Group]:
        """Return the groups of a span: a group lasts until the next one begins."""
        ends = [group.from_ms for group in self._groups[1:]] + [self.last_ms + 1]
        pairs = zip(self._groups, ends, strict=False)
        return [group for group, end_ms in pairs if group.from_ms <= span.to_ms and span.from_ms < end_ms]

    def _forget(self, now_ms: int) -> None:
        self._pins = {act: spans for act, spans in self._pins.items() if spans[-1].to_ms > now_ms - PINNED_MS_MAX}
        pinned = {g for spans in self._pins.values() for span in spans for g in self._overlapping(span)}
        closed = self._groups[:-1]
        for group in [g for g in closed if g not in pinned]:
            if self._over() or group.from_ms < now_ms - self._ring_ms:
                self._drop(group)
        for group in [g for g in closed if g in pinned]:
            if self._over():
                self._drop(group)
                self.pinned_lost += 1

    def _over(self) -> bool:
        return self.size_bytes - self._groups[-1].size_bytes > self._bytes_max

    def _drop(self, group: _Group) -> None:
        self._groups.remove(group)
        self.size_bytes -= group.size_bytes
