"""How a part is played: a way through places at times, made into a trace. The actors of one story know no others.

SUMO cannot turn back, stand in the road, cut a corner or ride the wrong way; who does is played here beside SUMO's
traffic, on its roads and by its lamps.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from calibration.geometry import PointM
from contract.words import RoadUserKind
from datasets.simulation.layout import Crossing, Points
from datasets.simulation.states import STEP_MS, Trace

SWAY_M: Final = 0.02
EASE_S: Final = 1.5
"""How long a rider takes to brake or to start: 3 m/s2 from 4.5 m/s."""


@dataclass(slots=True)
class Way:
    """A way that is being made: each step goes on from where and when the last one ended."""

    place: PointM
    t_s: float = 0.0
    keys: list[tuple[float, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._note()

    def go(self, place: PointM, speed_mps: float) -> "Way":
        """Walk or ride straight to a place."""
        self.t_s += float(np.hypot(place[0] - self.place[0], place[1] - self.place[1])) / speed_mps
        self.place = place
        return self._note()

    def stay(self, seconds: float) -> "Way":
        """Stand still."""
        self.t_s += max(0.0, seconds)
        return self._note()

    def stay_until(self, t_s: float) -> "Way":
        """Stand still until a time; no time at all where it has passed."""
        return self.stay(t_s - self.t_s)

    def _note(self) -> "Way":
        self.keys.append((self.t_s, *self.place))
        return self

    def moved(self, seconds: float) -> "Way":
        """Return the same way at another time."""
        return Way(self.place, self.t_s + seconds, [(t_s + seconds, x, y) for t_s, x, y in self.keys])


def trace_of(way: Way, intent: str, kind: RoadUserKind, zone_id: str, random: np.random.Generator) -> Trace:
    """Return the way as a trace, on the simulation's own steps, with the sway of a body."""
    keys = np.array(way.keys)
    step_s = STEP_MS / 1000
    first, last = np.ceil(keys[0, 0] / step_s), np.floor(keys[-1, 0] / step_s)
    times_s = np.arange(first, last + 1) * step_s
    places = np.column_stack([np.interp(times_s, keys[:, 0], keys[:, axis]) for axis in (1, 2)])
    if kind is RoadUserKind.RIDER:
        places = _eased(places)
    phase = random.uniform(0, 2 * np.pi, size=2)
    places += SWAY_M * np.sin(times_s[:, None] * np.array([2.1, 1.7]) + phase)
    return Trace(intent, kind, round(first * STEP_MS), places, zone_id)


def _eased(places: Points) -> Points:
    """Return a way with speeds that change over ``EASE_S``: nobody brings a bicycle to a stand within a step."""
    half = round(EASE_S * 1000 / STEP_MS) // 2
    if len(places) < 2:
        return places
    before = places[0] - (places[1] - places[0]) * np.arange(half, 0, -1)[:, None]
    after = places[-1] + (places[-1] - places[-2]) * np.arange(1, half + 1)[:, None]
    sums = np.cumsum(np.vstack([np.zeros((1, 2)), before, places, after]), axis=0)
    eased: Points = (sums[2 * half + 1 :] - sums[: -2 * half - 1]) / (2 * half + 1)
    return eased


@dataclass(frozen=True, slots=True)
class Frame:
    """A crosswalk or a road as its user sees it: metres ahead of where it begins, metres to the left of its middle."""

    origin: Points
    ahead: Points
    length_m: float
    width_m: float

    def at(self, ahead_m: float, left_m: float = 0.0) -> PointM:
        """Return a place."""
        x, y = self.ahead
        place = self.origin + self.ahead * ahead_m + np.array([-y, x]) * left_m
        return float(place[0]), float(place[1])


def frame_of(line: Points, width_m: float, *, backwards: bool = False) -> Frame:
    """Return the frame of a straight line from its first to its last point, or the other way."""
    start, end = (line[-1], line[0]) if backwards else (line[0], line[-1])
    length_m = float(np.hypot(*(end - start)))
    return Frame(start, (end - start) / length_m, length_m, width_m)


def across(crossing: Crossing, *, backwards: bool) -> Frame:
    """Return the crosswalk as seen from one of its kerbs."""
    return frame_of(crossing.ends, crossing.width_m, backwards=backwards)
