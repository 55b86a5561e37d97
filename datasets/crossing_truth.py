"""Who crossed on red, from exact places and the lamp as it was: the one definition, for simulations and remixes alike.

It is written from the law and knows none of the rules that are measured by it. 实施条例 art. 39: on red one must not
enter, and who is on the crossing may finish. So a violation is an entry while the lamp is red, and has been for the
grace, and then, on that same red, an advance along the way across. docs/simulation.md says it in words. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from contract.words import LampState
from edge.signals.timeline import Shown, Signals

ADVANCE_M: Final = 3.0
GRACE_MS: Final = 500
STILL_ON_THE_ROAD_M: Final = 1.0

TimesMs = NDArray[np.int64]
"""(N,) int64, ascending, milliseconds."""
PlacesM = NDArray[np.float64]
"""(N, 2) float64: where the feet stand, metres on the ground."""


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A crosswalk: the middle line from kerb to kerb, ``ends`` (2, 2) metres, and its width."""

    ends: PlacesM
    width_m: float

    @property
    def polygon(self) -> Polygon:
        """Return the outline, cut off straight at both kerbs."""
        return LineString(self.ends).buffer(self.width_m / 2, cap_style="flat")

    @property
    def corners(self) -> PlacesM:
        """Return the corners of the outline, (4, 2), in order around it."""
        return np.array(self.polygon.exterior.coords)[:-1]

    @property
    def length_m(self) -> float:
        """Return the way from kerb to kerb."""
        return float(np.hypot(*(self.ends[1] - self.ends[0])))

    @property
    def across(self) -> NDArray[np.float64]:
        """Return the unit vector along the middle line, (2,)."""
        across: NDArray[np.float64] = (self.ends[1] - self.ends[0]) / self.length_m
        return across


@dataclass(frozen=True, slots=True)
class Crossed:
    """One violation: when it began, when it was complete, how far it went on that red, and since when that was red."""

    entered_ms: int
    confirmed_ms: int
    advance_m: float
    red_since_ms: int


def crossed_on_red(
    times_ms: TimesMs, feet_m: PlacesM, crosswalk: Crosswalk, signals: Signals, signal_id: str
) -> Iterator[Crossed]:
    """Yield the violations of one person on one crosswalk: at most one a red phase.

    Args:
        times_ms: (N,) when the feet were seen.
        feet_m: (N, 2) where they were; straight in between.
        crosswalk: the crosswalk.
        signals: what its lamp showed.
        signal_id: the name of that lamp.
    """
    accused: set[int] = set()
    for first, last in _stays(feet_m, crosswalk):
        if first == 0:
            continue  # nobody saw this one enter
        entry = _entry(times_ms, feet_m, first, crosswalk)
        shown = signals.shown(signal_id, entry.before_ms + floor(entry.later_ms))
        crossed = _on_red((times_ms, feet_m @ crosswalk.across), entry, last, shown)
        if crossed is not None and crossed.red_since_ms not in accused:
            accused.add(crossed.red_since_ms)
            yield crossed


def _stays(feet_m: PlacesM, crosswalk: Crosswalk) -> list[tuple[int, int]]:
    """Return the first and the last step of each stay on the crosswalk.

    Who walks beside it for a moment is still on the road and has not left; who was on a kerb has.
    """
    inside = runs(shapely.contains_xy(crosswalk.polygon, feet_m))
    if len(inside) < 2:
        return inside
    along_m = (feet_m - crosswalk.ends[0]) @ (crosswalk.ends[1] - crosswalk.ends[0]) / crosswalk.length_m
    between_kerbs = (along_m > 0) & (along_m < crosswalk.length_m)
    near = shapely.distance(crosswalk.polygon, shapely.points(feet_m)) < STILL_ON_THE_ROAD_M
    stays = inside[:1]
    for first, last in inside[1:]:
        if (between_kerbs & near)[stays[-1][1] : first].all():
            stays[-1] = stays[-1][0], last
        else:
            stays.append((first, last))
    return stays


def runs(holds: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return first and last index of each run of True in (N,) bool."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], holds.astype(np.int8), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@dataclass(frozen=True, slots=True)
class _Entry:
    """The edge was crossed ``later_ms`` after a place seen at ``before_ms``, ``at_m`` along the way across.

    Kept apart, so that nothing is rounded otherwise at another time of the day.
    """

    before_ms: int
    later_ms: float
    at_m: float


def _entry(times_ms: TimesMs, feet_m: PlacesM, first: int, crosswalk: Crosswalk) -> _Entry:
    """Return where and when the edge was crossed, on the straight way to the first place inside."""
    step = LineString(feet_m[first - 1 : first + 1])
    share = step.difference(crosswalk.polygon).length / step.length
    before_ms, after_ms = (int(t_ms) for t_ms in times_ms[first - 1 : first + 1])
    before_m, after_m = feet_m[first - 1 : first + 1] @ crosswalk.across
    return _Entry(before_ms, share * (after_ms - before_ms), float(before_m + share * (after_m - before_m)))


def _on_red(way: tuple[TimesMs, NDArray[np.float64]], entry: _Entry, last: int, shown: Shown) -> Crossed | None:
    """Return the violation of a stay, by its entry and its last step, if it is one; a way is times and metres."""
    times_ms, along_m = way
    if shown.state is not LampState.RED or shown.since_ms is None:
        return None
    if entry.before_ms - shown.since_ms + entry.later_ms < GRACE_MS:
        return None
    left_ms = int(times_ms[last])
    end_ms = left_ms if shown.until_ms is None else min(shown.until_ms, left_ms)
    on_red_ms = np.append(times_ms[(times_ms > entry.before_ms) & (times_ms < end_ms)], end_ms)
    advance_m = np.abs(np.interp(on_red_ms, times_ms, along_m) - entry.at_m)
    far = np.flatnonzero(advance_m >= ADVANCE_M)
    if not len(far):
        return None
    entered_ms = entry.before_ms + round(entry.later_ms)
    return Crossed(entered_ms, int(on_red_ms[far[0]]), float(advance_m.max()), shown.since_ms)
