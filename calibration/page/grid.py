"""The ground's metre grid as lines over the picture: every metre, each fifth one strong and with its number. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.geometry import PolygonM, bounds
from calibration.ground import Ground

MARGIN_M: Final = 5.0
SIDE_MAX_M: Final = 80
"""A point far off (a mistyped one) must not make the grid endless: it is cut to so many metres around the middle."""
STRONG_EVERY: Final = 5
OUTSIDE_PX: Final = 50.0


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line: ``axis`` (x or y) is constant at ``at_m`` along it. ``points_px`` are one metre apart on the road."""

    axis: str
    at_m: int
    strong: bool
    points_px: tuple[tuple[float, float], ...]


def grid_lines(ground: Ground, around: PolygonM, size_px: tuple[int, int]) -> tuple[GridLine, ...]:
    """Return the lines around some places that lie in the picture, cut off where they leave it or meet the horizon."""
    low_x, low_y, high_x, high_y = bounds(around, MARGIN_M)
    xs, ys = _steps(low_x, high_x), _steps(low_y, high_y)
    lines = [("x", x, np.array([(x, y) for y in ys], dtype=np.float64)) for x in xs]
    lines += [("y", y, np.array([(x, y) for x in xs], dtype=np.float64)) for y in ys]
    return tuple(
        GridLine(axis, at_m, at_m % STRONG_EVERY == 0, piece)
        for axis, at_m, points_m in lines
        for piece in _pieces(ground.to_pixels(points_m), size_px)
    )


def _steps(low: float, high: float) -> range:
    middle = (low + high) / 2
    return range(max(floor(low), floor(middle - SIDE_MAX_M / 2)), min(ceil(high), ceil(middle + SIDE_MAX_M / 2)) + 1)


def _pieces(points_px: NDArray[np.float64], size_px: tuple[int, int]) -> Iterator[tuple[tuple[float, float], ...]]:
    """Yield the runs of points in or just beside the picture, each of two and more."""
    with np.errstate(invalid="ignore"):  # a point beyond the horizon is NaN: in no picture
        inside = ((points_px >= -OUTSIDE_PX) & (points_px <= np.array(size_px) + OUTSIDE_PX)).all(axis=1)
    run: list[tuple[float, float]] = []
    for (x, y), here in zip(points_px, np.atleast_1d(inside), strict=True):
        if here:
            run.append((round(float(x), 1), round(float(y), 1)))
            continue
        if len(run) > 1:
            yield tuple(run)
        run = []
    if len(run) > 1:
        yield tuple(run)
