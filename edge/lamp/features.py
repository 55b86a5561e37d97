"""What the trust in a look is weighed by: the evidence as features, each of a size that a line can weigh.

The colour is named by hue and place alone (edge/lamp/look.py); these only say whether the name may be believed.
"""

from typing import Final

import numpy as np

from edge.lamp.evidence import Evidence, Levels

LIT_NAMES: Final = (
    "peak", "shine", "shine over the bright side", "shine over the dark side", "paleness", "spill", "no dip of chroma",
    "no dip of brightness", "rival colours", "other colours", "ground", "strongest sixth", "above ground", "size",
    "gathered in one sixth", "spread over all", "off the middle",
)  # fmt: skip
DARK_NAMES: Final = (
    "apart from its sides", "least apart", "darker than its sides", "peak", "shine over the dark side", "above ground",
    "ground", "uneven", "strongest sixth", "size", "spread over all",
)  # fmt: skip


def lit_features(evidence: Evidence, family: list[int], rivals: list[int]) -> Levels:
    """Return the features of a light whose hues are ``family``, (17,), as in ``LIT_NAMES``."""
    by_hue = evidence.light.sum(axis=1)
    own = float(by_hue[family].sum())
    sides = sorted((_median(evidence.left), _median(evidence.right)))
    place = evidence.light[family].sum(axis=0)
    across = evidence.across[5:17]
    middle = float((across * np.arange(12)).sum() / max(float(across.sum()), 1e-3)) - 5.5
    return np.array(
        [
            np.log1p(evidence.peak),
            np.log1p(evidence.shine),
            np.log(evidence.shine + 1) - np.log(sides[1] + 5),
            np.log(evidence.shine + 1) - np.log(sides[0] + 5),
            evidence.pale,
            np.log(evidence.spill + 0.01),
            _dip(evidence.across, 0),
            _dip(evidence.value_across, evidence.ground),
            np.log1p(float(by_hue[rivals].sum())) - np.log1p(own),
            np.log1p(float(by_hue.sum()) - own) - np.log1p(own),
            np.log1p(evidence.ground),
            np.log1p(float(evidence.light.max())),
            np.log1p(evidence.brightest - evidence.ground),
            np.log(evidence.short_px),
            float(place.max()) / (float(place.sum()) / 6 + 1e-3),
            evidence.spread,
            abs(middle),
        ],
        np.float32,
    )


def dark_features(evidence: Evidence) -> Levels:
    """Return the features of an unlit lamp, (11,), as in ``DARK_NAMES``."""
    left, right = evidence.left - evidence.inside, evidence.right - evidence.inside
    apart = np.sort(np.minimum(np.abs(left), np.abs(right)))
    side = min(_median(evidence.left), _median(evidence.right))
    return np.array(
        [
            np.log1p(float(apart[1:].sum()) / 5),
            np.log1p(float(apart[1])),
            float((np.sign(left) + np.sign(right)).mean()),
            np.log1p(evidence.peak),
            np.log(evidence.shine + 1) - np.log(side + 5),
            np.log1p(evidence.brightest - evidence.ground),
            np.log1p(evidence.ground),
            np.log1p(float(evidence.inside.std())),
            np.log1p(float(evidence.light.max())),
            np.log(evidence.short_px),
            evidence.spread,
        ],
        np.float32,
    )


def _median(sixths: Levels) -> float:
    """Return the median of six numbers (numpy's own takes as long as all the rest)."""
    ordered = sorted(sixths.tolist())
    return float(ordered[2] + ordered[3]) / 2


def _dip(across: Levels, ground: float) -> float:
    """Return how little a profile over the short axis falls off on its flatter side: 1 is flat, 0 falls to nothing."""
    centre = float(across[7:15].max()) - ground
    beside = max(float(across[2:9].min()), float(across[13:20].min())) - ground
    return float(np.clip(beside / max(centre, 1e-3), -0.5, 1.5))
