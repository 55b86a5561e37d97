"""What the pixels of a lamp's region say, as a few numbers: how much light of which colour, where, on what ground.

Light adds up, bytes do not: colours are taken in linear light above the region's own darkest part, so that a veil of
glare, a bloom or a coloured dusk falls out and what is left is the lamp's own colour.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.pipeline import PictureBgr

SHORT_PX: Final = 12
"""Every region is sampled so that its shorter side has so many pixels."""
LONG_MAX_PX: Final = 44
EDGE_PX: Final = 2
"""Left out on both sides where light is looked for: a region is never drawn exactly."""
RING_PX: Final = 5
"""And so many around it, in the same scale."""
STACKED_FROM: Final = 1.4
"""A region so much longer than wide holds two or three windows, one above or beside the other."""
DARKEST: Final = 0.1
GAMMA: Final = 2.2
LINEAR: Final = ((np.arange(256) / 255) ** GAMMA).astype(np.float32)
SATURATED: Final = 0.94
"""A channel so near its end may be any brightness: nothing is taken off, and such a pixel's hue counts for little."""
CLIPPED_COUNTS: Final = 0.05
CHROMA_MIN: Final = 8.0
PARTS: Final = 6
HUES: Final = ("red", "orange", "amber", "lime", "green", "azure", "blue", "pink")
HUE_ENDS_DEG: Final = np.array([14.0, 26.0, 54.0, 120.0, 194.0, 205.0, 285.0, 335.0], np.float32)
"""In linear light. Lime and green meet where red and blue are equal: a signal's green (495 to 515 nm) has more blue than
red in it, so with exchanged channels it is lime."""

