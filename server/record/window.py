"""What of a shape lies within a window: pieces that a picture can hold without anything outside it. Pure."""

from collections.abc import Iterator, Sequence
from math import isfinite

from shapely import LineString, Polygon, clip_by_rect
from shapely.geometry.base import BaseGeometry

Point = tuple[float, float]
Window = tuple[float, float, float, float]
"""x_min, y_min, x_max, y_max."""


def lines_within(points: Sequence[Point], window: Window) -> Iterator[tuple[Point, ...]]:
    """Yield the pieces of a line that lie in the window."""
    if len(points) > 1 and _finite(points):
        for piece in _pieces(clip_by_rect(LineString(points), *window)):
            if isinstance(piece, LineString) and len(piece.coords) > 1:
                yield tuple((x, y) for x, y, *_ in piece.coords)


def areas_within(points: Sequence[Point], window: Window) -> Iterator[tuple[Point, ...]]:
    """Yield the pieces of an area that lie in the window."""
    if len(points) > 2 and _finite(points):
        for piece in _pieces(clip_by_rect(Polygon(points), *window)):
            if isinstance(piece, Polygon) and not piece.is_empty:
                yield tuple((x, y) for x, y, *_ in piece.exterior.coords[:-1])


def inside(point: Point, window: Window) -> bool:
    """Tell whether a point lies in the window."""
    return window[0] <= point[0] <= window[2] and window[1] <= point[1] <= window[3]


def _pieces(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    yield from getattr(shape, "geoms", (shape,))


def _finite(points: Sequence[Point]) -> bool:
    return all(isfinite(x) and isfinite(y) for x, y in points)
