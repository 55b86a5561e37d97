"""What the pixels of a lamp's region say, as a few numbers: how much light of which colour, where, on what ground.

Light adds up, bytes do not: colours are taken in linear light above the region's own darkest part, so that a veil of
glare, a bloom or a coloured dusk falls out and what is left is the lamp's own colour.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.lamp.sampling import EDGE_PX, PARTS, RING_PX, SHORT_PX, is_stacked, sample
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
HUES: Final = ("red", "orange", "amber", "lime", "green", "azure", "blue", "pink")
HUE_ENDS_DEG: Final = (14, 26, 54, 120, 194, 205, 285, 315)
"""In linear light. Lime and green meet where red and blue are equal: a signal's green (495 to 515 nm) has more blue in
it than red, so with exchanged channels it is lime."""
HUE_OF_DEG: Final = (np.searchsorted(HUE_ENDS_DEG, np.arange(361), side="right") % len(HUES)).astype(np.int64)
STEPS: Final = np.arange(len(HUES))
ALIKE: Final = np.isin((STEPS[:, None] - STEPS) % len(HUES), (0, 1, len(HUES) - 1))
"""(8, 8): which hues are the same or neighbours."""
TELLING: Final = 0.25
"""Pixels with so much of the strongest energy count as being of the light."""
STANDING: Final = slice(RING_PX, -RING_PX)
MIDDLE: Final = (STANDING, slice(RING_PX + EDGE_PX, -RING_PX - EDGE_PX))

Levels = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The numbers, in levels of 0 to 255 unless said otherwise.

    ``light`` is (8, 6): per hue and per sixth of the long axis, from the red end, the mean energy of coloured light.
    ``peak`` is the chroma of the most coloured thirtieth, ``shine`` and ``pale`` (0 to 1) the brightness and whiteness
    of the strongest hue, ``spill`` its energy beside the region over that inside, ``spread`` the share of all pixels
    that have it. ``across`` and ``value_across`` (22,) are its chroma and the brightness over the short axis.
    ``inside``, ``left`` and ``right`` (6,) are brightnesses per sixth.
    """

    stacked: bool
    short_px: float
    light: Levels
    peak: float
    brightest: float
    ground: float
    shine: float
    pale: float
    spill: float
    spread: float
    across: Levels
    value_across: Levels
    inside: Levels
    left: Levels
    right: Levels


@dataclass(frozen=True, slots=True)
class _Pixels:
    """The sampled region, pixel by pixel: brightness, chroma, number of the hue, paleness, energy; and ``light``."""

    value: Levels
    chroma: Levels
    hue: Numbers
    pale: Levels
    energy: Levels
    light: Levels

    @property
    def main(self) -> int:
        """Return the strongest hue: a lamp is in its place, what a region has of a wall is everywhere."""
        return int(self.light.max(axis=1).argmax())


def gather(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float]) -> Evidence | None:
    """Return the evidence of a region; None where it is not wholly in the picture."""
    sampled = sample(picture_bgr, xywh_px)
    if sampled is None:
        return None
    value = np.asarray(cv2.max(cv2.max(sampled[:, :, 0], sampled[:, :, 1]), sampled[:, :, 2]), np.uint8)
    flat = value.ravel()
    darkest = float(np.partition(flat, int(DARKEST * flat.size))[int(DARKEST * flat.size)])
    light = np.asarray(cv2.LUT(sampled, LINEAR), np.float32)
    pixels = _told_apart(light, light.reshape(-1, 3)[flat <= darkest].mean(axis=0), value)
    return _summed(pixels, darkest, xywh_px)