Levels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The numbers, in levels of 0 to 255 unless said otherwise.

    ``light`` is (8, 6): per hue and per sixth of the long axis, from the red end, the energy of coloured light (mean
    square of chroma). ``peak`` is the chroma of the brightest thirtieth. ``across`` (22,) is the chroma of the main
    colour over the short axis, ring included, in the rows where it shines. ``inside`` (6,), ``left`` and ``right`` (6,)
    are brightnesses per sixth.
    """

    stacked: bool
    light: Levels
    peak: float
    brightest: float
    ground: float
    shine: float
    pale: float
    spill: float
    across: Levels
    value_across: Levels
    inside: Levels
    left: Levels
    right: Levels


def gather(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float]) -> Evidence | None:
    """Return the evidence of a region; None where it is not wholly in the picture."""
    sampled = sample(picture_bgr, xywh_px)
    if sampled is None:
        return None
    value = sampled.max(axis=2)
    core = (slice(RING_PX, -RING_PX), slice(RING_PX, -RING_PX))
    middle = (slice(RING_PX, -RING_PX), slice(RING_PX + EDGE_PX, -RING_PX - EDGE_PX))
    flat = value.ravel()
    darkest = np.partition(flat, int(DARKEST * flat.size))[int(DARKEST * flat.size)]
    ground = LINEAR[sampled.reshape(-1, 3)[flat <= darkest]].mean(axis=0)
    chroma, hue, counts, pale = _colour(LINEAR[sampled], ground)
    energy = counts * (chroma * (value / 255) ** 2) ** 2
    light = _by_hue(energy[middle], hue[middle])
    main = int(light.sum(axis=1).argmax())
    across, flat_across, shine = _across(chroma, hue, value, main)
    return Evidence(
        stacked=max(xywh_px[2:]) >= STACKED_FROM * min(xywh_px[2:]),
        light=light,
        peak=_top(chroma[middle]),
        brightest=_top(value[core]),
        ground=float(darkest),
        shine=shine,
        spill=_spill(energy, hue, main),
        pale=_paleness(energy[middle], pale[middle], hue[middle], main),
        across=across,
        value_across=flat_across,
        inside=_medians(value[core]),
        left=_medians(value[RING_PX:-RING_PX, : RING_PX - 1]),
        right=_medians(value[RING_PX:-RING_PX, 1 - RING_PX :]),
    )


def sample(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float]) -> PictureBgr | None:
    """Return the region with its ring, standing, red end up, (rows, 22, 3) uint8; None where it is not in the picture."""
    x, y, width, height = xywh_px
    high, wide = picture_bgr.shape[:2]
    short = min(width, height)
    if x < 0 or y < 0 or x + width > wide or y + height > high or short < 2:
        return None
    ring = RING_PX * short / SHORT_PX
    x1, y1, x2, y2 = round(x - ring), round(y - ring), round(x + width + ring), round(y + height + ring)
    part = picture_bgr[max(0, y1) : y2, max(0, x1) : x2]
    borders = (max(0, -y1), max(0, y2 - high), max(0, -x1), max(0, x2 - wide))
    if any(borders):
        part = np.asarray(cv2.copyMakeBorder(part, *borders, cv2.BORDER_REPLICATE), dtype=np.uint8)
    if width >= STACKED_FROM * height:
        part = part.transpose(1, 0, 2)  # lying: red is on the left (GB 14886)
    rows = min(LONG_MAX_PX, round(SHORT_PX * max(width, height) / short)) + 2 * RING_PX
    how = cv2.INTER_AREA if part.shape[0] > rows else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (SHORT_PX + 2 * RING_PX, rows), interpolation=how), dtype=np.uint8)


def _colour(light: Levels, ground: Levels) -> tuple[Levels, NDArray[np.int64], Levels, Levels]:
    """Return chroma (levels; weak chroma is none) and the number of the hue of each pixel."""
    clipped = light.max(axis=2) >= SATURATED
    own = light - ground * ~clipped[:, :, None]
    blue, green, red = own[:, :, 0], own[:, :, 1], own[:, :, 2]
    high, low = own.max(axis=2), np.maximum(own.min(axis=2), 0)
    spread = high - low
    slope = np.maximum(light.max(axis=2), 0.02) ** (1 / GAMMA - 1) / GAMMA  # of bytes over light
    chroma = 255 * spread * slope
    safe = np.maximum(high - own.min(axis=2), 1e-5)
    turn = np.where(
        high == red, (green - blue) / safe, np.where(high == green, 2 + (blue - red) / safe, 4 + (red - green) / safe)
    )
    hue = np.searchsorted(HUE_ENDS_DEG, (60 * turn) % 360, side="right") % len(HUES)
    return np.where((chroma >= CHROMA_MIN) & (high > 0), chroma, 0), hue, np.where(clipped, CLIPPED_COUNTS, 1), low / np.maximum(high, 1e-5)


def _by_hue(weight: Levels, hue: NDArray[np.int64]) -> Levels:
    """Return the mean weight per hue and part of the long axis, (8, 6)."""
    rows, columns = weight.shape
    part = (np.arange(rows) * PARTS // rows)[:, None]
    sums = np.bincount((hue * PARTS + part).ravel(), weight.ravel(), len(HUES) * PARTS)
    return np.asarray(sums.reshape(len(HUES), PARTS) / (rows * columns / PARTS), dtype=np.float32)


def _spill(energy: Levels, hue: NDArray[np.int64], main: int) -> float:
    """Return the energy of the main hue and its neighbours on the stronger side of the region, over that in it."""
    own = np.where(np.abs((hue - main + len(HUES) // 2) % len(HUES) - len(HUES) // 2) <= 1, energy, 0)[RING_PX:-RING_PX]
    beside = max(float(own[:, : RING_PX - 1].mean()), float(own[:, 1 - RING_PX :].mean()))
    return beside / max(float(own[:, RING_PX:-RING_PX].mean()), 1e-3)


def _paleness(energy: Levels, pale: Levels, hue: NDArray[np.int64], main: int) -> float:
    own = np.where(hue == main, energy, 0)
    return float((own * pale).sum() / max(float(own.sum()), 1e-3))


def _top(levels: Levels, share: int = 30) -> float:
    count = max(2, levels.size // share)
    return float(np.partition(levels.ravel(), -count)[-count:].mean())


def _across(chroma: Levels, hue: NDArray[np.int64], value: Levels, main: int) -> tuple[Levels, Levels, float]:
    """Return, in the rows where one hue and its neighbours shine, its chroma over the short axis and its brightness."""
    alike = np.abs((hue - main + len(HUES) // 2) % len(HUES) - len(HUES) // 2) <= 1
    shines = np.where(alike, chroma, 0)[RING_PX:-RING_PX]
    by_row = shines[:, RING_PX + EDGE_PX : -RING_PX - EDGE_PX].mean(axis=1)
    rows = by_row >= 0.5 * by_row.max()
    lit = value[RING_PX:-RING_PX, RING_PX + EDGE_PX : -RING_PX - EDGE_PX][rows]
    return shines[rows].mean(axis=0), value[RING_PX:-RING_PX][rows].mean(axis=0), _top(lit, 10)


def _medians(value: Levels) -> Levels:
    return np.array([np.median(part) for part in np.array_split(value, PARTS)], np.float32)
