"""Draws a scene over a picture: the only file of this house that knows OpenCV."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.errors import SceneError
from calibration.geometry import PolygonM
from calibration.ground import Ground
from calibration.scene import Scene

GRID: Final = (0, 200, 255)
CROSSWALK: Final = (60, 60, 255)
GRID_STEP_M: Final = 1.0
GRID_MARGIN_M: Final = 4.0


def draw_scene(scene: Scene, picture: Path, out: Path) -> None:
    """Write a picture with the scene drawn over it. Raises SceneError where that cannot be."""
    read = cv2.imread(str(picture), cv2.IMREAD_COLOR)
    if read is None:
        raise SceneError(str(picture), ("expected a picture, found none that can be read",))
    image = np.asarray(read, dtype=np.uint8)
    if scene.ground is None:
        raise SceneError(str(picture), ("ground: is missing from the scene, so nothing can be drawn",))
    if (image.shape[1], image.shape[0]) != scene.size_px:
        found = f"{image.shape[1]}x{image.shape[0]}"
        raise SceneError(str(picture), (f"expected {scene.size_px[0]}x{scene.size_px[1]} pixels, found {found}",))
    points = [p for crosswalk in scene.crosswalks for p in crosswalk.polygon_m]
    if points:
        _grid(image, scene.ground, tuple(points))
    for crosswalk in scene.crosswalks:
        _outline(image, scene.ground, crosswalk.polygon_m)
    if not cv2.imwrite(str(out), image):
        raise SceneError(str(out), ("expected a place to write a PNG to, found none",))


def _grid(image: NDArray[np.uint8], ground: Ground, around: PolygonM) -> None:
    low, high = np.min(around, axis=0) - GRID_MARGIN_M, np.max(around, axis=0) + GRID_MARGIN_M
    xs, ys = np.arange(np.floor(low[0]), high[0], GRID_STEP_M), np.arange(np.floor(low[1]), high[1], GRID_STEP_M)
    grid_m = np.array([(x, y) for x in xs for y in ys], dtype=np.float64)
    for x, y in ground.to_pixels(grid_m):
        if np.isfinite(x) and np.isfinite(y) and abs(x) < 1e5 and abs(y) < 1e5:
            cv2.circle(image, (round(x), round(y)), 1, GRID, -1)


def _outline(image: NDArray[np.uint8], ground: Ground, polygon_m: PolygonM) -> None:
    corners = ground.to_pixels(np.array(polygon_m, dtype=np.float64))
    if np.all(np.isfinite(corners)):
        cv2.polylines(image, [np.round(corners).astype(np.int32)], isClosed=True, color=CROSSWALK, thickness=2)
