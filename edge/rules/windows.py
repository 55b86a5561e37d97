"""The last seconds of every track as arrays, and straight lines through them by least squares. Pure.

Arrays have a row a track ("slot") and a column a time, so that one product of matrices sums for all tracks at once. A
slot is given to another track when its own is gone. Every column is kept twice, ``columns`` apart: so the last seconds
always lie side by side, wherever the ring begins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slots = NDArray[np.intp]
COLUMNS: Final = 64
"""Times kept at first: six seconds at 10 a second. Where they come faster, more are kept, up to ``COLUMNS_MAX``."""
COLUMNS_MAX: Final = 1024
JITTERS: Final = 16
NEIGHBOURS_S: Final = 0.5
"""Places further apart in time say nothing about jitter: a walker turns in that time."""
NEVER_MS: Final = -1e18
Spans = tuple[Floats, Floats]
"""From and to of m spans, in seconds from the time asked about, both within: (m, 1, 1) for all tracks, or (m, n, 1)."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Straight lines at one time: (n, 2) places and metres a second, and how far each is off for a jitter of 1 m.

    ``place_var`` and ``speed_var`` (n,) are variances; ``count`` (n,) how many places a line goes through.
    """

    places: Floats
    speeds: Floats
    place_var: Floats
    speed_var: Floats
    count: NDArray[np.intp]


class Windows:
    """The places of each track in the last ``keep_s`` seconds, and its jitter."""

    def __init__(self, keep_s: float) -> None:
        self._keep_ms = keep_s * 1000
        self._slot: dict[int, int] = {}
        self._free: list[int] = []
        self._columns, self._taken = COLUMNS, 0
        self._times_ms = np.full(2 * COLUMNS, NEVER_MS)
        self._ring = np.zeros((3, 0, 2 * COLUMNS))  # whether somebody was seen (0 or 1), x, y
        self._latest = np.zeros((0, 3, 3))  # a track's last three sights: ms, x, y
        self._counts = np.zeros(0, dtype=np.intp)
        self._jitters_m = np.zeros((0, JITTERS))
        self._swept_ms = NEVER_MS

    @property
    def held(self) -> int:
        """Return how many tracks are held."""
        return len(self._slot)

    def add(self, t_ms: int, track_ids: Sequence[int], places: Floats) -> Slots:
        """Take the places (n, 2) of one time in, each track once, and return the tracks' slots."""
        slots = np.array([self._slot_of(track_id) for track_id in track_ids], dtype=np.intp)
        column = self._next_column(t_ms)
        for at in (column, column + self._columns):
            self._ring[:, :, at] = 0.0
            self._ring[0, slots, at], self._ring[1:, slots, at] = 1.0, places.T
        latest = self._latest[slots]
        latest[:, :2] = latest[:, 1:]
        latest[:, 2, 0], latest[:, 2, 1:] = t_ms, places
        self._latest[slots] = latest
        self._counts[slots] += 1
        known = self._counts[slots] >= 3
        self._note_jitter(slots[known], latest[known])
        return slots

    def lines(self, t_ms: float, slots: Slots, spans: Spans) -> tuple[Lines, ...]:
        """Return for each span the tracks' least-squares lines over it, at ``t_ms``."""
        from_s, to_s = spans
        begin, end = self._since(t_ms + 1000 * float(from_s.min(initial=0.0)))
        tau_s = (self._times_ms[begin:end] - t_ms) / 1000
        powers = np.stack([np.ones_like(tau_s), tau_s, tau_s * tau_s], axis=1)
        origin = self._latest[slots, 2, 1:]  # sums of small numbers: moving the ground must not cost digits
        rows = self._ring[:, slots, begin:end]
        rows[1:] -= origin.T[:, :, None]
        rows[1:] *= rows[0]
        used = (tau_s >= from_s) & (tau_s <= to_s)
        return _lines((rows * used[:, None]) @ powers, origin)

    def jitter_m(self, slots: Slots) -> Floats:
        """Return (n,) the median distance of a place from the line between its neighbours; 0 before it is known."""
        return np.partition(self._jitters_m[slots], JITTERS // 2, axis=1)[:, JITTERS // 2]

    def speeds_mps(self, track_ids: Sequence[int]) -> Floats:
        """Return (n, 2) the velocity over the last second in which a track was seen, 0 where too little is known."""
        slots = np.array([self._slot.get(track_id, -1) for track_id in track_ids], dtype=np.intp)
        now_ms = self._times_ms.max()
        last_s = (self._latest[slots, 2, :1] - now_ms) / 1000
        (line,) = self.lines(now_ms, slots, (last_s[None] - 1.0, last_s[None]))
        return np.where(((slots >= 0) & (line.count >= 3))[:, None], line.speeds, 0.0)

    def last_ms(self, track_id: int) -> float:
        """Return when a track was last seen, as far as anything is known by now; ages ago where it is not held."""
        slot = self._slot.get(track_id)
        return NEVER_MS if slot is None else float(self._latest[slot, 2, 0])

    def sweep(self, t_ms: int) -> None:
        """Give up the slots of tracks that are gone; once a second is enough."""
        if t_ms - self._swept_ms < 1000:
            return
        self._swept_ms = t_ms
        gone = [track for track, slot in self._slot.items() if self._latest[slot, 2, 0] < t_ms - self._keep_ms]
        self._free += [self._slot.pop(track) for track in gone]

    def _since(self, from_ms: float) -> tuple[int, int]:
        """Return where the columns from a time on begin and end, side by side."""
        end = (self._taken - 1) % self._columns + self._columns + 1
        first = end - min(self._taken, self._columns)
        return first + int(np.searchsorted(self._times_ms[first:end], from_ms)), end

    def _note_jitter(self, slots: Slots, latest: Floats) -> None:
        times_ms, places = latest[:, :, 0], latest[:, :, 1:]
        span_ms = times_ms[:, 2] - times_ms[:, 0]
        share = (times_ms[:, 1] - times_ms[:, 0]) / np.maximum(span_ms, 1)
        off = places[:, 1] - (places[:, 0] + (places[:, 2] - places[:, 0]) * share[:, None])
        off_m = np.hypot(off[:, 0], off[:, 1]) / np.sqrt(1 + share**2 + (1 - share) ** 2)
        told = span_ms <= NEIGHBOURS_S * 1000
        self._jitters_m[slots[told], self._counts[slots[told]] % JITTERS] = off_m[told]

    def _next_column(self, t_ms: int) -> int:
        """Return the column of a new time: the oldest one's, or a new one where that is not old enough."""
        oldest = self._taken % self._columns
        if self._taken >= self._columns < COLUMNS_MAX and self._times_ms[oldest] >= t_ms - self._keep_ms:
            self._widen(np.arange(oldest, oldest + self._columns))
        column = self._taken % self._columns
        self._taken += 1
        self._times_ms[[column, column + self._columns]] = t_ms
        return column

    def _widen(self, order: Slots) -> None:
        kept_ms, kept = self._times_ms[order], self._ring[:, :, order]
        self._times_ms = np.tile(np.concatenate([kept_ms, np.full_like(kept_ms, NEVER_MS)]), 2)
        self._ring = np.tile(np.concatenate([kept, np.zeros_like(kept)], axis=2), 2)
        self._columns, self._taken = 2 * self._columns, self._columns

    def _slot_of(self, track_id: int) -> int:
        slot = self._slot.get(track_id)
        if slot is None:
            if not self._free:
                self._grow()
            slot = self._slot[track_id] = self._free.pop()
            self._ring[0, slot], self._counts[slot], self._jitters_m[slot] = 0.0, 0, 0.0
        return slot

    def _grow(self) -> None:
        old, more = len(self._counts), max(16, len(self._counts))
        self._ring = np.concatenate([self._ring, np.zeros((3, more, 2 * self._columns))], axis=1)
        self._latest = np.concatenate([self._latest, np.zeros((more, 3, 3))])
        self._counts = np.concatenate([self._counts, np.zeros(more, dtype=np.intp)])
        self._jitters_m = np.vstack([self._jitters_m, np.zeros((more, JITTERS))])
        self._free = list(range(old + more - 1, old - 1, -1))


def _lines(sums: Floats, origin: Floats) -> tuple[Lines, ...]:
    """Return m times n lines by (m, 3, n, 3) sums: of 1, x, y from an origin (n, 2), times 1, tau and tau squared."""
    (s0, s1, s2), (x0, x1, _), (y0, y1, _) = sums.transpose(1, 3, 0, 2)
    determinant = s0 * s2 - s1 * s1
    known = determinant > 1e-9
    safe = np.where(known, determinant, 1.0)
    a0, a1, a2 = s0 / safe, s1 / safe, s2 / safe
    places = np.stack([a2 * x0 - a1 * x1, a2 * y0 - a1 * y1], axis=2) + origin
    speeds = np.stack([a0 * x1 - a1 * x0, a0 * y1 - a1 * y0], axis=2)
    return tuple(map(Lines, places, speeds, a2, a0, np.where(known, s0, 0).astype(np.intp)))
