"""The parts that riders play at a stop line and on a crosswalk: on red, over the line, turning right, and nearly so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely import LineString

from datasets.lamp_spans import Span
from datasets.simulation.acting import Frame, Way
from datasets.simulation.layout import Approach, Points

COMES_FROM_M: Final = 30.0
ROOM_M: Final = 0.6
LEAVES_M: Final = 8.0


@dataclass(frozen=True, slots=True)
class Ride:
    """Where and when a part is played. Metres count along the ride: 0 is the stop line's middle."""

    ahead: Points
    right: Points | None
    exempt_from_m: float
    red_s: tuple[float, float]
    yellow_s: float
    speed_mps: float
    left_m: float
    random: np.random.Generator

    def draw(self, low: float, high: float) -> float:
        """Return a number between two."""
        return float(self.random.uniform(low, max(low, high)))

    def comes(self, enters_s: float) -> Way:
        """Return a way that rides to the stop line without a stop and is there at a time."""
        start = Way(_beside(self.ahead, -COMES_FROM_M, self.left_m), enters_s - COMES_FROM_M / self.speed_mps)
        return self.to(start, -COMES_FROM_M, 0)

    def halts(self, at_m: float, stands_s: float) -> Way:
        """Return a way that rides to a place at or beyond the line and has just come to stand there at a time."""
        crosses_s = stands_s - max(0.0, at_m) / self.speed_mps
        if at_m >= 0:
            return self.to(self.comes(crosses_s), 0, at_m)
        ridden_m = COMES_FROM_M + at_m
        start = Way(_beside(self.ahead, -COMES_FROM_M, self.left_m), stands_s - ridden_m / self.speed_mps)
        return self.to(start, -COMES_FROM_M, at_m)

    def to(self, way: Way, from_m: float, to_m: float, *, turning: bool = False) -> Way:
        """Ride on along the way ahead, or along the way to the right."""
        line = self.right if turning and self.right is not None else self.ahead
        for place_m in np.arange(from_m, to_m, 1.0)[1:]:
            way = way.go(_beside(line, float(place_m), self.left_m), self.speed_mps)
        return way.go(_beside(line, to_m, self.left_m), self.speed_mps)

    def leaves(self, way: Way, from_m: float, *, turning: bool = False) -> Way:
        """Ride on over the junction and away."""
        line = self.right if turning and self.right is not None else self.ahead
        return self.to(way, from_m, float(LineString(line).length), turning=turning)


def _beside(line: Points, along_m: float, left_m: float) -> tuple[float, float]:
    """Return a place along a line, and before it on its own first direction, some metres to the left."""
    way = LineString(line)
    if along_m < 0:
        step = (line[1] - line[0]) / np.hypot(*(line[1] - line[0]))
        x, y = line[0] + step * along_m
    else:
        near, far = (np.array(way.interpolate(along_m + d).coords[0]) for d in (-0.1, 0.1))
        step = (far - near) / np.hypot(*(far - near)) if (far != near).any() else line[-1] - line[-2]
        x, y = way.interpolate(along_m).coords[0]
    return float(x - step[1] * left_m), float(y + step[0] * left_m)


def ride(approach: Approach, red: Span, yellow_s: float, random: np.random.Generator) -> Ride:
    """Return a ride with somebody's own speed and line. Before the line it follows the lane."""
    half_m = max(0.0, approach.lane.width_m / 2 - ROOM_M)
    line, step = approach.lane.middle[-1], approach.lane.heading
    ahead = np.vstack([line, line + step * 5, approach.ahead[1:]])
    ahead = np.vstack([ahead[:2], [p for p in ahead[2:] if np.dot(p - line, step) > 6]])
    right = None if approach.right is None or approach.right_turn is None else approach.right
    exempt_m = 0.0 if right is None or approach.right_turn is None else _reaches_m(right, approach)
    red_s = red.since_ms / 1000, red.until_ms / 1000
    speed = float(np.clip(random.normal(4.5, 1.0), 2.8, 7.5))
    return Ride(ahead, right, exempt_m, red_s, yellow_s, speed, float(random.uniform(-half_m, half_m)), random)


def _reaches_m(right: Points, approach: Approach) -> float:
    way = LineString(right)
    marks = np.arange(0, way.length, 0.25)
    inside = [approach.right_turn is not None and approach.right_turn.contains(way.interpolate(m)) for m in marks]
    return float(marks[inside.index(True)]) if True in inside else 0.0


