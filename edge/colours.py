"""The colours port on OpenCV: what somebody wears, as two histograms of colour, upper and lower body.

Lab keeps lightness apart from colour; the middle of a box is body, its sides are mostly road. No face is looked at.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.observations import BoxXyxyPx, Detection
from edge.pipeline import PictureBgr

SCORE_MIN: Final = 0.25
LABELS: Final = frozenset({"person", "bicycle", "motorcycle"})
BODY: Final = ((0.16, 0.50), (0.50, 0.90))
"""Top and bottom of upper and lower body, as shares of the box's height."""
SIDE: Final = 0.22
BINS: Final = (8, 7, 7)
RANGES: Final = (0, 256, 93, 163, 93, 163)
"""Clothes are rarely further than 35 from grey in a and b."""


class ClothesColours:
    """Takes the histograms of the boxes that are worth telling apart."""

    def measured(self, picture_bgr: PictureBgr, detections: Sequence[Detection]) -> tuple[Detection, ...]:
        """Return the same detections, those of people and machines with their colours."""
        return tuple(
            replace(d, colours=histogram(picture_bgr, d.box_xyxy_px))
            if d.label in LABELS and d.score >= SCORE_MIN
            else d
            for d in detections
        )


def histogram(picture_bgr: PictureBgr, box_xyxy_px: BoxXyxyPx) -> NDArray[np.float32] | None:
    """Return (784,) float32 that sums to 1, or None where the box shows nothing of the picture."""
    x1, y1, x2, y2 = box_xyxy_px
    left, right = max(0, int(x1 + SIDE * (x2 - x1))), max(0, int(x2 - SIDE * (x2 - x1)) + 1)
    top = max(0, int(y1 + BODY[0][0] * (y2 - y1)))
    body = picture_bgr[top : max(0, int(y1 + BODY[-1][1] * (y2 - y1)) + 1), left:right]
    if body.size == 0:
        return None
    lab = cv2.cvtColor(body, cv2.COLOR_BGR2LAB)
    cut = int(y1 + BODY[0][1] * (y2 - y1)) - top
    parts = [part for part in (lab[:cut], lab[cut:]) if part.size]
    counts = [cv2.calcHist([part], [0, 1, 2], None, list(BINS), list(RANGES)).ravel() for part in parts]
    shares = [count / max(float(count.sum()), 1.0) for count in counts]
    if len(shares) < len(BODY):
        return None
    return (np.concatenate(shares) / len(BODY)).astype(np.float32)
