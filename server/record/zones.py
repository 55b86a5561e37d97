"""The shapes of a scene that an act is looked at on, the one that it is about marked. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from calibration.geometry import PointM
from calibration.scene import Scene
from contract.words import ViolationKind


class Shape(StrEnum):
    """What is drawn on the road, or meant there."""

    CARRIAGEWAY = "carriageway"
    LANE = "lane"
    CROSSWALK = "crosswalk"
    RIGHT_TURN = "right_turn"
    STOP_LINE = "stop_line"


@dataclass(frozen=True, slots=True)
class Zone:
    """One shape in metres; ``way`` is the unit vector of a lane or of the way across, where there is one."""

    shape: Shape
    id: str
    points_m: tuple[PointM, ...]
    concerned: bool = False
    way: PointM | None = None

    @property
    def is_line(self) -> bool:
        """Tell whether it is a line and no area."""
        return self.shape is Shape.STOP_LINE


def zones_of(scene: Scene, kind: ViolationKind, zone_id: str) -> tuple[Zone, ...]:
    """Return a scene's shapes, what lies below first; a crosswalk, a lane and a line may share an id."""
    lanes = kind is ViolationKind.WRONG_WAY
    found = sorted(_all(scene), key=lambda zone: list(Shape).index(zone.shape))
    return tuple(
        Zone(zone.shape, zone.id, zone.points_m, _concerned(zone, zone_id, lanes=lanes), zone.way) for zone in found
    )


def _concerned(zone: Zone, zone_id: str, *, lanes: bool) -> bool:
    meant = (Shape.LANE,) if lanes else (Shape.CROSSWALK, Shape.STOP_LINE)
    return zone.id == zone_id and zone.shape in meant


def _all(scene: Scene) -> Iterator[Zone]:
    for crosswalk in scene.crosswalks:
        yield Zone(Shape.CROSSWALK, crosswalk.id, crosswalk.polygon_m, way=crosswalk.across)
        if crosswalk.carriageway_m is not None:
            yield Zone(Shape.CARRIAGEWAY, crosswalk.id, crosswalk.carriageway_m)
    for lane in scene.lanes:
        yield Zone(Shape.LANE, lane.id, lane.polygon_m, way=lane.direction)
    for line in scene.stop_lines:
        yield Zone(Shape.STOP_LINE, line.id, line.line_m)
        if line.right_turn_m is not None:
            yield Zone(Shape.RIGHT_TURN, line.id, line.right_turn_m)
