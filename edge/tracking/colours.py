"""What somebody looks like in colours: a memory of many sights, and how far two looks are apart. Pure numpy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.float32]
"""(K,) float32, a histogram that sums to 1."""
MEMORY_SIGHTS = 30
"""Older sights fade: light changes as somebody walks from shade to sun."""


def apart(a: Colours, b: Colours) -> float:
    """Return the Hellinger distance of two histograms: 0 for equal ones, 1 for those that share nothing."""
    return float(np.sqrt(max(0.0, 1.0 - float(np.sqrt(a * b).sum()))))


@dataclass(slots=True)
class Memory:
    """The mean look of somebody over the sights that nobody disturbed."""

    mean: Colours | None = None
    sights: int = 0

    def add(self, colours: Colours) -> None:
        """Take one more sight in."""
        self.sights += 1
        weight = 1 / min(self.sights, MEMORY_SIGHTS)
        self.mean = colours if self.mean is None else self.mean + (colours - self.mean) * np.float32(weight)

    def distance(self, colours: Colours) -> float | None:
        """Return how far a look is from this memory, None while there is none."""
        return None if self.mean is None else apart(self.mean, colours)
