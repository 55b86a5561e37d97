"""The parts that people on foot play at a crosswalk: those who break the rule, and many who nearly do.

Each part is told when the lamp is red and makes a way from it. Whether that way was a violation is no question here:
datasets.simulation.oracle answers it from the places and the lamps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from datasets.lamp_spans import Span
from datasets.simulation.acting import Frame, Way

BEFORE_M: Final = 7.0
MARGIN_M: Final = 0.5


@dataclass(frozen=True, slots=True)
class Stage:
    """Where and when a part is played: the crosswalk from one kerb, and the red phase in seconds."""

    frame: Frame
    red_s: tuple[float, float]
    left_m: float
    speed_mps: float
    random: np.random.Generator

    def draw(self, low: float, high: float) -> float:
        """Return a number between two."""
        return float(self.random.uniform(low, max(low, high)))

    def comes(self, enters_s: float) -> Way:
        """Return a way that comes from the pavement and stands at the kerb's edge at a time, without a stop."""
        start = Way(self.frame.at(-BEFORE_M, self.left_m), enters_s - BEFORE_M / self.speed_mps)
        return start.go(self.frame.at(0, self.left_m), self.speed_mps)

    def waits(self, until_s: float) -> Way:
        """Return a way that waits before the kerb until a time."""
        kerb_m = -self.draw(0.4, 1.2)
        start = Way(self.frame.at(-BEFORE_M, self.left_m), until_s - self.draw(8, 15))
        return start.go(self.frame.at(kerb_m, self.left_m), self.speed_mps).stay_until(until_s)

    def leaves(self, way: Way) -> Way:
        """Go on to the other kerb and away."""
        return way.go(self.frame.at(self.frame.length_m + BEFORE_M, self.left_m), self.speed_mps)

    def to(self, way: Way, ahead_m: float) -> Way:
        """Go along the crosswalk to so many metres from its beginning."""
        return way.go(self.frame.at(ahead_m, self.left_m), self.speed_mps)


def stage(frame: Frame, red: Span, random: np.random.Generator) -> Stage:
    """Return a stage with somebody's own speed and line."""
    half_m = frame.width_m / 2 - MARGIN_M
    fast = random.random() < 0.1
    speed = float(random.uniform(2.2, 3.2)) if fast else float(np.clip(random.normal(1.3, 0.2), 0.7, 1.9))
    left_m = float(random.uniform(-half_m, half_m))
    return Stage(frame, (red.since_ms / 1000, red.until_ms / 1000), left_m, speed, random)


def walks_on_red(on: Stage) -> Way:
    """Come and walk over without a stop, at any time of the red."""
    return on.leaves(on.comes(on.draw(on.red_s[0] + 0.6, on.red_s[1] - 0.2)))


def waits_then_walks_on_red(on: Stage) -> Way:
    """Wait a while, lose patience."""
    return on.leaves(on.waits(on.draw(on.red_s[0] + 3, on.red_s[1] - 1)))


def starts_early(on: Stage) -> Way:
    """Wait for the green, and start before it comes."""
    return on.leaves(on.waits(on.red_s[1] - on.draw(0.3, 6)))


def enters_just_after_red(on: Stage) -> Way:
    """Hurry in when the lamp has just turned red, or a moment before or after the grace."""
    return on.leaves(on.comes(on.red_s[0] + on.draw(0.0, 3.0)))


def turns_back(on: Stage) -> Way:
    """Step in on red, think better of it, go back, and cross on green."""
    way = on.to(on.waits(on.draw(on.red_s[0] + 1, on.red_s[1] - 8)), on.draw(0.4, 2.6)).stay(on.draw(0, 2))
    return on.leaves(on.to(way, -0.8).stay_until(on.red_s[1] + on.draw(0.3, 2)))


def turns_back_late(on: Stage) -> Way:
    """Be well in the road on red before turning back."""
    way = on.to(on.comes(on.draw(on.red_s[0] + 1, on.red_s[1] - 10)), on.draw(3.4, on.frame.length_m / 2))
    return on.to(way.stay(on.draw(0, 2)), -BEFORE_M)


def waits_in_the_road(on: Stage) -> Way:
    """Go part of the way on red, wait there for the green, go on."""
    way = on.to(on.comes(on.draw(on.red_s[0] + 1, on.red_s[1] - 6)), on.draw(3.3, on.frame.length_m / 2))
    return on.leaves(way.stay_until(on.red_s[1] + on.draw(0.3, 2)))


