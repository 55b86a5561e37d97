"""What open projects do: the share of pixels in hue ranges of HSV, and the largest share wins. For comparison only."""

from typing import Final

import cv2
import numpy as np

from contract.words import LampState
from edge.pipeline import PictureBgr

RANGES: Final = {
    LampState.RED: (((0, 70, 90), (10, 255, 255)), ((170, 70, 90), (180, 255, 255))),
    LampState.YELLOW: (((15, 70, 90), (35, 255, 255)),),
    LampState.GREEN: (((40, 70, 90), (90, 255, 255)),),
}
"""Hue 0 to 180, saturation and value 0 to 255, as such projects write them."""
SHARE_MIN: Final = 0.03


def hsv_threshold(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float]) -> LampState:
    """Return the colour with most pixels in its range; dark where none has enough."""
    x, y, width, height = (round(side) for side in xywh_px)
    hsv = cv2.cvtColor(np.ascontiguousarray(picture_bgr[y : y + height, x : x + width]), cv2.COLOR_BGR2HSV)
    shares = {
        state: sum(float((cv2.inRange(hsv, np.array(low), np.array(high)) > 0).mean()) for low, high in ranges)
        for state, ranges in RANGES.items()
    }
    best = max(shares, key=lambda state: shares[state])
    return best if shares[best] >= SHARE_MIN else LampState.DARK
