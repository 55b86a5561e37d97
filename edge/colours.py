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

SCORE_MIN: Final = 0.45
"""A weaker box is often half of somebody, and teaches nothing."""
LABELS: Final = frozenset({"person", "bicycle", "motorcycle"})
BODY: Final = (0.16, 0.90)
"""Top and bottom of the body, as shares of the box's height: the head is left out, and the road at the feet."""
SIDE: Final = 0.22
SAMPLE_WH: Final = (16, 37)
"""Every body is sampled to so many columns and rows."""
WAIST_ROW: Final = 17
BINS: Final = (8, 7, 7)
LOW: Final = np.array([0, 93, 93], np.float32)
STEP: Final = np.array([32, 10, 10], np.float32)
"""Lightness in 8 bins, a and b in 7 bins of 10 around grey: clothes are rarely further from it."""


class ClothesColours:
    """Takes the histograms of the boxes that are worth telling apart."""

    def measured(self, picture_bgr: PictureBgr, detections: Sequence[Detection]) -> tuple[Detection, ...]:
        """Return the same detections, those of people and machines with their colours."""
        bodies = {
            index: body
            for index, detection in enumerate(detections)
            if _worth_it(detection) and (body := _body(picture_bgr, detection.box_xyxy_px)) is not None
        }
        if not bodies:
            return tuple(detections)
        looks = dict(zip(bodies, histograms(list(bodies.values())), strict=True))
        return tuple(replace(d, colours=looks[i]) if i in looks else d for i, d in enumerate(detections))


def histograms(bodies_bgr: Sequence[PictureBgr]) -> NDArray[np.float32]:
    """Return (N, 784) float32, each row two histograms that sum to 1 together: upper and lower body."""
    column = np.concatenate(bodies_bgr)  # one tall picture: one conversion for all
    lab = cv2.cvtColor(column, cv2.COLOR_BGR2LAB).reshape(len(bodies_bgr), SAMPLE_WH[1], SAMPLE_WH[0], 3)
    places = np.clip((lab - LOW) // STEP, 0, np.array(BINS) - 1).astype(np.int64)
    bins = (places[..., 0] * BINS[1] + places[..., 1]) * BINS[2] + places[..., 2]
    size = int(np.prod(BINS))
    bins[:, WAIST_ROW:] += size
    bins += (np.arange(len(bodies_bgr)) * 2 * size)[:, None, None]
    counts = np.bincount(bins.ravel(), minlength=len(bodies_bgr) * 2 * size).reshape(len(bodies_bgr), 2, size)
    shares = (counts / counts.sum(axis=2, keepdims=True) / 2).astype(np.float32)
    return np.asarray(shares.reshape(len(bodies_bgr), 2 * size))


def _worth_it(detection: Detection) -> bool:
    return detection.label in LABELS and detection.score >= SCORE_MIN


def _body(picture_bgr: PictureBgr, box: BoxXyxyPx) -> PictureBgr | None:
    """Return the middle of a box, sampled to one size; None where it shows nothing of the picture."""
    x1, y1, x2, y2 = box
    left, right = max(0, int(x1 + SIDE * (x2 - x1))), max(0, int(x2 - SIDE * (x2 - x1)) + 1)
    top, bottom = max(0, int(y1 + BODY[0] * (y2 - y1))), max(0, int(y1 + BODY[1] * (y2 - y1)) + 1)
    body = picture_bgr[top:bottom, left:right]
    return None if body.size == 0 else np.asarray(cv2.resize(body, SAMPLE_WH), dtype=np.uint8)
