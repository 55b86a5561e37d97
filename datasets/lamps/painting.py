"""Paints a lamp in linear light: what it gives back of the daylight, and, apart from that, what it gives by itself.

Painted several times larger than the picture, so that edges are as soft as a lens leaves them.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from contract.words import LampState
from datasets.lamps.signs import sign
from datasets.lamps.values import Air, Body, Flicker, LightRgb, Mask

WINDOW_FINE_PX: Final = 30
SUN_BACK, TINTED_BACK, CLEAR_BACK = 0.8, 0.35, 0.12
"""How much of a low sun a lens gives back, in its own tint and in white."""
AROUND: Final = 1.0
"""The picture reaches so many windows beyond the lamp, and a little more."""
AROUND_PX: Final = 8


@dataclass(frozen=True, slots=True)
class Easel:
    """Where the lamp stands in a picture: the size of the picture, of the lamp's windows and the fineness."""

    size_wh: tuple[int, int]
    x: float
    y: float
    fine: int

    def slices(self, x: float, y: float, width: float, height: float) -> tuple[slice, slice]:
        """Return rows and columns on the fine raster of a rectangle in pixels of the picture."""
        rows = slice(max(0, round(y * self.fine)), max(0, round((y + height) * self.fine)))
        return rows, slice(max(0, round(x * self.fine)), max(0, round((x + width) * self.fine)))

    def window(self, body: Body, number: int) -> tuple[slice, slice]:
        """Return rows and columns on the fine raster of one window."""
        along = number * body.window_px
        x, y = (self.x + along, self.y) if body.lying else (self.x, self.y + along)
        rows, columns = self.slices(x, y, body.window_px, body.window_px)
        return slice(rows.start, rows.start + self.side(body)), slice(columns.start, columns.start + self.side(body))

    def side(self, body: Body) -> int:
        """Return a window's side on the fine raster."""
        return round(body.window_px * self.fine)


def easel_for(body: Body, random: np.random.Generator) -> Easel:
    """Return a picture's measures, the lamp near its middle."""
    around = AROUND * body.window_px + AROUND_PX
    width, height = body.size_px
    fine = int(np.clip(np.ceil(WINDOW_FINE_PX / body.window_px), 2, 8))
    shift = random.uniform(-1, 1, 2)
    size_wh = (int(width + 2 * around) + 2, int(height + 2 * around) + 2)
    return Easel(size_wh, around + float(shift[0]), around + float(shift[1]), fine)


def enlarged(light: LightRgb, easel: Easel) -> LightRgb:
    """Return a picture on the fine raster."""
    wide, high = (side * easel.fine for side in easel.size_wh)
    return np.asarray(cv2.resize(light, (wide, high), interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def reduced(light: LightRgb, easel: Easel) -> LightRgb:
    """Return a fine raster in the picture's size."""
    return np.asarray(cv2.resize(light, easel.size_wh, interpolation=cv2.INTER_AREA), dtype=np.float32)


def paint_body(scene: LightRgb, body: Body, air: Air, easel: Easel) -> None:
    """Paint housing and unlit lenses into a fine raster, in place."""
    ambient = np.array(air.ambient, np.float32)
    width, height = body.size_px
    rim = body.rim_px
    scene[easel.slices(easel.x - rim, easel.y - rim, width + 2 * rim, height + 2 * rim)] = body.housing * ambient
    side = easel.side(body)
    shape = _lens(side, body.lens_share)[:, :, None]
    shade = np.linspace(0.45, 1.15, side, dtype=np.float32)[:, None, None]  # a visor above
    shine = _shine(side)[:, :, None] * air.sun_on_lens
    for number, lens in enumerate(body.lenses):
        part = scene[easel.window(body, number)]
        tint = np.array(lens, np.float32)
        back = ambient * (tint * shade + shine * SUN_BACK * (TINTED_BACK * tint / tint.max() + CLEAR_BACK))
        part += shape * (back - part)


def phantom(air: Air) -> float:
    """Return how bright a lens is in the sun where it is brightest, in the measure of ``Air.power``."""
    return max(air.ambient) * air.sun_on_lens * SUN_BACK * (TINTED_BACK + CLEAR_BACK)


def _lens(side: int, share: float) -> Mask:
    mask = np.zeros((side, side), np.float32)
    cv2.circle(mask, (side // 2, side // 2), max(1, round(side * share / 2)), 1.0, -1, cv2.LINE_AA)
    return mask


def _shine(side: int) -> Mask:
    """Return how a low sun lights a lens: all of it a little, its lower half most."""
    rows, columns = np.mgrid[0:side, 0:side] / max(1, side - 1)
    return np.asarray(0.35 + 0.65 * np.exp(-((rows - 0.62) ** 2 + (columns - 0.45) ** 2) / 0.06), dtype=np.float32)


def glow_of(body: Body, state: LampState, air: Air, flicker: Flicker, easel: Easel) -> LightRgb:
    """Return the light that the lamp gives by itself, on the fine raster; none where it is dark."""
    wide, high = (side * easel.fine for side in easel.size_wh)
    light = np.zeros((high, wide, 3), np.float32)
    for glow in body.shows.get(state, ()):
        side = easel.side(body)
        inner = max(1, round(side * body.lens_share))
        mask = np.zeros((side, side), np.float32)
        edge = (side - inner) // 2
        mask[edge : edge + inner, edge : edge + inner] = sign(glow.sign, inner, dotted=body.dotted)
        light[easel.window(body, glow.window)] += mask[:, :, None] * np.array(body.light[glow.colour], np.float32)
    light *= air.power
    return _dimmed(light, flicker, body, easel)


def _dimmed(light: LightRgb, flicker: Flicker, body: Body, easel: Easel) -> LightRgb:
    if flicker.band is None:
        return np.asarray(light * flicker.share, dtype=np.float32)
    height = body.size_px[1]
    begin, end = (easel.y + share * height for share in flicker.band)
    rows, _ = easel.slices(0, begin, easel.size_wh[0], end - begin)
    light[rows] *= flicker.share
    return light
