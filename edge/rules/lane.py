"""A lane, prepared for being asked often: who is in it, how far against it, and where both ways are lawful. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from calibration.geometry import PointM, bounds, contains, overlap
from calibration.scene import Lane


@dataclass(frozen=True, slots=True)
class LaneZone:
    """A lane, prepared; ``also`` are the lanes that lie over it, in whose direction one may ride there as well."""

    lane: Lane
    box: tuple[float, float, float, float]
    also: tuple[Lane, ...]

    @classmethod
    def of(cls, lane: Lane, lanes: Sequence[Lane]) -> "LaneZone":
        """Prepare a lane among all lanes of a scene."""
        against = tuple(
            other
            for other in lanes
            if other is not lane and _backwards(lane, other.direction) > 0 and overlap(lane.polygon_m, other.polygon_m)
        )
        return cls(lane, bounds(lane.polygon_m), against)

    def holds(self, point: PointM) -> bool:
        """Tell whether a point is in the lane."""
        x_min, y_min, x_max, y_max = self.box
        inside = x_min <= point[0] <= x_max and y_min <= point[1] <= y_max
        return inside and contains(self.lane.polygon_m, point)

    def against_m(self, point: PointM) -> float:
        """Return the coordinate against the lane's direction."""
        return -(point[0] * self.lane.direction[0] + point[1] * self.lane.direction[1])

    def lawful_here(self, point: PointM) -> bool:
        """Tell whether both ways are lawful at a place."""
        if self.lane.two_way or not self.also:
            return self.lane.two_way
        return any(contains(other.polygon_m, point) for other in self.also)


def _backwards(lane: Lane, direction: PointM) -> float:
    return -(lane.direction[0] * direction[0] + lane.direction[1] * direction[1])
