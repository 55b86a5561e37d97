"""Which way road users really go over a crosswalk or along a lane, out of observed tracks. Pure.

A direction counts by the metres that were walked or ridden in it; two opposite ones are one axis.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

import numpy as np

from calibration.geometry import PointM, PolygonM, contains

WAY_MIN_M = 2.0
"""Who has gone less within a shape says nothing of its direction."""
TRACKS_MIN = 5
"""Fewer tracks propose nothing."""
ALONG_DEGREES = 45.0


@dataclass(frozen=True, slots=True)
class Way:
    """One road user's way: its kind, and where it was, in time order."""

    kind: str
    points_m: tuple[PointM, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """What was observed in one shape.

    ``axis`` is the unit vector along which most went, towards where more went; ``forward`` the share of the tracks that
    went that way, ``agreement`` how far all go along the axis (0: any way, 1: all along it).
    """

    tracks: int
    axis: PointM
    forward: float
    agreement: float


def flow(polygon: PolygonM, ways: Iterable[Way], kinds: Sequence[str]) -> Flow | None:
    """Return the flow of some kinds of road users within a shape, None where too few went through it."""
    vectors = [vector for way in ways if way.kind in kinds and (vector := _within(polygon, way)) is not None]
    if len(vectors) < TRACKS_MIN:
        return None
    steps = np.array(vectors)
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    doubled = 2 * np.arctan2(steps[:, 1], steps[:, 0])  # opposite ways are one axis
    x, y = float((lengths * np.cos(doubled)).sum()), float((lengths * np.sin(doubled)).sum())
    angle = atan2(y, x) / 2
    along = steps @ [cos(angle), sin(angle)]
    if (along > 0).sum() * 2 < len(along):
        angle, along = angle + pi, -along
    agreement = hypot(x, y) / max(float(lengths.sum()), 1e-9)
    return Flow(len(vectors), (cos(angle), sin(angle)), float((along > 0).mean()), agreement)


def degrees_apart(a: PointM, b: PointM) -> float:
    """Return the angle between two directions, 0 to 180."""
    turn = atan2(a[0] * b[1] - a[1] * b[0], a[0] * b[0] + a[1] * b[1])
    return abs(turn) * 180 / pi


def _within(polygon: PolygonM, way: Way) -> PointM | None:
    """Return how far and which way somebody went within a shape, None where that is too little to tell."""
    inside = [point for point in way.points_m if contains(polygon, point)]
    if len(inside) < 2:
        return None
    dx, dy = inside[-1][0] - inside[0][0], inside[-1][1] - inside[0][1]
    return (dx, dy) if hypot(dx, dy) >= WAY_MIN_M else None
