"""Boxes and the ground: how tall and wide a box is in metres, and what box to expect at a place. Pure numpy.

People stand upright and the camera is level enough that a metre up looks about as long, wherever they stand, as a
constant times a metre to the side; that constant is part of each track's own height, so it never needs to be known.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mapping = Callable[[Floats], Floats]
"""(N, 2) -> (N, 2); NaN where a point has no image."""
RIGHT = np.array([1.0, 0.0])
DOWN = np.array([0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Perspective:
    """The two directions of a scene's ground."""

    to_metres: Mapping
    to_pixels: Mapping

    def scale_px_per_m(self, feet_px: Floats) -> Floats:
        """Return (N,) how many pixels a metre to the side is, at places of the picture (N, 2)."""
        right, left = np.split(self.to_metres(np.concatenate([feet_px + RIGHT, feet_px - RIGHT])), 2)
        apart = right - left
        scale: Floats = 2.0 / np.maximum(np.hypot(apart[:, 0], apart[:, 1]), 1e-6)
        return scale

    def noise_m2(self, feet_px: Floats, sigma_xy_px: Floats) -> Floats:
        """Return (N, 2, 2): what an error of (N, 2) pixels at a foot point means on the ground, as covariance."""
        side = (self.to_metres(feet_px + RIGHT) - self.to_metres(feet_px - RIGHT)) / 2
        down = (self.to_metres(feet_px + DOWN) - self.to_metres(feet_px - DOWN)) / 2
        bend = np.stack([side * sigma_xy_px[:, :1], down * sigma_xy_px[:, 1:]], axis=2)
        noise: Floats = bend @ bend.transpose(0, 2, 1)
        return noise

    def boxes_px(self, places_m: Floats, sizes_m: Floats) -> Floats:
        """Return the boxes (N, 4) of road users of width and height (N, 2) that stand at places (N, 2)."""
        feet = self.to_pixels(places_m)
        scale = self.scale_px_per_m(feet)[:, None]
        half, tall = sizes_m[:, :1] * scale / 2, sizes_m[:, 1:] * scale
        boxes: Floats = np.concatenate(
            [feet[:, :1] - half, feet[:, 1:] - tall, feet[:, :1] + half, feet[:, 1:]], axis=1
        )
        return boxes
