"""Person and machine: who is on which, who walks beside one, and which machine only stands there. Pure geometry."""

from enum import Enum, auto
from typing import Final

from edge.observations import BoxXyxyPx

SHARE_MIN: Final = 0.3
"""So much of the machine's box lies within the person's columns when they belong together."""
FEET_ON_GROUND: Final = 0.06
"""Who walks beside a machine stands as low as its wheels, up to this share of the person's height; feet on pedals or
foot boards are higher."""
FEET_WITHIN: Final = 0.15
FEET_BELOW: Final = 0.25
"""The feet are at least so much below the machine's top, and at most so much below its wheels, as shares of the
person's height."""
BESIDE_MIN: Final = 0.25
"""And walks at its side, not in its middle: by this share of the machine's width."""


class Stance(Enum):
    """How a person and a machine in one picture stand to each other."""

    APART = auto()
    ON = auto()
    BESIDE = auto()


def stance(person: BoxXyxyPx, machine: BoxXyxyPx) -> Stance:
    """Tell whether a person is on a machine, on foot beside it, or has nothing to do with it."""
    px1, py1, px2, py2 = person
    mx1, my1, mx2, my2 = machine
    height, width = py2 - py1, mx2 - mx1
    shared = min(px2, mx2) - max(px1, mx1)
    if height <= 0 or width <= 0 or shared < SHARE_MIN * min(width, px2 - px1):
        return Stance.APART
    if py1 > my1 or not my1 + FEET_WITHIN * height <= py2 <= my2 + FEET_BELOW * height:
        return Stance.APART
    off_centre = abs((px1 + px2) / 2 - (mx1 + mx2) / 2) / width
    if py2 >= my2 - FEET_ON_GROUND * height and off_centre >= BESIDE_MIN:
        return Stance.BESIDE
    return Stance.ON


def union(boxes: list[BoxXyxyPx]) -> BoxXyxyPx:
    """Return the smallest box around all."""
    x1, y1, x2, y2 = zip(*boxes, strict=True)
    return min(x1), min(y1), max(x2), max(y2)
