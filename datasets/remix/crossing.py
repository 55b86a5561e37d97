"""Lays a crosswalk where many of the people who were cut out would cross it. Pure."""

from collections.abc import Sequence
from itertools import product
from typing import Final

import numpy as np

from calibration.ground import Ground
from contract.words import LampState
from datasets.remix.oracle import Crossed, crossed_on_red
from datasets.remix.values import STEP_MS, Clip, Crossing, LampChange, Programme

TRIED: Final = 300
COMPARED: Final = 20
LENGTH_M: Final = (4.6, 7.5)
WIDTH_M: Final = (3.0, 5.0)
FOOT_ERROR_M: Final = 0.3
FOOT_ERRORS_M: Final = FOOT_ERROR_M * np.array(list(product((-1, 0, 1), (-1, 0, 1))))
LEAD_MS: Final = 1000
"""Who violates has been in the picture for so long before."""
ALWAYS_RED: Final = Programme((LampChange(-10_000, LampState.RED),), 10_000_000)


def lay_crossing(
    clips: Sequence[Clip], ground: Ground, size_px: tuple[int, int], random: np.random.Generator
) -> Crossing:
    """Return the crosswalk of those tried that most of the clips cross beyond doubt."""
    feet_m = np.concatenate([clip.feet_m for clip in clips])
    tried = [_rectangle(feet_m[random.integers(len(feet_m))], random) for _ in range(TRIED)]
    seen = [crossing for crossing in tried if _in_picture(crossing, ground, size_px)]
    by_count = sorted(seen or tried, key=lambda crossing: -sum(way_over(clip, crossing) is not None for clip in clips))
    return max(by_count[:COMPARED], key=lambda crossing: sum(_surely_over(clip, crossing) for clip in clips))


def _surely_over(clip: Clip, crossing: Crossing) -> bool:
    """Tell whether a clip crosses also with the feet a little elsewhere, and is seen long enough before."""
    times_ms = STEP_MS * np.arange(len(clip.cutouts))
    ways = [crossed_on_red(times_ms, clip.feet_m + error_m, crossing, ALWAYS_RED) for error_m in FOOT_ERRORS_M]
    return all(way and way[0].entered_ms >= LEAD_MS for way in ways)


def way_over(clip: Clip, crossing: Crossing) -> Crossed | None:
    """Return how a clip crosses, its times counted from its first frame; None where it does not."""
    times_ms = STEP_MS * np.arange(len(clip.cutouts))
    return next(iter(crossed_on_red(times_ms, clip.feet_m, crossing, ALWAYS_RED)), None)


def _rectangle(centre_m: np.ndarray, random: np.random.Generator) -> Crossing:
    angle = random.uniform(0, np.pi)
    along, beside = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    half_length, half_width = random.uniform(*LENGTH_M) / 2, random.uniform(*WIDTH_M) / 2
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    corners = [centre_m + a * half_length * along + b * half_width * beside for a, b in signs]
    return Crossing(tuple((round(float(x), 2), round(float(y), 2)) for x, y in corners), (along[0], along[1]))


def _in_picture(crossing: Crossing, ground: Ground, size_px: tuple[int, int]) -> bool:
    corners = ground.to_pixels(np.array(crossing.polygon_m))
    return bool(np.isfinite(corners).all() and (corners >= 0).all() and (corners <= np.array(size_px)).all())
