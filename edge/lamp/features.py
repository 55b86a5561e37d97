"""What a look is judged by: the evidence as features, each of a size that a line can weigh.

Mostly logarithms, so that ratios count and not levels: the same lamp in a stronger light has the same differences.
"""

from typing import Final

import numpy as np

from edge.lamp.evidence import Evidence, Light
from edge.lamp.pixels import Levels
from edge.lamp.places import User, in_place

WHOLE_NAMES: Final = (
    "ground", "above ground", "size", "length", "stacked", "pedestrians", "peak", "uneven", "apart from its sides",
    "darker than its sides", "apart from its ends", "brightness", "other colours",
)  # fmt: skip
LIGHT_NAMES: Final = (
    "peak", "shine", "shine over the bright side", "shine over the dark side", "paleness", "spill", "no dip of chroma",
    "no dip of brightness", "strongest sixth", "gathered in one sixth", "spread over all", "off the middle", "hue",
    "along", "beyond the other windows", "beyond them, of its light", "brighter than the other windows",
)  # fmt: skip
"""Once for the warm light and once for the cold one. Then come: ``WHOLE_NAMES``; for red, yellow and green the energy
in its place and that of all other light beside it; per sixth how far it is apart from its sides; per third the mean
blue, green and red; and per hue and third the energy.
"""
FAINTEST: Final = 0.002
"""Of linear light: what is less is noise."""


def features(evidence: Evidence, user: User) -> Levels:
    """Return the features of a look, (N,)."""
    sides = sorted((_median(evidence.left), _median(evidence.right)))
    apart = np.minimum(np.abs(evidence.left - evidence.inside), np.abs(evidence.right - evidence.inside))
    blue, green, red = evidence.beyond_bgr.T
    thirds_bgr = evidence.mean_bgr.reshape(3, 2, 3).mean(axis=1)
    return np.concatenate(
        [
            _of_light(evidence, evidence.warm, red - np.maximum(blue, green / 2), sides),
            _of_light(evidence, evidence.cold, green - np.maximum(red, 0), sides),
            _of_whole(evidence, apart, pedestrian=user == "pedestrian"),
            _in_place(evidence, user),
            np.log1p(apart),
            np.log(thirds_bgr.ravel() + FAINTEST),
            np.log1p(evidence.by_hue.reshape(-1, 3, 2).mean(axis=2).ravel()),
        ]
    ).astype(np.float32)


def _of_light(evidence: Evidence, light: Light, beyond: Levels, sides: list[float]) -> Levels:
    """Return the features of one family of hues, ``LIGHT_NAMES``; ``beyond`` (6,) as in ``Evidence.beyond_bgr``."""
    return np.array(
        [
            np.log1p(light.peak),
            np.log1p(light.shine),
            *(np.log(light.shine + 1) - np.log(side + 5) for side in reversed(sides)),
            light.pale,
            np.log(light.spill + 0.01),
            dip(light.across, 0),
            dip(light.value_across, evidence.ground),
            np.log1p(float(light.place.max())),
            float(light.place.max()) / (float(light.place.mean()) + 1e-3),
            light.spread,
            off_middle(light.across[5:17]),
            light.hue_deg / 30,
            light.along if evidence.stacked else 0.5,
            *_beyond(evidence.mean_bgr.max(axis=1), int(light.place.argmax()), beyond),
        ]
    )


def _beyond(bright: Levels, best: int, beyond: Levels) -> tuple[float, float, float]:
    """Return how the other windows compare: the last three of ``LIGHT_NAMES``."""
    most = np.log(max(float(beyond.max()), 0) + FAINTEST)
    return most, float(beyond[best] / (bright[best] + 0.01)), np.log((bright[best] + 0.01) / (_median(bright) + 0.01))


def _of_whole(evidence: Evidence, apart: Levels, *, pedestrian: bool) -> Levels:
    """Return the features of the region as a whole, ``WHOLE_NAMES``."""
    lit = float(evidence.warm.place.sum() + evidence.cold.place.sum())
    return np.array(
        [
            np.log1p(evidence.ground),
            np.log1p(evidence.brightest - evidence.ground),
            np.log(evidence.short_px),
            np.log(evidence.long_over_short),
            evidence.stacked,
            pedestrian,
            np.log1p(evidence.peak),
            np.log1p(float(evidence.inside.std())),
            *_of_sides(evidence, apart),
            np.log1p(max(0.0, float(evidence.by_hue.sum()) - lit)) - np.log1p(lit),
        ]
    )


def _of_sides(evidence: Evidence, apart: Levels) -> tuple[float, float, float, float]:
    """Return how the region differs from what is around it, and its own brightness: of ``WHOLE_NAMES``."""
    darker = np.sign(evidence.left - evidence.inside) + np.sign(evidence.right - evidence.inside)
    middle = _median(evidence.inside)
    ends = float(np.abs(evidence.ends - middle).min())
    return np.log1p(float(np.sort(apart)[1:].mean())), float(darker.mean()), np.log1p(ends), np.log1p(middle)


def _in_place(evidence: Evidence, user: User) -> Levels:
    """Return for red, yellow and green the energy in its place, and by how much all other light exceeds it, (6,)."""
    own = in_place(evidence, user)
    others = np.maximum(float(evidence.by_hue.sum()) - own, 0)
    return np.concatenate([np.log1p(own), np.log1p(others) - np.log1p(own)])


def _median(sixths: Levels) -> float:
    """Return the median of six numbers (numpy's own takes as long as all the rest)."""
    ordered = sorted(sixths.tolist())
    return float(ordered[2] + ordered[3]) / 2


def off_middle(across: Levels) -> float:
    """Return how far from the middle a profile's centre lies, in twelfths of the short axis."""
    return abs(float((across * np.arange(12)).sum() / max(float(across.sum()), 1e-3)) - 5.5)


def dip(across: Levels, ground: float) -> float:
    """Return how little a profile over the short axis falls off on its flatter side: 1 is flat, 0 falls to nothing."""
    centre = float(across[7:15].max()) - ground
    beside = max(float(across[2:9].min()), float(across[13:20].min())) - ground
    return float(np.clip(beside / max(centre, 1e-3), -0.5, 1.5))
