"""Even motion on the ground with a Kalman filter: x, y in metres and vx, vy in metres a second. Pure numpy.

Noise is white acceleration of a given strength (Bar-Shalom, Li, Kirubarajan, Estimation with Applications, 6.3.2), so
what is expected after a gap depends on its seconds and not on how many frames it had.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
AXES = np.arange(4)
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


def predict(motion: Motion, t_ms: int, acceleration_mps2: float) -> Motion:
    """Return what is believed at a later time without a sight."""
    dt_s = (t_ms - motion.t_ms) / 1000
    if dt_s <= 0:
        return motion
    step = np.eye(4)
    step[0, 2] = step[1, 3] = dt_s
    covariance = step @ motion.covariance @ step.T
    strength = acceleration_mps2**2
    covariance[AXES, AXES] += strength * np.array([dt_s**4 / 4, dt_s**4 / 4, dt_s**2, dt_s**2])
    covariance[PLACE, SPEED] += strength * dt_s**3 / 2
    covariance[SPEED, PLACE] += strength * dt_s**3 / 2
    return Motion(t_ms, step @ motion.mean, covariance)


def update(motion: Motion, place_m: Floats, noise_m2: Floats) -> Motion:
    """Return what is believed after a sight at the motion's own time (Joseph's form, which stays symmetric)."""
    innovation = motion.covariance[:2, :2] + noise_m2
    gain = motion.covariance[:, :2] @ np.linalg.inv(innovation)
    mean = motion.mean + gain @ (place_m - motion.mean[:2])
    keep = np.eye(4)
    keep[:, :2] -= gain
    covariance = keep @ motion.covariance @ keep.T + gain @ noise_m2 @ gain.T
    return Motion(motion.t_ms, mean, covariance)


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
