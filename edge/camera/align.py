"""Whether the picture lies where it lay: the edges of each block of the reference are looked for nearby, and far off.

Only found structure counts, never its absence: a bus that hides half of the picture moves nothing, a camera that was
pushed moves all that can still be seen, and by one motion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

BLOCK_PX: Final = 40
REACH_PX: Final = 12
"""How far around its place a block is looked for, on the small copy (320 pixels wide)."""
SHIFT_MIN_PX: Final = 1.5
"""4 pixels of a picture 768 wide: on the far side of a junction about half a metre."""
FOUND_MIN: Final = 0.5
"""Correlation of a block's edges where it is found again."""
BETTER_BY: Final = 0.15
FAR_RESPONSE_MIN: Final = 0.05
BLOCKS_MIN: Final = 4
FIT_PX: Final = 1.5

Edges = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Shares of the reference's telling blocks: found ``at_home``, and found ``displaced`` by one common motion."""

    at_home: float
    displaced: float


def align(edges: Edges, reference: Edges, telling: NDArray[np.bool_]) -> Alignment:
    """Look for the reference's blocks in a picture.

    Args:
        edges: (height, width) gradient magnitude of the picture.
        reference: the same of the reference.
        telling: (rows, columns) which blocks of the reference have edges enough to be known again.
    """
    corners = [(int(x) * BLOCK_PX, int(y) * BLOCK_PX) for y, x in np.argwhere(telling)]
    if len(corners) < BLOCKS_MIN:
        return Alignment(1.0, 0.0)
    near = _search(edges, reference, corners, (0, 0))
    if near.displaced + near.at_home >= 0.3:
        return near
    far = _far_shift(edges, reference)
    return near if far is None else max(near, _search(edges, reference, corners, far), key=lambda a: a.displaced)


def _search(edges: Edges, reference: Edges, corners: Sequence[tuple[int, int]], around: tuple[int, int]) -> Alignment:
    at_home, places, found = 0, [], []
    for x, y in corners:
        step = _step(edges, reference, (x, y), around)
        if step is None:
            continue
        if np.hypot(*step) < SHIFT_MIN_PX:
            at_home += 1
        else:
            places.append((x, y))
            found.append((x + step[0], y + step[1]))
    return Alignment(at_home / len(corners), _together(places, found) / len(corners))


def _step(
    edges: Edges, reference: Edges, corner: tuple[int, int], around: tuple[int, int]
) -> tuple[float, float] | None:
    """Return by how much a block has moved; None where it is not found, or as good at home as elsewhere."""
    x, y = corner
    height, width = edges.shape
    left, top = max(0, x + around[0] - REACH_PX), max(0, y + around[1] - REACH_PX)
    right, bottom = (
        min(width, x + around[0] + BLOCK_PX + REACH_PX),
        min(height, y + around[1] + BLOCK_PX + REACH_PX),
    )
    if right - left < BLOCK_PX or bottom - top < BLOCK_PX:
        return None
    block = reference[y : y + BLOCK_PX, x : x + BLOCK_PX]
    match = cv2.matchTemplate(edges[top:bottom, left:right], block, cv2.TM_CCOEFF_NORMED)
    _, best, _, (at_x, at_y) = cv2.minMaxLoc(match)
    if best < FOUND_MIN:
        return None
    home_x, home_y = x - left, y - top
    if 0 <= home_x < match.shape[1] and 0 <= home_y < match.shape[0] and match[home_y, home_x] > best - BETTER_BY:
        return (0.0, 0.0)
    return float(left + at_x - x), float(top + at_y - y)


def _together(places: list[tuple[int, int]], found: list[tuple[float, float]]) -> int:
    """Return how many blocks moved as one: by one shift, turn and zoom."""
    if len(places) < BLOCKS_MIN:
        return 0
    _, inside = cv2.estimateAffinePartial2D(
        np.array(places, np.float32), np.array(found, np.float32), ransacReprojThreshold=FIT_PX
    )
    return 0 if inside is None else int(inside.sum())


def _far_shift(edges: Edges, reference: Edges) -> tuple[int, int] | None:
    """Return the shift of the whole picture, where there is one that stands out."""
    window = cv2.createHanningWindow((edges.shape[1], edges.shape[0]), cv2.CV_32F)
    # copies: it multiplies its inputs by the window in place (OpenCV 5.0)
    (x, y), response = cv2.phaseCorrelate(reference.copy(), edges.copy(), window)
    return (round(x), round(y)) if response >= FAR_RESPONSE_MIN else None