def _told_apart(light: Levels, ground: Levels, value: NDArray[np.uint8]) -> _Pixels:
    clipped = value >= SATURATED
    own = light - ground * ~clipped[:, :, None]
    hsv = np.asarray(cv2.cvtColor(own + 1, cv2.COLOR_BGR2HSV), np.float32)  # plus one: same hue, nothing below nought
    high = hsv[:, :, 2] - 1
    low = np.maximum(high - hsv[:, :, 1] * hsv[:, :, 2], 0)
    chroma = np.asarray((high - low) * cv2.LUT(value, SLOPE), np.float32)
    chroma[chroma < CHROMA_MIN] = 0
    hue = HUE_OF_DEG[hsv[:, :, 0].astype(np.int64)]
    glows = np.asarray(cv2.LUT(value, GLOWS), np.float32)  # a lens in the sun is coloured as well, but less bright
    energy = chroma * chroma * np.where(clipped, CLIPPED_COUNTS * glows, glows)
    pale = np.asarray(low / np.maximum(high, 1e-5), np.float32)
    return _Pixels(value.astype(np.float32), chroma, hue, pale, energy, _by_hue(energy[MIDDLE], hue[MIDDLE]))


def _summed(pixels: _Pixels, darkest: float, xywh_px: tuple[float, float, float, float]) -> Evidence:
    alike = ALIKE[pixels.main][pixels.hue]
    own, chroma = np.where(alike, pixels.energy, 0), np.where(alike, pixels.chroma, 0)
    rows = _shining_rows(chroma)
    shining = np.count_nonzero(rows)
    left, inside, right = _medians(pixels.value[STANDING])
    return Evidence(
        stacked=is_stacked(xywh_px),
        short_px=min(xywh_px[2:]),
        light=pixels.light,
        peak=_top(pixels.chroma[MIDDLE], 30),
        brightest=_top(pixels.value[STANDING, RING_PX:-RING_PX], 30),
        ground=darkest,
        shine=_top(pixels.value[MIDDLE][rows], 10),
        pale=_paleness(pixels),
        spill=_beside(own[STANDING]),
        spread=np.count_nonzero(own >= TELLING * max(_top(own[MIDDLE], 30), 1)) / own.size,
        across=chroma[STANDING][rows].sum(axis=0) / shining,
        value_across=pixels.value[STANDING][rows].sum(axis=0) / shining,
        inside=inside,
        left=left,
        right=right,
    )


def _paleness(pixels: _Pixels) -> float:
    exact = np.where(pixels.hue[MIDDLE] == pixels.main, pixels.energy[MIDDLE], 0)
    return float((exact * pixels.pale[MIDDLE]).sum() / max(float(exact.sum()), 1e-3))


def _by_hue(weight: Levels, hue: Numbers) -> Levels:
    """Return the mean weight per hue and part of the long axis, (8, 6)."""
    rows, columns = weight.shape
    part = (np.arange(rows) * PARTS // rows)[:, None]
    sums = np.bincount((hue * PARTS + part).ravel(), weight.ravel(), len(HUES) * PARTS)
    return np.asarray(sums.reshape(len(HUES), PARTS) / (rows * columns / PARTS), dtype=np.float32)


def _top(levels: Levels, share: int) -> float:
    """Return the mean of the highest pixels, one of so many."""
    count = max(2, levels.size // share)
    return float(np.partition(levels.ravel(), -count)[-count:].sum()) / count


def _shining_rows(chroma: Levels) -> NDArray[np.bool_]:
    """Return which rows of the region shine at least half as much as the best, (rows,)."""
    by_row = chroma[RING_PX:-RING_PX, RING_PX + EDGE_PX : -RING_PX - EDGE_PX].sum(axis=1)
    return np.asarray(by_row >= 0.5 * by_row.max(), dtype=np.bool_)


def _beside(own: Levels) -> float:
    """Return the energy on the stronger side of the region over that in it."""
    by_column = own.sum(axis=0) / own.shape[0]
    beside = max(float(by_column[: RING_PX - 1].sum()), float(by_column[1 - RING_PX :].sum())) / (RING_PX - 1)
    return beside / max(float(by_column[RING_PX:-RING_PX].sum()) / SHORT_PX, 1e-3)


def _medians(standing: Levels) -> tuple[Levels, Levels, Levels]:
    """Return the medians per sixth of what is left of the region, in it, and right of it, (6,) each."""
    rows = standing.shape[0] // PARTS
    strips = (standing[:, : RING_PX - 1], standing[:, RING_PX:-RING_PX], standing[:, 1 - RING_PX :])
    left, inside, right = (np.sort(strip.reshape(PARTS, -1), axis=1)[:, rows * strip.shape[1] // 2] for strip in strips)
    return left, inside, right
