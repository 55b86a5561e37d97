"""How a camera's picture looks, measured on a small grey copy a few times a second: numbers only, no decision.

The copy is divided into blocks; what a block's edges are is compared with what they were when the camera was well.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.camera.align import Alignment, align
from edge.camera.health import Looks
from edge.pipeline import PictureBgr

SMALL_WH_PX: Final = (320, 240)
BLOCKS: Final = (8, 6)
"""Columns and rows."""
EDGE_MIN: Final = 4.0
"""A block whose mean gradient is below shows nothing that could be missed."""
TELLING_MIN: Final = 6
"""A picture with fewer telling blocks is no reference: fog, a covered lens, a dead sensor."""
CONTRAST_MIN: Final = 10.0
ALIGN_BELOW: Final = 0.8
"""Where the edges still agree so well with the reference, nothing has moved, and nothing need be searched."""

Grey = NDArray[np.float32]
AT_HOME: Final = Alignment(at_home=1.0, displaced=0.0)


@dataclass(frozen=True, slots=True)
class Reference:
    """The camera when it was well: a grey picture and the edges of its blocks."""

    small: Grey
    edges: NDArray[np.float32]
    block_edges: NDArray[np.float32]

    @property
    def telling(self) -> NDArray[np.bool_]:
        """Return which blocks have edges enough to be known again, (rows, columns)."""
        return np.asarray(self.block_edges >= EDGE_MIN, dtype=np.bool_)

    @property
    def good(self) -> bool:
        """Tell whether later pictures can be compared with it."""
        return int(self.telling.sum()) >= TELLING_MIN and float(self.small.std()) >= CONTRAST_MIN


def small_grey(picture_bgr: PictureBgr) -> Grey:
    """Return the small copy, (240, 320) float32."""
    small = cv2.resize(picture_bgr, SMALL_WH_PX, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.float32)


def reference_of(small: Grey) -> Reference:
    """Return what later pictures are compared with."""
    edges = edges_of(small)
    return Reference(small, edges, _blocks(edges).mean(axis=(2, 3)))


def look(small: Grey, last: Grey | None, reference: Reference | None) -> Looks:
    """Measure one picture; where there is no reference yet, nothing is said about what it would be compared with."""
    figures = {
        "change": 255.0 if last is None else float(_blocks(np.abs(small - last)).mean(axis=(2, 3)).max()),
        "brightness": float(small.mean()),
        "contrast": float(small.std()),
    }
    if reference is None:
        return Looks(**figures, lit=1.0, focus=1.0, blank=0.0, at_home=1.0, displaced=0.0)
    edges = edges_of(small)
    left = _blocks(edges).mean(axis=(2, 3)) / np.maximum(reference.block_edges, 1e-3)
    lies = lies_where(edges, reference)
    return Looks(
        **figures,
        lit=figures["brightness"] / max(float(reference.small.mean()), 1.0),
        focus=_detail(small) / max(_detail(reference.small), 1e-3),
        blank=float((left[reference.telling] < 0.2).mean()),
        at_home=lies.at_home,
        displaced=lies.displaced,
    )


def lies_where(edges: NDArray[np.float32], reference: Reference) -> Alignment:
    """Return whether the reference's edges are where they were. The search is made only where they do not agree."""
    agreement = np.median(_correlation(_blocks(edges), _blocks(reference.edges))[reference.telling])
    return AT_HOME if agreement >= ALIGN_BELOW else align(edges, reference.edges, reference.telling)


def _detail(small: Grey) -> float:
    """Return the fine detail of a picture for its contrast: a blurred one has less, a dark one has not."""
    return float(np.abs(cv2.Laplacian(small, cv2.CV_32F)).mean()) / max(float(small.std()), 1.0)


def edges_of(small: Grey) -> NDArray[np.float32]:
    """Return the gradient magnitude, of the same shape."""
    smooth = cv2.GaussianBlur(small, (3, 3), 0)
    dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(dx, dy), dtype=np.float32)


def _blocks(picture: Grey) -> NDArray[np.float32]:
    """Return (rows, columns, height, width)."""
    columns, rows = BLOCKS
    height, width = picture.shape
    return picture.reshape(rows, height // rows, columns, width // columns).swapaxes(1, 2)


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (rows, columns) the normalised correlation of blocks."""
    a0, b0 = a - a.mean(axis=(2, 3), keepdims=True), b - b.mean(axis=(2, 3), keepdims=True)
    spread = np.sqrt((a0**2).sum(axis=(2, 3)) * (b0**2).sum(axis=(2, 3)))
    result: NDArray[np.float32] = (a0 * b0).sum(axis=(2, 3)) / np.maximum(spread, 1e-3)
    return result
