"""Lays a crosswalk where many of the people who were cut out would cross it. Pure."""

from collections.abc import Sequence
from itertools import product
from typing import Final

import numpy as np

from calibration.ground import Ground
from contract.words import LampState
from datasets.crossing_truth import Crossed, Crosswalk, PlacesM, crossed_on_red
from datasets.remix.values import SIGNAL_ID, STEP_MS, Clip
from edge.signals.timeline import LampChange, SignalTimeline

TRIED: Final = 300
COMPARED: Final = 20
LENGTH_M: Final = (4.6, 7.5)
WIDTH_M: Final = (3.0, 5.0)
FOOT_ERROR_M: Final = 0.3
FOOT_ERRORS_M: Final = FOOT_ERROR_M * np.array(list(product((-1, 0, 1), (-1, 0, 1))))
LEAD_MS: Final = 1000
"""Who violates has been in the picture for so long before."""
ALWAYS_RED: Final = SignalTimeline([LampChange(-10_000, SIGNAL_ID, LampState.RED)])


def lay_crossing(
    clips: Sequence[Clip], ground: Ground, size_px: tuple[int, int], random: np.random.Generator
) -> Crosswalk:
    """Return the crosswalk of those tried that most of the clips cross beyond doubt."""
    feet_m = np.concatenate([clip.feet_m for clip in clips])
    tried = [_rectangle(feet_m[random.integers(len(feet_m))], random) for _ in range(TRIED)]
    seen = [laid for laid in tried if _in_picture(laid, ground, size_px)]
    by_count = sorted(seen or tried, key=lambda laid: -sum(way_over(clip, laid) is not None for clip in clips))
    return max(by_count[:COMPARED], key=lambda laid: sum(_surely_over(clip, laid) for clip in clips))


def _surely_over(clip: Clip, crosswalk: Crosswalk) -> bool:
    """Tell whether a clip crosses also with the feet a little elsewhere, and is seen long enough before."""
    ways = (_way_over(clip.feet_m + error_m, crosswalk) for error_m in FOOT_ERRORS_M)
    return all(way is not None and way.entered_ms >= LEAD_MS for way in ways)


def way_over(clip: Clip, crosswalk: Crosswalk) -> Crossed | None:
    """Return how a clip crosses, its times counted from its first frame; None where it does not."""
    return _way_over(clip.feet_m, crosswalk)


def _way_over(feet_m: PlacesM, crosswalk: Crosswalk) -> Crossed | None:
    return next(crossed_on_red(STEP_MS * np.arange(len(feet_m)), feet_m, crosswalk, ALWAYS_RED, SIGNAL_ID), None)


def _rectangle(centre_m: np.ndarray, random: np.random.Generator) -> Crosswalk:
    angle = random.uniform(0, np.pi)
    along = np.array([np.cos(angle), np.sin(angle)])
    half_m = random.uniform(*LENGTH_M) / 2
    ends = np.round([centre_m - half_m * along, centre_m + half_m * along], 2)
    return Crosswalk(ends, round(float(random.uniform(*WIDTH_M)), 2))


def _in_picture(crosswalk: Crosswalk, ground: Ground, size_px: tuple[int, int]) -> bool:
    corners = ground.to_pixels(crosswalk.corners)
    return bool(np.isfinite(corners).all() and (corners >= 0).all() and (corners <= np.array(size_px)).all())
