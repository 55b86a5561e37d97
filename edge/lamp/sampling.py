"""Cuts a lamp's region out of a picture, with a ring around it, always standing, always in the same few pixels."""

from typing import Final

import cv2
import numpy as np

from edge.pipeline import PictureBgr

PARTS: Final = 6
"""The long axis is told in sixths: windows of two and of three both fall on them."""
SHORT_PX: Final = 12
"""Every region is sampled so that its shorter side has so many pixels."""
LONG_MAX_PX: Final = 42
RING_PX: Final = 5
"""And so many around it, in the same scale."""
EDGE_PX: Final = 2
"""Left out on both sides where light is looked for: a region is never drawn exactly."""
STACKED_FROM: Final = 1.4
"""A region so much longer than wide holds two or three windows, one above or beside the other."""
SMALLEST_PX: Final = 2


def is_stacked(xywh_px: tuple[float, float, float, float]) -> bool:
    """Tell whether a region holds more than one window."""
    return max(xywh_px[2:]) >= STACKED_FROM * min(xywh_px[2:])


def sample(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float]) -> PictureBgr | None:
    """Return the region with its ring, red end up, (22 to 52, 22, 3) uint8; None where it is not in the picture."""
    x, y, width, height = xywh_px
    high, wide = picture_bgr.shape[:2]
    short = min(width, height)
    if x < 0 or y < 0 or x + width > wide or y + height > high or short < SMALLEST_PX:
        return None
    ring = RING_PX * short / SHORT_PX
    x1, y1, x2, y2 = round(x - ring), round(y - ring), round(x + width + ring), round(y + height + ring)
    part = picture_bgr[max(0, y1) : y2, max(0, x1) : x2]
    borders = (max(0, -y1), max(0, y2 - high), max(0, -x1), max(0, x2 - wide))
    if any(borders):
        part = np.asarray(cv2.copyMakeBorder(part, *borders, cv2.BORDER_REPLICATE), dtype=np.uint8)
    if width > height and is_stacked(xywh_px):
        part = part.transpose(1, 0, 2)  # lying: red is on the left (GB 14886)
    long = min(LONG_MAX_PX, PARTS * round(SHORT_PX * max(width, height) / short / PARTS)) + 2 * RING_PX
    how = cv2.INTER_AREA if part.shape[0] > long else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (SHORT_PX + 2 * RING_PX, long), interpolation=how), dtype=np.uint8)
