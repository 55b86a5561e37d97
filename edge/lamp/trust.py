"""How far a look may be believed: a weighed sum of features and their squares, as log-odds of being right."""

from dataclasses import dataclass

import numpy as np

from edge.lamp.evidence import Levels


@dataclass(frozen=True, slots=True)
class Trust:
    """One table of weights. ``limits`` is (2, N): features beyond what was ever seen count as its edge.

    ``straight`` and ``square`` are (N,), for features from which ``centre`` is taken and which are divided by ``scale``.
    """

    constant: float
    centre: Levels
    scale: Levels
    limits: Levels
    straight: Levels
    square: Levels

    def odds(self, features: Levels) -> float:
        """Return the log-odds that the look is right, of (N,) features."""
        at = (np.clip(features, self.limits[0], self.limits[1]) - self.centre) / self.scale
        return float(self.constant + (at * self.straight + at * at * self.square).sum())


def sure(odds: float) -> float:
    """Return log-odds as a probability."""
    return float(1 / (1 + np.exp(-np.clip(odds, -30, 30))))
