"""The shapes that light up in a window: a disc, a standing or walking figure, a bicycle, an arrow, a number.

Each is a mask of (side, side) float32 from 0 to 1, drawn on a raster of its own and scaled down.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from datasets.lamps.values import Mask

FINE: Final = 96
WHITE: Final = 255
Canvas = np.ndarray[tuple[int, int], np.dtype[np.uint8]]


def sign(name: str, side: int, *, dotted: bool) -> Mask:
    """Return the mask of a sign; digits are their own name. ``dotted``: made of single LEDs, as seen from near."""
    canvas = np.zeros((FINE, FINE), np.uint8)
    DRAWN.get(name, _number(name))(canvas)
    mask = canvas.astype(np.float32) / WHITE
    if dotted and side >= FINE // 4:
        mask *= _dots()
    return np.asarray(cv2.resize(mask, (side, side), interpolation=cv2.INTER_AREA), dtype=np.float32)


def _dots() -> Mask:
    rows, columns = np.mgrid[0:FINE, 0:FINE] % 8 - 3.5
    return np.asarray(0.35 + 0.9 * np.exp(-(rows**2 + columns**2) / 9), dtype=np.float32)


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * (FINE - 1)), round(y * (FINE - 1))


def _lines(canvas: Canvas, thick: float, *points: tuple[float, float]) -> None:
    for begin, end in pairwise(points):
        cv2.line(canvas, _at(*begin), _at(*end), WHITE, max(1, round(thick * FINE)), cv2.LINE_AA)


def _disc(canvas: Canvas) -> None:
    cv2.circle(canvas, _at(0.5, 0.5), round(0.47 * FINE), WHITE, -1, cv2.LINE_AA)


def _standing(canvas: Canvas) -> None:
    cv2.circle(canvas, _at(0.5, 0.16), round(0.09 * FINE), WHITE, -1, cv2.LINE_AA)
    _lines(canvas, 0.2, (0.5, 0.36), (0.5, 0.56))
    for side in (-1, 1):
        _lines(canvas, 0.1, (0.5 + side * 0.06, 0.55), (0.5 + side * 0.07, 0.92))
        _lines(canvas, 0.07, (0.5 + side * 0.1, 0.32), (0.5 + side * 0.17, 0.58))


def _walking(canvas: Canvas) -> None:
    cv2.circle(canvas, _at(0.52, 0.15), round(0.09 * FINE), WHITE, -1, cv2.LINE_AA)
    _lines(canvas, 0.16, (0.51, 0.34), (0.49, 0.54))
    _lines(canvas, 0.1, (0.49, 0.56), (0.62, 0.72), (0.66, 0.92))
    _lines(canvas, 0.1, (0.48, 0.56), (0.4, 0.75), (0.26, 0.9))
    _lines(canvas, 0.07, (0.53, 0.32), (0.68, 0.48), (0.78, 0.5))
    _lines(canvas, 0.07, (0.49, 0.32), (0.34, 0.44), (0.3, 0.56))


def _bicycle(canvas: Canvas) -> None:
    for x in (0.25, 0.75):
        cv2.circle(canvas, _at(x, 0.64), round(0.19 * FINE), WHITE, round(0.06 * FINE), cv2.LINE_AA)
    _lines(canvas, 0.06, (0.25, 0.64), (0.42, 0.38), (0.68, 0.38), (0.5, 0.64), (0.42, 0.38), (0.38, 0.3))
    _lines(canvas, 0.06, (0.75, 0.64), (0.66, 0.28), (0.76, 0.26))


def _arrow(turns: int) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        _lines(canvas, 0.13, (0.5, 0.9), (0.5, 0.2))
        _lines(canvas, 0.13, (0.22, 0.45), (0.5, 0.14), (0.78, 0.45))
        canvas[:] = np.rot90(canvas, turns)

    return draw


def _number(digits: str) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        scale = 1.9 if len(digits) == 2 else 2.6
        (width, height), _ = cv2.getTextSize(digits, cv2.FONT_HERSHEY_DUPLEX, scale, 7)
        place = ((FINE - width) // 2, (FINE + height) // 2)
        cv2.putText(canvas, digits, place, cv2.FONT_HERSHEY_DUPLEX, scale, WHITE, 7, cv2.LINE_AA)

    return draw


DRAWN: Final[dict[str, Callable[[Canvas], None]]] = {
    "disc": _disc,
    "standing": _standing,
    "walking": _walking,
    "bicycle": _bicycle,
    "ahead": _arrow(0),
    "left": _arrow(1),
    "right": _arrow(3),
}
