"""What the pixels of a lamp's region say, as a few numbers: how much light of which colour, where, on what ground."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from edge.lamp.pixels import LINEAR, Levels, Pixels, told_apart
from edge.lamp.sampling import EDGE_PX, PARTS, RING_PX, SHORT_PX, is_stacked, sample
from edge.pipeline import PictureBgr

HUES: Final = ("red", "orange", "amber", "lime", "green", "azure", "blue", "pink")
HUE_ENDS_DEG: Final = (14, 26, 54, 120, 194, 205, 285, 315)
"""In linear light. Lime and green meet where red and blue are equal: a signal's green (495 to 515 nm) has more blue in
it than red, so with exchanged channels it is lime."""
HUE_OF_DEG: Final = (np.searchsorted(HUE_ENDS_DEG, np.arange(361), side="right") % len(HUES)).astype(np.int64)
WARM_DEG: Final = (-75.0, 80.0)
COLD_DEG: Final = (80.0, 205.0)
"""The hues, from and to, that a lamp's red and yellow may have, and its green, whatever a camera makes of them: what is
as far out is told by ``Light.hue_deg``."""
TELLING: Final = 0.25
"""Pixels with so much of the strongest energy count as being of the light."""
STANDING: Final = slice(RING_PX, -RING_PX)
MIDDLE: Final = (STANDING, slice(RING_PX + EDGE_PX, -RING_PX - EDGE_PX))
OTHERS: Final = np.abs(np.arange(PARTS)[:, None] - np.arange(PARTS)) >= PARTS // 3
"""(6, 6): which sixths surely belong to another window."""


@dataclass(frozen=True, slots=True)
class Light:
    """The light of one family of hues, in levels of 0 to 255 unless said otherwise.

    ``place`` (6,) is its mean energy per sixth of the long axis, from the red end; ``peak`` the chroma of its most
    coloured thirtieth; ``shine`` and ``pale`` (0 to 1) its brightness and whiteness; ``hue_deg`` its mean hue;
    ``spill`` its energy beside the region over that inside; ``spread`` the share of all pixels that have it. ``across``
    and ``value_across`` (22,) are its chroma and the brightness over the short axis.
    """

    place: Levels
    peak: float
    shine: float
    pale: float
    hue_deg: float
    spill: float
    spread: float
    across: Levels
    value_across: Levels

    @property
    def along(self) -> float:
        """Return where along a stack it lies, from the red end (0) to the green one (1)."""
        return float((self.place * (np.arange(PARTS) + 0.5)).sum() / PARTS / max(float(self.place.sum()), 1e-6))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The numbers, in levels of 0 to 255 unless said otherwise.

    ``by_hue`` is (8, 6): per hue and per sixth of the long axis, from the red end, the mean energy of coloured light.
    ``peak`` is the chroma of the most coloured thirtieth. ``beyond_bgr`` (6, 3) is by how much linear light each sixth
    exceeds the least of the other windows (a single one: the ground); ``mean_bgr`` (6, 3) is what it has.
    ``inside``, ``left`` and ``right`` (6,) are brightnesses per sixth, ``ends`` (2,) before and after the long axis.
    """

    stacked: bool
    short_px: float
    long_over_short: float
    by_hue: Levels
    warm: Light
    cold: Light
    peak: float
    brightest: float
    ground: float
    mean_bgr: Levels
    beyond_bgr: Levels
    inside: Levels
    left: Levels
    right: Levels
    ends: Levels


def gather(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float]) -> Evidence | None:
    """Return the evidence of a region; None where it is not wholly in the picture."""
    sampled = sample(picture_bgr, xywh_px)
    return None if sampled is None else _told(told_apart(sampled), xywh_px)


def _told(pixels: Pixels, xywh_px: tuple[float, float, float, float]) -> Evidence:
    mean_bgr = pixels.light_bgr[MIDDLE].reshape(PARTS, -1, 3).mean(axis=1)
    left, inside, right = _medians(pixels.value[STANDING])
    return Evidence(
        stacked=is_stacked(xywh_px),
        short_px=min(xywh_px[2:]),
        long_over_short=max(xywh_px[2:]) / min(xywh_px[2:]),
        by_hue=_by_hue(pixels),
        warm=_light(pixels, WARM_DEG),
        cold=_light(pixels, COLD_DEG),
        peak=_top(pixels.chroma[MIDDLE], 30),
        brightest=_top(pixels.value[STANDING, RING_PX:-RING_PX], 30),
        ground=pixels.darkest,
        mean_bgr=mean_bgr,
        beyond_bgr=_beyond(mean_bgr) if is_stacked(xywh_px) else mean_bgr - LINEAR[int(pixels.darkest)],
        inside=inside,
        left=left,
        right=right,
        ends=_ends(pixels.value),
    )


def _light(pixels: Pixels, hues_deg: tuple[float, float]) -> Light:
    degrees = (pixels.hue_deg + 90) % 360 - 90
    alike = (degrees >= hues_deg[0]) & (degrees < hues_deg[1])
    own, chroma = np.where(alike, pixels.energy, 0), np.where(alike, pixels.chroma, 0)
    rows = _shining_rows(chroma)
    shining = np.count_nonzero(rows)
    weight = own[MIDDLE]
    total = max(float(weight.sum()), 1e-3)
    return Light(
        place=weight.reshape(PARTS, -1).mean(axis=1),
        peak=_top(chroma[MIDDLE], 30),
        shine=_top(pixels.value[MIDDLE][rows], 10),
        pale=float((weight * pixels.pale[MIDDLE]).sum()) / total,
        hue_deg=float((weight * degrees[MIDDLE]).sum()) / total,
        spill=_beside(own[STANDING]),
        spread=np.count_nonzero(own >= TELLING * max(_top(weight, 30), 1)) / own.size,
        across=chroma[STANDING][rows].sum(axis=0) / shining,
        value_across=pixels.value[STANDING][rows].sum(axis=0) / shining,
    )


def _beyond(mean_bgr: Levels) -> Levels:
    """Return by how much each sixth exceeds the least of the other windows: a sun lights all lenses, (6, 3)."""
    least = np.where(OTHERS[:, :, None], mean_bgr[None], np.inf).min(axis=1)
    return np.asarray(mean_bgr - least, dtype=np.float32)


def _by_hue(pixels: Pixels) -> Levels:
    """Return the mean energy per hue and part of the long axis, (8, 6)."""
    weight, hue = pixels.energy[MIDDLE], HUE_OF_DEG[pixels.hue_deg[MIDDLE].astype(np.int64)]
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


def _ends(value: Levels) -> Levels:
    """Return the medians of what is before and after the region along its long axis, (2,)."""
    strips = (value[: RING_PX - 1, RING_PX:-RING_PX], value[1 - RING_PX :, RING_PX:-RING_PX])
    return np.array([np.partition(strip.ravel(), strip.size // 2)[strip.size // 2] for strip in strips], np.float32)
