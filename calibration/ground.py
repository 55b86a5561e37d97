"""The ground plane: pixels to metres and back by a homography, fitted by least squares, with its residual.

Method: the normalised direct linear transformation (Hartley and Zisserman, Multiple View Geometry, 2nd ed., 4.4).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(N, 2) float64: x, y."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A fitted plane. ``metres_of_px`` is the (3, 3) homography; residuals are in metres, one per reference point."""

    metres_of_px: NDArray[np.float64]
    residuals_m: tuple[float, ...]
    side: float
    points_px: Points = field(repr=False, compare=False)
    points_m: Points = field(repr=False, compare=False)
    px_of_metres: NDArray[np.float64] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        inverse = np.asarray(np.linalg.inv(self.metres_of_px), dtype=np.float64)
        object.__setattr__(self, "px_of_metres", inverse)  # the frozen form of an attribute that follows from another

    @property
    def rms_m(self) -> float:
        """Return the root mean square of the residuals in metres."""
        return float(np.sqrt(np.mean(np.square(self.residuals_m))))

    def to_metres(self, points_px: Points) -> Points:
        """Map (N, 2) pixels to (N, 2) metres; a point at or over the horizon becomes NaN."""
        return _apply(self.metres_of_px, points_px, self.side)

    def to_pixels(self, points_m: Points) -> Points:
        """Map (N, 2) metres to (N, 2) pixels; a point behind the camera becomes NaN."""
        inverse = self.px_of_metres
        depth = points_m @ inverse[2, :2] + inverse[2, 2]
        mapped = _apply(inverse, points_m, 0.0)
        return np.where((np.sign(depth) == np.sign(self.side))[:, None], mapped, np.nan)


def fit_ground(points_px: Points, points_m: Points) -> Ground:
    """Fit the plane through reference points.

    Args:
        points_px: (N, 2) pixels, N >= 4, not all on one line.
        points_m: (N, 2) metres on the road, in the same order.

    Raises:
        ValueError: where the points fix no plane.
    """
    to_unit_px, to_unit_m = _normaliser(points_px), _normaliser(points_m)
    a, b = _apply(to_unit_px, points_px, 0.0), _apply(to_unit_m, points_m, 0.0)
    rows = np.zeros((2 * len(a), 9))
    rows[0::2, 0:2], rows[0::2, 2], rows[0::2, 6:8], rows[0::2, 8] = a, 1, -b[:, :1] * a, -b[:, 0]
    rows[1::2, 3:5], rows[1::2, 5], rows[1::2, 6:8], rows[1::2, 8] = a, 1, -b[:, 1:] * a, -b[:, 1]
    _, singular, vectors = np.linalg.svd(rows)
    if singular[7] < 1e-9 * singular[0]:
        raise ValueError("the reference points fix no plane: too many of them lie on one line")
    homography = np.linalg.inv(to_unit_m) @ vectors[8].reshape(3, 3) @ to_unit_px
    homography /= np.linalg.norm(homography)
    sides = np.c_[points_px, np.ones(len(points_px))] @ homography[2]
    if not (np.all(sides > 0) or np.all(sides < 0)):
        raise ValueError("the reference points lie on both sides of the horizon: a pair must be wrong")
    side = float(np.sign(sides[0]))
    residuals = np.linalg.norm(_apply(homography, points_px, side) - points_m, axis=1)
    return Ground(homography, tuple(float(r) for r in residuals), side, points_px, points_m)


def _normaliser(points: Points) -> NDArray[np.float64]:
    """Return the similarity that brings points to mean 0 and mean distance sqrt(2)."""
    centre = points.mean(axis=0)
    distance = np.linalg.norm(points - centre, axis=1).mean()
    if distance == 0:
        raise ValueError("the reference points are all the same")
    scale = np.sqrt(2) / distance
    return np.array([[scale, 0, -scale * centre[0]], [0, scale, -scale * centre[1]], [0, 0, 1]])


def _apply(homography: NDArray[np.float64], points: Points, side: float) -> Points:
    """Map points; where ``side`` is given, those on the other side of the horizon become NaN."""
    mapped = points @ homography[:, :2].T + homography[:, 2]
    depth = mapped[:, 2:]
    good = np.abs(depth) > 1e-12 if side == 0 else depth * side > 1e-12
    return np.where(good, mapped[:, :2] / np.where(good, depth, 1.0), np.nan)
