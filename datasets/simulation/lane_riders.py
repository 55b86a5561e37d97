"""The parts that riders play in a bike lane: against its direction, and what only looks like it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

import numpy as np

from datasets.simulation.acting import Frame, Way, frame_of
from datasets.simulation.layout import BikeLane


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane in its lawful direction, from when on the part is played, and who plays it.

    ``kerb`` is 1 where the pavement is to the left of the lawful direction, -1 where it is to the right.
    """

    frame: Frame
    from_s: float
    speed_mps: float
    left_m: float
    random: np.random.Generator
    kerb: int = -1

    def draw(self, low: float, high: float) -> float:
        """Return a number between two."""
        return float(self.random.uniform(low, max(low, high)))

    def beside(self, ahead_m: float, by_m: float = 1.5) -> tuple[float, float]:
        """Return a place on the pavement beside the lane."""
        return self.frame.at(ahead_m, self.kerb * (self.frame.width_m / 2 + by_m))

    def against(self, ridden_m: float, speed_mps: float) -> Way:
        """Come from the pavement, ride so far against the lane, and leave it to the pavement."""
        start_m = self.draw(ridden_m + 3, self.frame.length_m - 3)
        way = Way(self.beside(start_m + 2), self.from_s).go(self.frame.at(start_m, self.left_m), speed_mps)
        end_m = max(2.5, start_m - ridden_m)
        return way.go(self.frame.at(end_m, self.left_m), speed_mps).go(self.beside(end_m - 2), speed_mps)


def lane(of: BikeLane, from_s: float, random: np.random.Generator) -> Lane:
    """Return a lane with a rider's own speed and line."""
    half_m = of.width_m / 2 - 0.5
    speed = float(np.clip(random.normal(4.2, 0.9), 2.6, 6.5))
    return Lane(frame_of(of.middle, of.width_m), from_s, speed, float(random.uniform(-half_m, half_m)), random)


def rides_the_wrong_way(on: Lane) -> Way:
    """Ride against the lane."""
    return on.against(on.draw(max(10, 2.6 * on.speed_mps), on.frame.length_m - 8), on.speed_mps)


def rides_the_whole_lane_wrong(on: Lane) -> Way:
    """Be wrong from where the lane is first seen to its end."""
    way = Way(on.frame.at(on.frame.length_m + 6, on.left_m), on.from_s)
    return way.go(on.frame.at(-6, on.left_m), on.speed_mps)


def a_few_metres_wrong(on: Lane) -> Way:
    """Ride a few metres against the lane, to the next gate."""
    return on.against(on.draw(1, 4.5), on.speed_mps)


def a_moment_wrong(on: Lane) -> Way:
    """Ride more than eight metres against the lane, but for less than two seconds."""
    return on.against(6.5, 7.2)


def pushes_against(on: Lane) -> Way:
    """Push the bicycle against the lane."""
    return on.against(on.draw(10, 25), on.draw(0.8, 1.4))


def weaves(on: Lane) -> Way:
    """Ride the lawful way from side to side."""
    half_m = on.frame.width_m / 2 - 0.3
    way = Way(on.frame.at(-2, 0), on.from_s)
    for ahead_m in np.arange(1, on.frame.length_m, 2.0):
        way = way.go(on.frame.at(float(ahead_m), on.draw(-half_m, half_m)), on.speed_mps)
    return way


def turns_around(on: Lane) -> Way:
    """Ride the lawful way, turn around, ride a few metres back and leave."""
    reach_m, back_m, radius_m = on.draw(14, 30), on.draw(1, 5), on.frame.width_m / 4
    way = Way(on.frame.at(0, radius_m), on.from_s).go(on.frame.at(reach_m, radius_m), on.speed_mps)
    for turn in np.linspace(0, pi, 9)[1:]:
        way = way.go(on.frame.at(reach_m + radius_m * sin(turn), radius_m * cos(turn)), 2.0)
    return way.go(on.frame.at(reach_m - back_m, -radius_m), 2.5).go(on.beside(reach_m - back_m - 1), 2.5)


def crosses_the_lane(on: Lane) -> Way:
    """Cross the lane aslant, a little against it, from the pavement to the road."""
    ahead_m, aslant_m = on.draw(10, 30), on.draw(0, 3)
    return Way(on.beside(ahead_m, 4), on.from_s).go(
        on.frame.at(ahead_m - aslant_m, -on.kerb * (on.frame.width_m / 2 + 3)), on.speed_mps
    )


def rides_the_pavement_wrong(on: Lane) -> Way:
    """Ride against the lane, but on the path beside it, where both ways are allowed."""
    by_m = on.draw(1.3, 2.2)
    return Way(on.beside(on.frame.length_m, by_m), on.from_s).go(on.beside(2, by_m), on.speed_mps)


def rides_the_lawful_way(on: Lane) -> Way:
    """Ride the whole lane as it is meant."""
    way = Way(on.frame.at(-3, on.left_m), on.from_s)
    return way.go(on.frame.at(on.frame.length_m - 3, on.left_m), on.speed_mps)


WRONG: Final[dict[Callable[[Lane], Way], float]] = {rides_the_wrong_way: 3, rides_the_whole_lane_wrong: 1}
RIGHT: Final[dict[Callable[[Lane], Way], float]] = {
    a_few_metres_wrong: 2,
    a_moment_wrong: 1,
    pushes_against: 2,
    weaves: 1,
    turns_around: 2,
    crosses_the_lane: 1,
    rides_the_pavement_wrong: 2,
    rides_the_lawful_way: 2,
}
"""Every part, and how often it is played beside the others of its list."""
