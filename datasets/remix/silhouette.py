"""Cuts a person out of a picture of a still camera: what differs from the empty scene, and where the feet stand.

The light of the footage is even, so a person differs where they are and hardly beside: no shadow has to be modelled.
A cut-out is played again where it was taken, so its soft edge lies over the very background that it came from.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from datasets.remix.values import Cutout
from edge.observations import BoxXyxyPx
from edge.pipeline import PictureBgr

SURE: Final = 28
"""So many grey levels from the empty scene is somebody; noise and compression stay below."""
FAINT: Final = 10
PART_MIN: Final = 0.08
"""A piece smaller than this share of the largest is no part of the person."""
WITHIN_MIN: Final = 0.6
ROOM: Final = (0.35, 0.12)
ROOM_PX: Final = 8
"""Around a detector's box: a stride or an arm reaches out of it."""
FOOT_ROWS: Final = 99.5
"""The percentile of the silhouette's rows that is its lower edge: one loose pixel is no foot."""


@dataclass(frozen=True, slots=True)
class Silhouette:
    """A person cut out; ``foot_px`` is the middle of the body above its lower edge.

    ``filled`` is the body's area over the square of its height: less where something hides a part.
    """

    cutout: Cutout
    foot_px: tuple[float, float]
    box_px: BoxXyxyPx
    filled: float


def empty_scene(pictures: NDArray[np.uint8]) -> PictureBgr:
    """Return the median of (N, height, width, 3) pictures: what stands still."""
    return np.asarray(np.median(pictures, axis=0), dtype=np.uint8)


def grown(box: BoxXyxyPx, room: tuple[float, float], room_px: float) -> BoxXyxyPx:
    """Return a box with room around it: shares of its width and height, and pixels."""
    x1, y1, x2, y2 = box
    dx, dy = room[0] * (x2 - x1) + room_px, room[1] * (y2 - y1) + room_px
    return x1 - dx, y1 - dy, x2 + dx, y2 + dy


def cut_out(picture: PictureBgr, empty: PictureBgr, box: BoxXyxyPx) -> Silhouette | None:
    """Cut the person in a box out; None where it is cut by the picture's edge or grown together with something."""
    x1, y1, x2, y2 = (round(side) for side in grown(box, ROOM, ROOM_PX))
    if x1 < 0 or y1 < 0 or x2 > picture.shape[1] or y2 > picture.shape[0]:
        return None
    part = picture[y1:y2, x1:x2]
    difference = cv2.absdiff(part, empty[y1:y2, x1:x2]).max(axis=2)
    body = _body(difference, _middle(x1, y1, box, difference.shape))
    if body is None or body[0].any() or body[:, [0, -1]].any() or body[-1].any():
        return None
    rows, columns = np.nonzero(body)
    foot = (x1 + float(np.median(columns)) + 0.5, y1 + float(np.percentile(rows, FOOT_ROWS)) + 1)
    sides = (x1 + columns.min(), y1 + rows.min(), x1 + columns.max() + 1, y1 + rows.max() + 1)
    cutout = Cutout(x1, y1, part.copy(), _alpha(difference, body))
    filled = float(len(rows) / (sides[3] - sides[1]) ** 2)
    return Silhouette(cutout, foot, (float(sides[0]), float(sides[1]), float(sides[2]), float(sides[3])), filled)


def _middle(x1: int, y1: int, box: BoxXyxyPx, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return where in the part the detector's own box lies."""
    there = np.zeros(shape[:2], np.bool_)
    there[max(0, round(box[1]) - y1) : round(box[3]) - y1, max(0, round(box[0]) - x1) : round(box[2]) - x1] = True
    return there


def _body(difference: NDArray[np.uint8], middle: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Return the pieces that make the person, gaps closed: large, and mostly in the detector's box."""
    differs = (difference > SURE).astype(np.uint8)
    sure = np.asarray(cv2.morphologyEx(differs, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)))
    thick = cv2.morphologyEx(sure, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    sure = np.minimum(
        sure, cv2.dilate(thick, np.ones((7, 7), np.uint8))
    )  # without the barrier tape that the wind moves
    count, labels, stats, _ = cv2.connectedComponentsWithStats(sure)
    if count < 2:
        return None
    areas = stats[1:, cv2.CC_STAT_AREA]
    within = np.bincount(labels[middle], minlength=count)[1:] / areas
    own = np.where(within > WITHIN_MIN, areas, 0)
    kept = 1 + np.flatnonzero((own > 0) & (own >= PART_MIN * own.max()))
    return np.isin(labels, kept) if len(kept) else None


def _alpha(difference: NDArray[np.uint8], body: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return how much of each pixel is the person: all of the body, fading over what differs faintly around it."""
    closed = cv2.morphologyEx(body.astype(np.uint8) * 255, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    near = cv2.dilate(closed, np.ones((7, 7), np.uint8))
    faint = np.clip((difference.astype(np.float32) - FAINT) / (SURE - FAINT), 0, 1) * (near > 0)
    soft = cv2.GaussianBlur(np.maximum(faint, closed / np.float32(255)), (3, 3), 0)
    return np.asarray(np.round(soft * 255), dtype=np.uint8)
