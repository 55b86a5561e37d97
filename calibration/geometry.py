"""Plane geometry in metres, as pure functions over plain points. No file, no OpenCV."""

from itertools import pairwise
from math import hypot, inf, sqrt

from shapely import MultiPoint, Polygon
from shapely.geometry.polygon import orient

PointM = tuple[float, float]
PolygonM = tuple[PointM, ...]
CORNERS_MAX = 8
"""Of a convex outline around something; a rectangle goes around what has more."""


def contains(polygon: PolygonM, point: PointM) -> bool:
    """Tell whether a point lies inside, by the crossing number (O'Rourke, Computational Geometry in C, 7.4)."""
    x, y = point
    inside = False
    x1, y1 = polygon[-1]
    for x2, y2 in polygon:
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def bounds(polygon: PolygonM, margin_m: float = 0.0) -> tuple[float, float, float, float]:
    """Return x_min, y_min, x_max, y_max with a margin."""
    xs, ys = [p[0] for p in polygon], [p[1] for p in polygon]
    return min(xs) - margin_m, min(ys) - margin_m, max(xs) + margin_m, max(ys) + margin_m


def distance_m(polygon: PolygonM, point: PointM) -> float:
    """Return how far a point is from the polygon's edge, inside or out."""
    x, y = point
    nearest2 = inf
    x1, y1 = polygon[-1]
    for x2, y2 in polygon:
        dx, dy, ex, ey = x2 - x1, y2 - y1, x - x1, y - y1
        along, length2 = ex * dx + ey * dy, dx * dx + dy * dy
        if along > 0:
            share = along / length2 if along < length2 else 1.0
            ex, ey = ex - share * dx, ey - share * dy
        nearest2 = min(nearest2, ex * ex + ey * ey)
        x1, y1 = x2, y2
    return sqrt(nearest2)


def entry_fraction(polygon: PolygonM, outside: PointM, inside: PointM) -> float:
    """Return where the way from ``outside`` to ``inside`` last crosses the edge, 0 (outside) to 1 (inside)."""
    crossings = [
        t
        for a, b in zip(polygon, polygon[1:] + polygon[:1], strict=True)
        if (t := _crossing(outside, inside, a, b)) is not None
    ]
    return max(crossings, default=1.0)


def _crossing(p: PointM, q: PointM, a: PointM, b: PointM) -> float | None:
    (px, py), (qx, qy), (ax, ay), (bx, by) = p, q, a, b
    dx, dy, ex, ey = qx - px, qy - py, bx - ax, by - ay
    denominator = dx * ey - dy * ex
    if denominator == 0:
        return None
    t = ((ax - px) * ey - (ay - py) * ex) / denominator
    u = ((ax - px) * dy - (ay - py) * dx) / denominator
    return t if 0 <= t <= 1 and 0 <= u <= 1 else None


def longer_axis(polygon: PolygonM) -> PointM:
    """Return the unit vector along the longer side of the smallest rectangle around the polygon."""
    rectangle = Polygon(polygon).minimum_rotated_rectangle
    corners = list(rectangle.exterior.coords)
    sides = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(corners[:3])]
    return unit(max(sides, key=lambda side: hypot(*side)))


def unit(vector: PointM) -> PointM:
    """Return the vector with length 1. Raises ValueError for one without length."""
    length = hypot(*vector)
    if length == 0:
        raise ValueError("expected a vector with a length, found (0, 0)")
    return vector[0] / length, vector[1] / length


def extent_m(polygon: PolygonM, axis: PointM) -> tuple[float, float]:
    """Return the smallest and the largest coordinate of the polygon along a unit vector."""
    along = [x * axis[0] + y * axis[1] for x, y in polygon]
    return min(along), max(along)


def hull(points: PolygonM) -> PolygonM:
    """Return the smallest convex outline around points that span an area, counterclockwise and with few corners."""
    convex = MultiPoint(points).convex_hull
    if len(convex.exterior.coords) > CORNERS_MAX + 1:
        convex = convex.minimum_rotated_rectangle
    return tuple((x, y) for x, y in orient(convex).exterior.coords[:-1])


def widened(polygon: PolygonM, margin_m: float) -> PolygonM:
    """Return a convex outline around everything within a margin of a polygon, counterclockwise."""
    wide = Polygon(polygon).convex_hull.buffer(margin_m, join_style="mitre", mitre_limit=2.0)
    return hull(tuple((x, y) for x, y in wide.exterior.coords))


def polygon_problem(polygon: PolygonM) -> str | None:
    """Say what is wrong with an outline: too few points, no area, or edges that cross."""
    if len(polygon) < 3:
        return f"{len(polygon)} points, needs 3"
    shape = Polygon(polygon)
    if not shape.is_valid:
        return "its edges cross or touch, needs a simple outline"
    return f"area {shape.area:.2g} m2, needs at least 0.01" if shape.area < 0.01 else None


def overlap(one: PolygonM, other: PolygonM) -> bool:
    """Tell whether two outlines share some area."""
    return bool(Polygon(one).intersection(Polygon(other)).area > 0)


def spread_out(points: PolygonM) -> bool:
    """Tell whether reference points span an area: points on one line fix no plane."""
    hull = MultiPoint(points).convex_hull
    return bool(hull.area > 1e-6 * max(hull.length, 1e-9) ** 2 and hull.length > 0)
