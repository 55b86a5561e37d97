"""What one camera looks at: its perspective, its picture's size, and which places matter. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot

import numpy as np
from numpy.typing import NDArray

from calibration.geometry import PointM, PolygonM, bounds, distance_m
from calibration.scene import Scene
from edge.tracking.perspective import Perspective

Floats = NDArray[np.float64]
OnWatch = Callable[[PointM], bool]
"""Whether somebody at a place in metres is to be followed at all."""


@dataclass(frozen=True, slots=True)
class View:
    """One camera's view."""

    perspective: Perspective
    size_px: tuple[int, int]
    on_watch: OnWatch

    def visible_share(self, box_xyxy_px: Floats) -> float:
        """Return how much of a box lies in the picture, 0 to 1; 0 where it is no box."""
        width_px, height_px = self.size_px
        x1, y1, x2, y2 = box_xyxy_px
        shown = max(0.0, min(x2, width_px) - max(x1, 0.0)) * max(0.0, min(y2, height_px) - max(y1, 0.0))
        whole = (x2 - x1) * (y2 - y1)
        return float(shown / whole) if np.isfinite(whole) and whole > 0 else 0.0

    def sizes_m(self, boxes_xyxy_px: Floats) -> Floats:
        """Return the width and height (N, 2) of boxes (N, 4) in metres to the side, each at its foot."""
        extents = boxes_xyxy_px[:, 2:] - boxes_xyxy_px[:, :2]
        sizes: Floats = extents / self.perspective.scale_px_per_m(feet_px(boxes_xyxy_px))[:, None]
        return sizes


def feet_px(boxes_xyxy_px: Floats) -> Floats:
    """Return the middles (N, 2) of the boxes' lower edges."""
    return np.stack([(boxes_xyxy_px[:, 0] + boxes_xyxy_px[:, 2]) / 2, boxes_xyxy_px[:, 3]], axis=1)


def near_zones(scene: Scene, range_m: float) -> OnWatch:
    """Return the test whether a place is at most ``range_m`` from a zone of the scene; everywhere, if it has none.

    Who can reach no drawn zone is not followed: no more is collected than the purpose needs (个人信息保护法 art. 6).
    """
    zones: list[PolygonM] = [crosswalk.polygon_m for crosswalk in scene.crosswalks]
    zones += [lane.polygon_m for lane in scene.lanes]
    zones += [(*line.line_m, line.beyond_m) for line in scene.stop_lines]

    boxes = [bounds(zone) for zone in zones]

    def near(zone: PolygonM, box: tuple[float, float, float, float], place_m: PointM) -> bool:
        x_min, y_min, x_max, y_max = box
        outside_m = hypot(
            max(x_min - place_m[0], 0, place_m[0] - x_max), max(y_min - place_m[1], 0, place_m[1] - y_max)
        )
        if outside_m > range_m:
            return False
        if outside_m + hypot(x_max - x_min, y_max - y_min) <= range_m:  # then every point of the zone is near enough
            return True
        return distance_m(zone, place_m) <= range_m

    def on_watch(place_m: PointM) -> bool:
        return not zones or any(near(zone, box, place_m) for zone, box in zip(zones, boxes, strict=True))

    return on_watch
