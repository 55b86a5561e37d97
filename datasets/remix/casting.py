"""Tells people what to do: which clip, where it stands still, and when it begins. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from contract.words import LampState
from datasets.crossing_truth import Crosswalk
from datasets.remix.crossing import way_over
from datasets.remix.values import STEP_MS, Act, Clip, Intent, Setting

STANDS_S: Final = {
    Intent.WAIT_AT_KERB: (1.5, 8.0),
    Intent.STEP_IN_AND_WAIT: (4.0, 14.0),
    Intent.STOP_BEYOND: (1.5, 5.0),
}
STANDS_AT_M: Final = {
    Intent.WAIT_AT_KERB: (-1.5, -0.4),
    Intent.STEP_IN_AND_WAIT: (0.6, 2.4),
    Intent.STOP_BEYOND: (3.6, 20.0),
}
"""Where somebody stands: metres gone since the entry; negative is before it."""
SHARES: Final = {
    Intent.WALK: 0.4,
    Intent.WAIT_AT_KERB: 0.25,
    Intent.STEP_IN_AND_WAIT: 0.15,
    Intent.STOP_BEYOND: 0.2,
}
STRIDE_FRAMES: Final = 10
ON_RED: Final = 0.65
"""So many of the entries are sent into a red phase, if they hit it."""


def proposed(clip: Clip, setting: Setting, random: np.random.Generator) -> Act | None:
    """Return one thing that the person of a clip might do; None where the clip does not allow it."""
    over = way_over(clip, setting.crosswalk)
    if over is None:
        order = np.arange(len(clip.cutouts))
        return _placed(clip, Intent.PASS_BY, order, int(random.integers(setting.end_ms)), setting)
    intent = Intent(str(random.choice([str(name) for name in SHARES], p=list(SHARES.values()))))
    entry = over.entered_ms // STEP_MS
    stands = _where(clip, setting.crosswalk, entry, intent, random)
    if intent is not Intent.WALK and stands is None:
        return None
    order = np.arange(len(clip.cutouts)) if stands is None else _standing(clip, stands, intent, random)
    entered_step = int(np.flatnonzero(order <= entry)[-1])
    start_ms = _entry_time(setting, random) - entered_step * STEP_MS
    return _placed(clip, intent, order, start_ms, setting)


def _where(clip: Clip, crosswalk: Crosswalk, entry: int, intent: Intent, random: np.random.Generator) -> int | None:
    """Return the frame in which somebody stands still."""
    if intent is Intent.WALK:
        return None
    along_m = clip.feet_m @ crosswalk.across
    gone_m = (along_m - along_m[entry]) * np.sign(along_m[-1] - along_m[entry])
    nearest, farthest = STANDS_AT_M[intent]
    steps = np.arange(len(gone_m))
    before = steps < entry if intent is Intent.WAIT_AT_KERB else steps > entry
    possible = np.flatnonzero(before & (gone_m >= nearest) & (gone_m <= farthest))
    return _legs_together(clip, possible, int(random.choice(possible))) if len(possible) else None


def _legs_together(clip: Clip, possible: NDArray[np.int64], near: int) -> int:
    """Return the frame of a stride in which somebody is slimmest: nobody stands with a leg in the air."""
    stride = possible[np.abs(possible - near) <= STRIDE_FRAMES // 2]
    boxes = clip.boxes_px[stride]
    return int(stride[np.argmin((boxes[:, 2] - boxes[:, 0]) / (boxes[:, 3] - boxes[:, 1]))])


def _standing(clip: Clip, at: int, intent: Intent, random: np.random.Generator) -> NDArray[np.int64]:
    steps = round(float(random.uniform(*STANDS_S[intent])) * 1000 / STEP_MS)
    return np.concatenate([np.arange(at), np.full(steps, at), np.arange(at, len(clip.cutouts))])


def _entry_time(setting: Setting, random: np.random.Generator) -> int:
    reds = [span for span in setting.spans() if span.state is LampState.RED]
    if reds and random.random() < ON_RED:
        red = reds[int(random.integers(len(reds)))]
        return int(random.integers(red.since_ms, red.until_ms))
    return int(random.integers(setting.end_ms))


def _placed(clip: Clip, intent: Intent, order: NDArray[np.int64], start_ms: int, setting: Setting) -> Act | None:
    act = Act(clip, intent, start_ms // STEP_MS * STEP_MS, order)
    return act if act.start_ms >= 0 and act.end_ms < setting.end_ms else None
