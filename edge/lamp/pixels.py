"""A lamp's region, pixel by pixel: its light above the ground, as brightness, chroma, hue and energy.

Light adds up, bytes do not: colours are taken in linear light above the region's own darkest part, so that a veil of
glare, a bloom or a coloured dusk falls out and what is left is the lamp's own colour.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.pipeline import PictureBgr

DARKEST: Final = 0.1
GAMMA: Final = 2.2
LINEAR: Final = ((np.arange(256) / 255) ** GAMMA).astype(np.float32)
SLOPE: Final = (255 * np.maximum(LINEAR, 0.02) ** (1 / GAMMA - 1) / GAMMA).astype(np.float32)
"""Of levels over light, by the level."""
GLOWS: Final = ((np.arange(256) / 255) ** 4).astype(np.float32)
SATURATED: Final = 248
"""A level so near the end may be any brightness: nothing is taken off, and such a pixel's hue counts for little."""
CLIPPED_COUNTS: Final = 0.05
CHROMA_MIN: Final = 8.0

Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pixels:
    """The sampled region and its ring, (rows, 22) each.

    ``value`` and ``chroma`` are in levels, ``hue_deg`` is that of linear light, ``pale`` is 0 to 1, ``energy`` is what
    a pixel counts for as coloured light. ``light_bgr`` (rows, 22, 3) is the linear light with nothing taken off,
    ``darkest`` the level of the darkest tenth.
    """

    value: Levels
    chroma: Levels
    hue_deg: Levels
    pale: Levels
    energy: Levels
    light_bgr: Levels
    darkest: float


def told_apart(sampled: PictureBgr) -> Pixels:
    """Return what each pixel of a sampled region, (rows, columns, 3) uint8, says."""
    value = np.asarray(cv2.max(cv2.max(sampled[:, :, 0], sampled[:, :, 1]), sampled[:, :, 2]), np.uint8)
    flat = value.ravel()
    darkest = float(np.partition(flat, int(DARKEST * flat.size))[int(DARKEST * flat.size)])
    light = np.asarray(cv2.LUT(sampled, LINEAR), np.float32)
    clipped = value >= SATURATED
    own = light - light.reshape(-1, 3)[flat <= darkest].mean(axis=0) * ~clipped[:, :, None]
    hsv = np.asarray(cv2.cvtColor(own + 1, cv2.COLOR_BGR2HSV), np.float32)  # plus one: same hue, nothing below nought
    high = hsv[:, :, 2] - 1
    low = np.maximum(high - hsv[:, :, 1] * hsv[:, :, 2], 0)
    chroma = np.asarray((high - low) * cv2.LUT(value, SLOPE), np.float32)
    chroma[chroma < CHROMA_MIN] = 0
    glows = np.asarray(cv2.LUT(value, GLOWS), np.float32)  # a lens in the sun is coloured as well, but less bright
    energy = np.asarray(chroma * chroma * np.where(clipped, CLIPPED_COUNTS * glows, glows), np.float32)
    pale = np.asarray(low / np.maximum(high, 1e-5), np.float32)
    return Pixels(value.astype(np.float32), chroma, hsv[:, :, 0], pale, energy, light, darkest)