def waits_over_the_kerb(on: Stage) -> Way:
    """Wait a step or two in the road, go on at green."""
    way = on.to(on.comes(on.draw(on.red_s[0] + 1, on.red_s[1] - 4)), on.draw(0.2, 2.0))
    return on.leaves(way.stay_until(on.red_s[1] + on.draw(0.3, 2)))


def sways_at_the_kerb(on: Stage) -> Way:
    """Stand on the very edge and shift from foot to foot, in and out of the road, until green."""
    way = on.to(on.waits(on.red_s[0] + on.draw(1, 5)), 0.0)
    while way.t_s < on.red_s[1] - 1:
        way = way.go(on.frame.at(on.draw(-0.4, 0.4), on.left_m), 0.5).stay(on.draw(0.2, 2))
    return on.leaves(way.stay_until(on.red_s[1] + 0.5))


def cuts_a_corner(on: Stage) -> Way:
    """Cross the corner of the crosswalk aslant, to somebody at the roadside, and come back by the road's edge."""
    side_m = on.frame.width_m / 2
    way = Way(on.frame.at(-3, side_m - 3), on.draw(on.red_s[0] + 1, on.red_s[1] - 8))
    way = way.go(on.frame.at(on.draw(0.8, 2.2), side_m + 0.6), on.speed_mps).stay(on.draw(1, 4))
    return way.go(on.frame.at(-3, side_m + 1.5), on.speed_mps)


def walks_past(on: Stage) -> Way:
    """Walk along the kerb, over the crosswalk's mouth."""
    side_m = on.frame.width_m / 2
    way = Way(on.frame.at(on.draw(-0.6, 1.0), -side_m - 2.5), on.draw(on.red_s[0] + 1, on.red_s[1] - 10))
    return way.go(on.frame.at(on.draw(-0.6, 1.0), side_m + 2.5), on.speed_mps)


def appears_inside(on: Stage) -> Way:
    """Be seen first in the middle (behind a bus until then): nobody knows when that one entered."""
    way = Way(on.frame.at(on.draw(2, on.frame.length_m / 2), on.left_m), on.draw(on.red_s[0] + 1, on.red_s[1] - 6))
    return on.leaves(way)


def comes_back_again(on: Stage) -> Way:
    """Go in on red, go back, and go over in the same red: one violation."""
    way = on.to(on.comes(on.draw(on.red_s[0] + 1, on.red_s[0] + 4)), on.draw(3.4, 5))
    return on.leaves(on.to(way, -1.0).stay(on.draw(2, 5)))


def crosses_on_green(on: Stage) -> Way:
    """Wait for the green, and cross."""
    return on.leaves(on.waits(on.red_s[1] + on.draw(0.2, 2)))


def caught_by_the_change(on: Stage) -> Way:
    """Enter at the end of the green, finish on red."""
    return on.leaves(on.comes(on.red_s[0] - on.draw(0.05, 4)))


def waits_in_the_middle(on: Stage) -> Way:
    """Enter at the end of the green, be caught, wait at the middle for the next green."""
    way = on.to(on.comes(on.red_s[0] - on.draw(0.3, 3)), on.frame.length_m / 2)
    return on.leaves(way.stay_until(on.red_s[1] + on.draw(0.3, 2)))


def strays_beside(on: Stage) -> Way:
    """Enter on green, walk a hand's breadth beside the crosswalk for a moment, come back into it on red."""
    side_m = on.frame.width_m / 2
    way = on.to(on.comes(on.red_s[0] - on.draw(1.5, 3)), 1.2)
    way = way.go(on.frame.at(2.2, side_m + 0.3), on.speed_mps).go(on.frame.at(4.0, side_m + 0.3), on.speed_mps)
    return on.leaves(on.to(way, 5.5))


PARTS: Final[dict[Callable[[Stage], Way], float]] = {
    walks_on_red: 5,
    waits_then_walks_on_red: 4,
    starts_early: 4,
    enters_just_after_red: 2,
    turns_back: 4,
    turns_back_late: 1,
    waits_in_the_road: 3,
    waits_over_the_kerb: 3,
    sways_at_the_kerb: 2,
    cuts_a_corner: 3,
    walks_past: 3,
    appears_inside: 2,
    comes_back_again: 1,
    crosses_on_green: 2,
    caught_by_the_change: 4,
    waits_in_the_middle: 1,
    strays_beside: 2,
}
"""Every part, and how often it is played beside the others."""
