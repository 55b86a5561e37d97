"""Which detection belongs to which track: overlap in the picture, and the cheapest pairing.

Pure. The pairing is the assignment problem (Kuhn 1955), solved by scipy.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Floats = NDArray[np.float64]
NEVER = 1e6
BODY_SIDE = 0.22
"""Share of a box's width on either side that is more background than body."""


def overlaps(a_xyxy: Floats, b_xyxy: Floats) -> Floats:
    """Return the intersection over union of boxes (N, 4) and (M, 4) as (N, M)."""
    shared = _shared(a_xyxy, b_xyxy)
    union = _area(a_xyxy)[:, None] + _area(b_xyxy)[None] - shared
    iou: Floats = shared / np.maximum(union, 1e-9)
    return iou


def covered(a_xyxy: Floats, b_xyxy: Floats) -> Floats:
    """Return which share of each box of (N, 4) each box of (M, 4) covers, as (N, M)."""
    share: Floats = _shared(a_xyxy, b_xyxy) / np.maximum(_area(a_xyxy)[:, None], 1e-9)
    return share


def hidden_shares(boxes_xyxy: Floats, hiding: NDArray[np.bool_]) -> Floats:
    """Return (N,) how much of each body is hidden by the one nearer box that hides most of it.

    Nearer is who stands lower in the picture.

    Args:
        boxes_xyxy: (N, 4) pixels.
        hiding: (N,) which of them are sure enough to hide anybody.
    """
    if len(boxes_xyxy) == 0:
        return np.zeros(0)
    width = boxes_xyxy[:, 2] - boxes_xyxy[:, 0]
    bodies = boxes_xyxy.copy()
    bodies[:, 0] += BODY_SIDE * width
    bodies[:, 2] -= BODY_SIDE * width
    nearer = boxes_xyxy[None, :, 3] > boxes_xyxy[:, None, 3]
    share: Floats = np.where(nearer & hiding[None], covered(bodies, boxes_xyxy), 0.0).max(axis=1)
    return share


def pairs(cost: Floats, allowed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the cheapest pairing of rows and columns among those allowed."""
    if not allowed.any():
        return []
    rows, columns = linear_sum_assignment(np.where(allowed, cost, NEVER))
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if allowed[row, column]]


def _area(boxes_xyxy: Floats) -> Floats:
    extent = np.clip(boxes_xyxy[:, 2:] - boxes_xyxy[:, :2], 0, None)
    area: Floats = extent[:, 0] * extent[:, 1]
    return area


def _shared(a_xyxy: Floats, b_xyxy: Floats) -> Floats:
    low = np.maximum(a_xyxy[:, None, :2], b_xyxy[None, :, :2])
    high = np.minimum(a_xyxy[:, None, 2:], b_xyxy[None, :, 2:])
    extent = np.clip(high - low, 0, None)
    shared: Floats = extent[..., 0] * extent[..., 1]
    return shared
