"""Even motion on the ground with a Kalman filter: x, y in metres and vx, vy in metres a second. Pure numpy.

Noise is white acceleration of a given strength (Bar-Shalom, Li, Kirubarajan, Estimation with Applications, 6.3.2), so
what is expected after a gap depends on its seconds and not on how many frames it had.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PLACE, SPEED = np.arange(2), np.arange(2, 4)


@dataclass(frozen=True, slots=True)
class Motion:
    """Where somebody is believed to be. ``mean`` is (4,), ``covariance`` (4, 4): x, y, vx, vy."""

    t_ms: int
    mean: Floats
    covariance: Floats

    @property
    def place_m(self) -> Floats:
        """Return the place (2,)."""
        return self.mean[:2]

    @property
    def speed_mps(self) -> float:
        """Return the speed."""
        return float(np.hypot(self.mean[2], self.mean[3]))


def begin(t_ms: int, place_m: Floats, noise_m2: Floats, speed_sigma_mps: float) -> Motion:
    """Return what is believed after one sight. ``noise_m2`` is the sight's (2, 2) covariance."""
    covariance = np.zeros((4, 4))
    covariance[:2, :2] = noise_m2
    covariance[2, 2] = covariance[3, 3] = speed_sigma_mps**2
    return Motion(t_ms, np.array([place_m[0], place_m[1], 0.0, 0.0]), covariance)


def predict(motions: Sequence[Motion], t_ms: int, accelerations_mps2: Sequence[float]) -> list[Motion]:
    """Return what is believed at a later time without a sight, of many at once; each has its own acceleration."""
    if not motions:
        return []
    dt_s = np.array([max(t_ms - motion.t_ms, 0) for motion in motions]) / 1000
    steps = np.tile(np.eye(4), (len(motions), 1, 1))
    steps[:, PLACE, SPEED] = dt_s[:, None]
    strengths = np.square(accelerations_mps2)
    means = (steps @ np.array([motion.mean for motion in motions])[:, :, None])[:, :, 0]
    covariances = steps @ np.array([motion.covariance for motion in motions]) @ steps.transpose(0, 2, 1)
    covariances[:, PLACE, PLACE] += (strengths * dt_s**4 / 4)[:, None]
    covariances[:, SPEED, SPEED] += (strengths * dt_s**2)[:, None]
    covariances[:, PLACE, SPEED] += (strengths * dt_s**3 / 2)[:, None]
    covariances[:, SPEED, PLACE] += (strengths * dt_s**3 / 2)[:, None]
    return [Motion(max(t_ms, m.t_ms), means[i], covariances[i]) for i, m in enumerate(motions)]


def update(motions: Sequence[Motion], places_m: Floats, noises_m2: Floats) -> list[Motion]:
    """Return what is believed after a sight of each at its own time (Joseph's form, which stays symmetric).

    Args:
        motions: N of them.
        places_m: (N, 2) where they were seen.
        noises_m2: (N, 2, 2) how exact that is.
    """
    if not motions:
        return []
    means, covariances = np.array([m.mean for m in motions]), np.array([m.covariance for m in motions])
    gains = covariances[:, :, :2] @ np.linalg.inv(covariances[:, :2, :2] + noises_m2)
    means = means + (gains @ (places_m - means[:, :2])[:, :, None])[:, :, 0]
    keep = np.tile(np.eye(4), (len(motions), 1, 1))
    keep[:, :, :2] -= gains
    covariances = keep @ covariances @ keep.transpose(0, 2, 1) + gains @ noises_m2 @ gains.transpose(0, 2, 1)
    return [Motion(motion.t_ms, means[i], covariances[i]) for i, motion in enumerate(motions)]


def distances2(means_m: Floats, covariances_m2: Floats, places_m: Floats, noises_m2: Floats) -> Floats:
    """Return (N, M) squared Mahalanobis distances on the ground; where a place is no number, infinity.

    Args:
        means_m: (N, 2) where the tracks are believed to be.
        covariances_m2: (N, 2, 2).
        places_m: (N, M, 2) where each detection would be if it were each track's.
        noises_m2: (N, M, 2, 2) how exact that is.
    """
    apart = places_m - means_m[:, None]
    inverse = np.linalg.inv(covariances_m2[:, None] + np.nan_to_num(noises_m2, nan=1.0))
    squared = np.einsum("nmi,nmij,nmj->nm", apart, inverse, apart)
    known: Floats = np.where(np.isfinite(squared), squared, np.inf)
    return known