def rides_through_red(on: Ride) -> Way:
    """Ride over the line on red without a stop, and on."""
    return on.leaves(on.comes(on.draw(on.red_s[0] + 0.8, on.red_s[1] - 1.5)), 0)


def waits_then_rides_on_red(on: Ride) -> Way:
    """Stand before the line, then go on while it is still red."""
    at_m = -on.draw(0.3, 3)
    way = on.halts(at_m, on.draw(on.red_s[0] + 1, on.red_s[0] + 5))
    return on.leaves(way.stay_until(on.draw(on.red_s[0] + 6, on.red_s[1] - 3)), at_m)


def stops_over_the_line(on: Ride) -> Way:
    """Stand with the whole vehicle beyond the line for the rest of the red, go on at green."""
    at_m = on.draw(1.15, 2.4)
    way = on.halts(at_m, on.draw(on.red_s[0] + 2, on.red_s[1] - 6.5))
    return on.leaves(way.stay_until(on.red_s[1] + on.draw(0.2, 1.5)), at_m)


def stops_over_the_line_briefly(on: Ride) -> Way:
    """Stand beyond the line for a few seconds only, until green."""
    at_m = on.draw(1.15, 2.4)
    way = on.halts(at_m, on.red_s[1] - on.draw(1, 3.4))
    return on.leaves(way.stay_until(on.red_s[1] + on.draw(0.1, 0.6)), at_m)


def stops_on_the_line(on: Ride) -> Way:
    """Stand with the front wheel over the line and the rear one before it."""
    at_m = on.draw(-0.6, 0.4)
    way = on.halts(at_m, on.draw(on.red_s[0] + 2, on.red_s[1] - 6.5))
    return on.leaves(way.stay_until(on.red_s[1] + on.draw(0.2, 1.5)), at_m)


def stops_over_the_line_then_rides(on: Ride) -> Way:
    """Stand beyond the line, then go on while it is still red: that is riding on red, not both."""
    at_m = on.draw(1.15, 2.4)
    way = on.halts(at_m, on.draw(on.red_s[0] + 2, on.red_s[0] + 6))
    return on.leaves(way.stay(on.draw(1, 12)), at_m)


def past_at_yellow(on: Ride) -> Way:
    """Be over the line while it is yellow, and ride on over the junction on red."""
    return on.leaves(on.comes(on.red_s[0] - on.draw(0.3, on.yellow_s - 0.3)), 0)


def stuck_past_at_yellow(on: Ride) -> Way:
    """Be over the line at yellow, and stand there for the red."""
    at_m = on.draw(1.2, 2.4)
    way = on.to(on.comes(on.red_s[0] - on.draw(0.4, on.yellow_s - 0.3)), 0, at_m)
    return on.leaves(way.stay_until(on.red_s[1] + 0.5), at_m)


def right_on_red(on: Ride) -> Way:
    """Turn right on red."""
    return on.leaves(on.comes(on.draw(on.red_s[0] + 1, on.red_s[1] - 2)), 0, turning=True)


def right_on_red_yielding(on: Ride) -> Way:
    """Turn right on red, and stand in the turn for people on the crosswalk."""
    stands_m = on.exempt_from_m + on.draw(0.5, 1.5)
    way = on.to(on.comes(on.draw(on.red_s[0] + 1, on.red_s[1] - 12)), 0, stands_m, turning=True)
    return on.leaves(way.stay(on.draw(2, 9)), stands_m, turning=True)


STRAIGHT_PARTS: Final[dict[Callable[[Ride], Way], float]] = {
    rides_through_red: 3,
    waits_then_rides_on_red: 3,
    stops_over_the_line: 9,
    stops_over_the_line_briefly: 2,
    stops_on_the_line: 3,
    stops_over_the_line_then_rides: 2,
    past_at_yellow: 2,
    stuck_past_at_yellow: 1,
}
RIGHT_PARTS: Final[dict[Callable[[Ride], Way], float]] = {right_on_red: 2, right_on_red_yielding: 2}
"""Every part, and how often it is played beside the others."""


def along_crosswalk(frame: Frame, ride: tuple[float, float, float], comes_m: float) -> Way:
    """Return the way of a rider who uses a crosswalk, kerb to kerb.

    Args:
        frame: the crosswalk.
        ride: when the rider comes onto it in seconds, the speed in metres a second, metres to the left of its middle.
        comes_m: from how far before it.
    """
    enters_s, speed_mps, left_m = ride
    way = Way(frame.at(-comes_m, left_m), enters_s - comes_m / speed_mps)
    return way.go(frame.at(frame.length_m + LEAVES_M, left_m), speed_mps)
