"""How far a look may be believed: a weighed sum of features and of their products, as log-odds of being right."""

from dataclasses import dataclass

import numpy as np

from edge.lamp.evidence import Levels


@dataclass(frozen=True, slots=True)
class Trust:
    """One table of weights.

    Features beyond ``limits`` (2, N), beyond what was ever seen, count as its edge; from them ``centre`` (N,) is taken,
    and they are divided by ``scale`` (N,). ``straight`` (N,) weighs each, ``pairs`` (N, N) each product of two.
    """

    constant: float
    centre: Levels
    scale: Levels
    limits: Levels
    straight: Levels
    pairs: Levels

    def odds(self, features: Levels) -> float:
        """Return the log-odds that the look is right, of (N,) features."""
        at = (np.minimum(np.maximum(features, self.limits[0]), self.limits[1]) - self.centre) / self.scale
        return float(self.constant + at @ self.straight + at @ self.pairs @ at)


def sure(odds: float) -> float:
    """Return log-odds as a probability."""
    return float(1 / (1 + np.exp(-min(max(odds, -30.0), 30.0))))
