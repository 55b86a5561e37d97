"""One road user on one crosswalk, from the first sight to the last: where and when it came in, and how far it went.

Pure. Times are ms, places metres on the ground. Between two observations the way is taken to be straight and even, so
that a dropped frame moves neither the entry nor the advance.
"""

from dataclasses import dataclass, field

from calibration.geometry import PointM, bounds, contains, distance_m, entry_fraction, extent_m
from calibration.scene import Crosswalk


@dataclass(frozen=True, slots=True)
class Sight:
    """Where a road user was at one time, and how sure it is that it is still the one its track began with."""

    t_ms: int
    x_m: float
    y_m: float
    identity: float = 1.0

    @property
    def point(self) -> PointM:
        """Return the place."""
        return self.x_m, self.y_m


def between(a: Sight, b: Sight, t_ms: float) -> PointM:
    """Return the place at a time between two sights, on the straight and even way."""
    share = 1.0 if b.t_ms == a.t_ms else (t_ms - a.t_ms) / (b.t_ms - a.t_ms)
    return a.x_m + (b.x_m - a.x_m) * share, a.y_m + (b.y_m - a.y_m) * share


@dataclass(frozen=True, slots=True)
class Zone:
    """A crosswalk, prepared for being asked often."""

    crosswalk: Crosswalk
    box: tuple[float, float, float, float]
    ends_m: tuple[float, float]

    @classmethod
    def of(cls, crosswalk: Crosswalk) -> "Zone":
        """Prepare a crosswalk."""
        return cls(crosswalk, bounds(crosswalk.polygon_m), extent_m(crosswalk.polygon_m, crosswalk.across))

    def holds(self, point: PointM) -> bool:
        """Tell whether a point is on the crosswalk."""
        x_min, y_min, x_max, y_max = self.box
        return x_min <= point[0] <= x_max and y_min <= point[1] <= y_max and contains(self.crosswalk.polygon_m, point)

    def along_m(self, point: PointM) -> float:
        """Return the coordinate on the way across."""
        return point[0] * self.crosswalk.across[0] + point[1] * self.crosswalk.across[1]

    def beside_by_m(self, point: PointM) -> float | None:
        """Return how far a point is beside the crosswalk, or None where it is before or beyond its ends: on a kerb."""
        on_the_way = self.ends_m[0] <= self.along_m(point) <= self.ends_m[1]
        return distance_m(self.crosswalk.polygon_m, point) if on_the_way else None


@dataclass(frozen=True, slots=True)
class Entry:
    """When and where a road user came in, and the last sight before."""

    t_ms: int
    at: PointM
    last_outside_ms: int


def find_entry(zone: Zone, outside: Sight, inside: Sight) -> Entry:
    """Return the crossing of the crosswalk's edge between the last sight outside and the first inside."""
    share = entry_fraction(zone.crosswalk.polygon_m, outside.point, inside.point)
    t_ms = outside.t_ms + share * (inside.t_ms - outside.t_ms)
    return Entry(round(t_ms), between(outside, inside, t_ms), outside.t_ms)


@dataclass(slots=True)
class OpenPassage:
    """A passage that has not ended. ``entry`` is None when the road user was first seen inside."""

    entry: Entry | None
    last: Sight
    red_since_ms: int | None = None  # the red phase in which it was entered, while that lasts
    red_over: bool = False
    advance_m: float = 0.0
    advance_on_red_m: float = 0.0
    outside_since_ms: int | None = None
    accused: bool = False
    came_as: float = 1.0  # how sure the identity was at the last sight before the entry
    was_other_kind: bool = False
    doubts: set[str] = field(default_factory=set)
