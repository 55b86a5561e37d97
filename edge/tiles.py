"""A closer look at where people are far away and small: the same detector, on tiles of the regions that a scene names.

It costs a look more a tile, so a scene names such regions only where people stand too small in the whole picture.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from edge.observations import BoxXyxyPx, Detection
from edge.pipeline import PictureBgr
from edge.seams import Look, merged

RegionXywhPx = tuple[float, float, float, float]
"""x, y, width and height in pixels of the full picture."""

CLOSER: Final = 2.0
"""A tile shows a body at least so many times larger than the look at the whole picture does."""
OVERLAP: Final = 0.25
"""Neighbouring tiles share this part of their side: who is smaller than that is whole in one of them."""


class SizedDetector(Protocol):
    """A detector that says what size of picture it looks at."""

    @property
    def input_wh_px(self) -> tuple[int, int]:
        """Width and height of what the model looks at."""
        ...

    def detect(self, picture_bgr: PictureBgr) -> tuple[Detection, ...]:
        """Return the boxes in pixels of the picture that is given."""
        ...


class TiledDetector:
    """Looks at the whole picture, and at each region enlarged."""

    def __init__(self, detector: SizedDetector, small_people_px: Sequence[RegionXywhPx]) -> None:
        """Take a detector and where people are small; without a region it looks at the whole picture alone."""
        self._detector = detector
        self._regions = tuple(small_people_px)

    def detect(self, picture_bgr: PictureBgr) -> tuple[Detection, ...]:
        """Return everybody once, in pixels of the full picture (height, width, 3), uint8, BGR."""
        whole = self._detector.detect(picture_bgr)
        height_px, width_px = picture_bgr.shape[:2]
        tiles = tiles_of(self._regions, (width_px, height_px), self._detector.input_wh_px)
        looks = [Look(tile, self._looked(picture_bgr, tile)) for tile in tiles]
        return merged(whole, looks, (width_px, height_px)) if looks else whole

    def _looked(self, picture_bgr: PictureBgr, tile: BoxXyxyPx) -> tuple[Detection, ...]:
        x1, y1, x2, y2 = (int(side) for side in tile)
        piece = np.ascontiguousarray(picture_bgr[y1:y2, x1:x2])
        return tuple(_moved(detection, x1, y1) for detection in self._detector.detect(piece))


def tiles_of(
    regions: Sequence[RegionXywhPx], picture_wh_px: tuple[int, int], input_wh_px: tuple[int, int]
) -> tuple[BoxXyxyPx, ...]:
    """Return the tiles that cover the regions, each once: x1, y1, x2, y2 in whole pixels of the picture.

    A tile is as large as the model's input at the picture's own resolution, or smaller where that would not show
    people ``CLOSER`` times larger than the whole picture does. A region smaller than a tile lies in the middle of one;
    a larger one is cut evenly into tiles that overlap. What of a region lies outside the picture is left out.
    """
    whole_scale = min(input_wh_px[0] / picture_wh_px[0], input_wh_px[1] / picture_wh_px[1])
    scale = max(1.0, CLOSER * whole_scale)
    sides = [min(round(input_wh_px[axis] / scale), picture_wh_px[axis]) for axis in (0, 1)]
    tiles = (
        (float(x), float(y), float(x + sides[0]), float(y + sides[1]))
        for region in regions
        for y in _starts(region[1], region[1] + region[3], sides[1], picture_wh_px[1])
        for x in _starts(region[0], region[0] + region[2], sides[0], picture_wh_px[0])
    )
    return tuple(dict.fromkeys(tiles))


def _starts(begins: float, ends: float, side: int, limit: int) -> tuple[int, ...]:
    """Return where tiles of one side begin along an axis so that they cover a span of it."""
    begins, ends = max(begins, 0), min(ends, limit)
    if ends <= begins:
        return ()
    count = max(1, int(np.ceil((ends - begins - OVERLAP * side) / ((1 - OVERLAP) * side))))
    first, last = (begins, ends - side) if count > 1 else ((begins + ends - side) / 2,) * 2
    places = np.clip(np.round(np.linspace(first, last, count)), 0, limit - side)
    return tuple(int(place) for place in places)


def _moved(detection: Detection, right_px: int, down_px: int) -> Detection:
    x1, y1, x2, y2 = detection.box_xyxy_px
    box = x1 + right_px, y1 + down_px, x2 + right_px, y2 + down_px
    return Detection(box, detection.score, detection.label)
