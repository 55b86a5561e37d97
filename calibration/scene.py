"""What the rules know of a crossing: its shapes in metres, its signals, the ground plane. Values only."""

from dataclasses import dataclass, field
from typing import Literal

from calibration.geometry import PointM, PolygonM
from calibration.ground import Ground


@dataclass(frozen=True, slots=True)
class FixedPlan:
    """A fixed-time plan: red except in these spans of the cycle (seconds). It counts from the Unix epoch."""

    cycle_s: float
    offset_s: float
    green_s: tuple[float, float]
    yellow_s: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. ``lamp_xywh_px`` is where its lamp stands in the picture, where the scene says so."""

    id: str
    user: Literal["pedestrian", "vehicle", "bicycle"]
    plan: FixedPlan | None = None
    lamp_xywh_px: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A crosswalk. ``across`` is the unit vector of the way over it.

    ``carriageway_m`` is the road around it where entering on red counts as well, where the scene draws it.
    """

    id: str
    signal_id: str
    polygon_m: PolygonM
    across: PointM
    carriageway_m: PolygonM | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane and its lawful way. ``two_way``: a shared path, on which both ways are lawful."""

    id: str
    users: tuple[str, ...]
    polygon_m: PolygonM
    direction: PointM
    two_way: bool = False


@dataclass(frozen=True, slots=True)
class StopLine:
    """A stop line, and a point on the junction's side of it."""

    id: str
    signal_id: str
    users: tuple[str, ...]
    line_m: tuple[PointM, PointM]
    beyond_m: PointM
    right_turn_m: PolygonM | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One camera's view. ``demonstration`` marks a crossing or signal that does not exist as drawn.

    ``small_people_px`` are regions (x, y, width, height) where people are too small to be seen in the whole picture.
    """

    site_id: str
    site_name: str
    camera_id: str
    direction: str
    size_px: tuple[int, int]
    ground: Ground | None
    signals: tuple[Signal, ...]
    crosswalks: tuple[Crosswalk, ...]
    lanes: tuple[Lane, ...]
    stop_lines: tuple[StopLine, ...]
    rules: dict[str, dict[str, float]] = field(default_factory=dict)
    small_people_px: tuple[tuple[float, float, float, float], ...] = ()
    demonstration: bool = False
    note: str = ""
    sha256: str = ""
