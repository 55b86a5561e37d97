"""Draws a pedestrian lamp: a dark housing with two faces, of which the red or the green figure is lit, and its glow.

Drawn eight times larger and scaled down, so that its edges are as soft as a lens leaves them.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from contract.words import LampState
from edge.pipeline import PictureBgr

FINE: Final = 8
HOUSING_BGR: Final = (34, 33, 31)
DARK_BGR: Final = (52, 50, 48)
LIT_BGR: Final = {LampState.RED: (60, 50, 255), LampState.GREEN: (150, 255, 90)}
GLOW: Final = 0.45
FLASH_MS: Final = 500
RIM_PX: Final = 3


def lit(state: LampState, t_ms: int, since_ms: int) -> LampState | None:
    """Return the colour that shines at a time: red, green, or none in the dark half of a flash."""
    if state is LampState.FLASHING_GREEN:
        return LampState.GREEN if (t_ms - since_ms) // FLASH_MS % 2 == 0 else None
    return state if state in LIT_BGR else None


def draw_lamp(picture: PictureBgr, lamp_xywh_px: tuple[int, int, int, int], colour: LampState | None) -> None:
    """Draw the lamp into a picture, in place."""
    x, y, width, height = lamp_xywh_px
    top, left = y - RIM_PX, x - RIM_PX
    housing = picture[top : y + height + RIM_PX, left : x + width + RIM_PX]
    housing[:] = HOUSING_BGR
    for index, face in enumerate((LampState.RED, LampState.GREEN)):
        figure = _figure(width, height // 2, walking=face is LampState.GREEN)
        bright = LIT_BGR[face] if face is colour else DARK_BGR
        part = picture[y + index * (height // 2) : y + (index + 1) * (height // 2), x : x + width]
        part[:] = np.round(part * (1 - figure) + np.array(bright) * figure).astype(np.uint8)
    if colour is not None:
        _glow(picture, (x + width / 2, y + height * (0.25 if colour is LampState.RED else 0.75)), width, colour)


def _figure(width: int, height: int, *, walking: bool) -> NDArray[np.float64]:
    """Return how much of each pixel a small person fills, (height, width, 1)."""
    fine = np.zeros((height * FINE, width * FINE), np.uint8)
    high, wide = fine.shape

    def at(x: float, y: float) -> tuple[int, int]:
        return round(x * wide), round(y * high)

    thick = max(1, round(0.13 * wide))
    spread = 0.2 if walking else 0.06
    cv2.circle(fine, at(0.5, 0.16), round(0.11 * wide), 255, -1)
    cv2.line(fine, at(0.5, 0.36), at(0.5, 0.58), 255, round(1.9 * thick))
    for side in (-1, 1):
        cv2.line(fine, at(0.5, 0.6), at(0.5 + side * spread, 0.93), 255, thick)
        cv2.line(fine, at(0.5, 0.36), at(0.5 + side * (spread + 0.06), 0.6), 255, thick)
    small = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float64)[:, :, None] / 255.0


def _glow(picture: PictureBgr, centre: tuple[float, float], width: int, colour: LampState) -> None:
    reach = round(width * 1.2)
    x, y = round(centre[0]), round(centre[1])
    x1, y1 = max(0, x - reach), max(0, y - reach)
    part = picture[y1 : y + reach, x1 : x + reach]
    rows, columns = np.mgrid[y1 : y1 + part.shape[0], x1 : x1 + part.shape[1]]
    near = np.exp(-((columns + 0.5 - centre[0]) ** 2 + (rows + 0.5 - centre[1]) ** 2) / (0.35 * width) ** 2 / 2)
    light = GLOW * near[:, :, None] * (np.array(LIT_BGR[colour]) / 255.0)
    part[:] = np.round(255 - (255 - part) * (1 - light)).astype(np.uint8)
