"""A lane, prepared for being asked often: who is in it, how far against it, and where both ways are lawful. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from calibration.geometry import PointM, contains, overlap
from calibration.scene import Lane


@dataclass(frozen=True, slots=True)
class LaneZone:
    """A lane, prepared; ``also`` are the lanes that lie over it, in whose direction one may ride there as well."""

    lane: Lane
    also: tuple[Lane, ...]

    @classmethod
    def of(cls, lane: Lane, lanes: Sequence[Lane]) -> "LaneZone":
        """Prepare a lane among all lanes of a scene."""
        against = tuple(
            other
            for other in lanes
            if other is not lane and _backwards(lane, other.direction) > 0 and overlap(lane.polygon_m, other.polygon_m)
        )
        return cls(lane, against)

    def holds(self, point: PointM) -> bool:
        """Tell whether a point is in the lane."""
        return contains(self.lane.polygon_m, point)

    def against_m(self, point: PointM) -> float:
        """Return the coordinate against the lane's direction."""
        return -(point[0] * self.lane.direction[0] + point[1] * self.lane.direction[1])

    def lawful_here(self, point: PointM) -> bool:
        """Tell whether both ways are lawful at a place."""
        return self.lane.two_way or any(contains(other.polygon_m, point) for other in self.also)


def _backwards(lane: Lane, direction: PointM) -> float:
    return -(lane.direction[0] * direction[0] + lane.direction[1] * direction[1])
