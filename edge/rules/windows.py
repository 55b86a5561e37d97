"""The last seconds of every track as arrays, and straight lines through them by least squares. Pure.

Arrays have a row a track ("slot") and a column a place; a slot is given to another track when its own is gone.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Slots = NDArray[np.intp]
COLUMNS: Final = 64
"""Places kept a track: two seconds at 30 a second."""
BEFORE_LAST: Final = np.array([3, 2, 1])
JITTERS: Final = 16
NEIGHBOURS_S: Final = 0.5
"""Places further apart in time say nothing about jitter: a walker turns in that time."""
NEVER_MS: Final = -1e18


class Windows:
    """The last places of each track that was seen in the last ``keep_s`` seconds."""

    def __init__(self, keep_s: float) -> None:
        self._keep_ms = keep_s * 1000
        self._slot: dict[int, int] = {}
        self._free: list[int] = []
        self._taken_ms: deque[int] = deque(maxlen=COLUMNS)
        self._times_ms = np.full((0, COLUMNS), NEVER_MS)
        self._places = np.zeros((0, COLUMNS, 2))
        self._counts = np.zeros(0, dtype=np.intp)
        self._jitters_m = np.zeros((0, JITTERS))
        self._last_ms = np.full(0, NEVER_MS)
        self._swept_ms = NEVER_MS

    @property
    def held(self) -> int:
        """Return how many tracks are held."""
        return len(self._slot)

    def add(self, t_ms: int, track_ids: Sequence[int], places: Floats) -> Slots:
        """Take the places (n, 2) of one time in, each track once, and return the tracks' slots."""
        self._taken_ms.append(t_ms)
        slots = np.array([self._slot_of(track_id) for track_id in track_ids], dtype=np.intp)
        columns = self._counts[slots] % COLUMNS
        self._times_ms[slots, columns] = t_ms
        self._places[slots, columns] = places
        self._counts[slots] += 1
        self._last_ms[slots] = t_ms
        self._note_jitter(slots[self._counts[slots] >= 3])
        return slots

    def around(self, t_ms: int | Floats, slots: Slots, back_s: float) -> tuple[Floats, Floats]:
        """Return (n, k) seconds from a time and (n, k, 2) metres, all from ``back_s`` before it on, the latest first.

        ``t_ms`` is one time for all, or (n, 1) times. Unused columns are ages away.
        """
        from_ms = np.min(t_ms) - back_s * 1000
        times = sum(taken_ms >= from_ms for taken_ms in self._taken_ms)  # each track was seen so often at most
        columns = (self._counts[slots][:, None] - np.arange(1, times + 1)) % COLUMNS
        cells = slots[:, None] * COLUMNS + columns
        return (self._times_ms.take(cells) - t_ms) / 1000, self._places.reshape(-1, 2).take(cells, axis=0)

    def jitter_m(self, slots: Slots) -> Floats:
        """Return (n,) the median distance of a place from the line between its neighbours; 0 before it is known."""
        return np.partition(self._jitters_m[slots], JITTERS // 2, axis=1)[:, JITTERS // 2]

    def speeds_mps(self, track_ids: Sequence[int]) -> Floats:
        """Return (n, 2) the velocity over the last second in which a track was seen, 0 where too little is known."""
        slots = np.array([self._slot.get(track_id, -1) for track_id in track_ids], dtype=np.intp)
        tau_s, xy = self.around(self._last_ms[slots][:, None], slots, 1.0)
        line = line_at(tau_s, xy, tau_s >= -1.0)
        return np.where(((slots >= 0) & (line.count >= 3))[:, None], line.speeds, 0.0)

    def sweep(self, t_ms: int) -> None:
        """Give up the slots of tracks that are gone; once a second is enough."""
        if t_ms - self._swept_ms < 1000:
            return
        self._swept_ms = t_ms
        gone = [track for track, slot in self._slot.items() if self._last_ms[slot] < t_ms - self._keep_ms]
        self._free += [self._slot.pop(track) for track in gone]

    def _note_jitter(self, slots: Slots) -> None:
        counts = self._counts[slots]
        cells = slots[:, None] * COLUMNS + (counts[:, None] - BEFORE_LAST) % COLUMNS
        times_ms, places = self._times_ms.take(cells), self._places.reshape(-1, 2).take(cells, axis=0)
        span_ms = times_ms[:, 2] - times_ms[:, 0]
        share = (times_ms[:, 1] - times_ms[:, 0]) / np.maximum(span_ms, 1)
        off = places[:, 1] - (places[:, 0] + (places[:, 2] - places[:, 0]) * share[:, None])
        off_m = np.hypot(off[:, 0], off[:, 1]) / np.sqrt(1 + share**2 + (1 - share) ** 2)
        told = span_ms <= NEIGHBOURS_S * 1000
        self._jitters_m[slots[told], counts[told] % JITTERS] = off_m[told]

    def _slot_of(self, track_id: int) -> int:
        slot = self._slot.get(track_id)
        if slot is None:
            if not self._free:
                self._grow()
            slot = self._slot[track_id] = self._free.pop()
            self._times_ms[slot], self._counts[slot], self._jitters_m[slot] = NEVER_MS, 0, 0
        return slot

    def _grow(self) -> None:
        old, more = len(self._counts), max(16, len(self._counts))
        self._times_ms = np.vstack([self._times_ms, np.full((more, COLUMNS), NEVER_MS)])
        self._places = np.concatenate([self._places, np.zeros((more, COLUMNS, 2))])
        self._counts = np.concatenate([self._counts, np.zeros(more, dtype=np.intp)])
        self._jitters_m = np.vstack([self._jitters_m, np.zeros((more, JITTERS))])
        self._last_ms = np.concatenate([self._last_ms, np.full(more, NEVER_MS)])
        self._free = list(range(old + more - 1, old - 1, -1))


@dataclass(frozen=True, slots=True)
class Lines:
    """Straight lines at time 0: (n, 2) places and metres a second, and how far each is off for a jitter of 1 m.

    ``place_var`` and ``speed_var`` (n,) are variances; ``count`` (n,) how many places a line goes through.
    """

    places: Floats
    speeds: Floats
    place_var: Floats
    speed_var: Floats
    count: NDArray[np.intp]


def line_at(tau_s: Floats, xy: Floats, used: NDArray[np.bool_]) -> Lines:
    """Return each track's least-squares line over the used places, at tau = 0; arguments as of ``lines_at``."""
    return lines_at(tau_s, xy, used[:, None])[0]


def lines_at(tau_s: Floats, xy: Floats, used: NDArray[np.bool_]) -> tuple[Lines, ...]:
    """Return for each of m choices of places each track's least-squares line over them, at tau = 0.

    Args:
        tau_s: (n, k) seconds from the time asked for.
        xy: (n, k, 2) metres.
        used: (n, m, k) which of them count.
    """
    n, k = tau_s.shape
    powers = np.empty((n, k, 7))  # 1, tau, tau squared, x, y, tau x, tau y: one product sums all for all choices
    powers[..., 0], powers[..., 1], powers[..., 2] = 1.0, tau_s, tau_s * tau_s
    origin = xy[:, :1]  # sums of small numbers: moving the ground must not cost digits
    powers[..., 3:5] = xy - origin
    powers[..., 5:] = powers[..., 3:5] * tau_s[..., None]
    sums = (used.astype(np.float64) @ powers).transpose(1, 0, 2)
    s0, s1, s2, m0, m1 = sums[..., 0], sums[..., 1], sums[..., 2], sums[..., 3:5], sums[..., 5:]
    determinant = s0 * s2 - s1 * s1
    known = determinant > 1e-9
    safe = np.where(known, determinant, 1.0)
    places = (s2[..., None] * m0 - s1[..., None] * m1) / safe[..., None] + origin[:, 0]
    speeds = (s0[..., None] * m1 - s1[..., None] * m0) / safe[..., None]
    count = np.where(known, s0, 0).astype(np.intp)
    return tuple(map(Lines, places, speeds, s2 / safe, s0 / safe, count))
