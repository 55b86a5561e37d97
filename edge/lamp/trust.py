"""How far each answer may be believed: a small net of one hidden layer, from features to log-odds."""

from dataclasses import dataclass

import numpy as np

from edge.lamp.pixels import Levels


@dataclass(frozen=True, slots=True)
class Trust:
    """One table of weights.

    Features beyond ``limits`` (2, N), beyond what was ever seen, count as its edge; from them ``centre`` (N,) is taken,
    and they are divided by ``scale`` (N,). ``inner`` (N, H) and ``inner_constant`` (H,) lead to the hidden layer,
    ``outer`` (H, 5) and ``outer_constant`` (5,) to red, yellow, green, dark and unknown.
    """

    limits: Levels
    centre: Levels
    scale: Levels
    inner: Levels
    inner_constant: Levels
    outer: Levels
    outer_constant: Levels

    def odds(self, features: Levels) -> Levels:
        """Return the log-odds of red, yellow, green and dark, each against all else, of (N,) features, (4,)."""
        at = (np.minimum(np.maximum(features, self.limits[0]), self.limits[1]) - self.centre) / self.scale
        heights = np.tanh(at @ self.inner + self.inner_constant) @ self.outer + self.outer_constant
        shares = np.exp(heights - heights.max())
        return np.asarray(np.log(shares[:-1] + 1e-12) - np.log(shares.sum() - shares[:-1] + 1e-12), dtype=np.float32)


def sure(odds: float) -> float:
    """Return log-odds as a probability."""
    return float(1 / (1 + np.exp(-min(max(odds, -30.0), 30.0))))
