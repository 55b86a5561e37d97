"""What is played: where the crosswalk lies, what the lamp shows, and who walks when. Pure; a seed gives one remix.

Only acts whose verdict does not hang on ``FOOT_ERRORS_M`` or ``LAMP_ERROR_MS`` are played, for the truth of anything
closer would be a matter of how feet are measured. And nobody appears where somebody has just vanished: in a real
street people come from beyond the picture, and a tracker is right to take the second for the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np

from calibration.ground import Ground
from contract.words import LampState
from datasets.lamp_spans import PlayedLamps
from datasets.remix.casting import proposed
from datasets.remix.crossing import FOOT_ERRORS_M, LEAD_MS, lay_crossing
from datasets.remix.values import SIGNAL_ID, STEP_MS, Act, BoxesPx, Clip, Intent, Remix, Setting
from edge.signals.timeline import LampChange, SignalTimeline

LAMP_ERROR_MS: Final = 400
TAIL_MS: Final = 700
"""Who violates stays in the picture for so long after."""
AGAIN_MS: Final = 6000
"""The same person does not come back sooner."""
VANISHED_MS: Final = 5000
REACH_M: Final = 3.0
REACH_MPS: Final = 2.5
"""Nobody appears this soon after another vanished, within a reach that grows with the time between."""
APART_PX: Final = 6
APART_M: Final = 0.7
"""Two bodies never stand in one place, not even in a crowd."""
PASSERS_BY: Final = 0.25
GREEN_S: Final = (7.0, 12.0)
FLASHING_S: Final = 3.0
RED_S: Final = (12.0, 22.0)
LAMP_PX: Final = (14, 30)
LAMP_ROOM_PX: Final = 14
PLACES_TRIED: Final = 1000


@dataclass(frozen=True, slots=True)
class Wish:
    """What a remix should be. ``crowded``: people may cover each other; ``proposed`` acts are tried."""

    seed: int
    seconds: float = 120.0
    crowded: bool = False
    proposed: int = 5000


def stage(wish: Wish, clips: Sequence[Clip], ground: Ground, size_px: tuple[int, int]) -> Remix:
    """Return the remix of a seed."""
    random = np.random.default_rng(wish.seed)
    crosswalk = lay_crossing(clips, ground, size_px, random)
    setting = Setting(crosswalk, played_lamp(round(wish.seconds * 1000), random))
    acts: list[Act] = []
    for _ in range(wish.proposed):
        act = proposed(clips[int(random.integers(len(clips)))], setting, random)
        if act is not None and _fits(act, acts, wish) and beyond_doubt(act, setting):
            acts.append(act)
    acts.sort(key=lambda act: act.start_ms)
    return Remix(wish.seed, setting, _lamp_place(acts, size_px, random), tuple(acts))


def played_lamp(end_ms: int, random: np.random.Generator) -> PlayedLamps:
    """Return green, flashing green, red, and again, begun somewhere in it."""
    spans = {LampState.GREEN: GREEN_S, LampState.FLASHING_GREEN: (FLASHING_S, FLASHING_S), LampState.RED: RED_S}
    order = list(spans)
    turn, t_ms = int(random.choice([0, 2])), 0
    changes = []
    while t_ms < end_ms:
        state = order[turn % len(order)]
        changes.append(LampChange(t_ms, SIGNAL_ID, state))
        t_ms += round(float(random.uniform(*spans[state])) * 1000 / STEP_MS) * STEP_MS
        turn += 1
    return PlayedLamps(SignalTimeline(changes), end_ms)


def beyond_doubt(act: Act, setting: Setting) -> bool:
    """Tell whether the verdict stays with the feet a little elsewhere and the lamp a little earlier or later."""
    crossed = setting.crossed(act.times_ms, act.feet_m)
    reds = [one.red_since_ms for one in crossed]
    for error_m, late_ms in product(FOOT_ERRORS_M, (-LAMP_ERROR_MS, 0, LAMP_ERROR_MS)):
        other = setting.crossed(act.times_ms + late_ms, act.feet_m + error_m)
        if [one.red_since_ms for one in other] != reds:
            return False
    whole = (one.entered_ms - act.start_ms >= LEAD_MS and act.end_ms - one.confirmed_ms >= TAIL_MS for one in crossed)
    return all(whole)


def _fits(act: Act, acts: Sequence[Act], wish: Wish) -> bool:
    passers_by = sum(other.intent is Intent.PASS_BY for other in acts)
    if act.intent is Intent.PASS_BY and passers_by >= PASSERS_BY * (len(acts) + 4):
        return False
    return all(_apart_in_time(act, other) and not _in_the_way(act, other, wish) for other in acts)


def _apart_in_time(one: Act, other: Act) -> bool:
    """Tell whether one is no second appearance of the other, or might be taken for it."""
    first, second = sorted((one, other), key=lambda act: act.end_ms)
    gap_ms = second.start_ms - first.end_ms
    if one.clip.person == other.clip.person and gap_ms < AGAIN_MS:
        return False
    away_m = float(np.linalg.norm(second.feet_m[0] - first.feet_m[-1]))
    return not (-STEP_MS <= gap_ms <= VANISHED_MS and away_m < REACH_M + REACH_MPS * gap_ms / 1000)


def _in_the_way(one: Act, other: Act, wish: Wish) -> bool:
    """Tell whether two ever cover each other; in a crowd, whether they ever stand in the same place."""
    begins, ends = max(one.start_ms, other.start_ms), min(one.end_ms, other.end_ms)
    if begins > ends:
        return False
    a, b = (slice((begins - act.start_ms) // STEP_MS, (ends - act.start_ms) // STEP_MS + 1) for act in (one, other))
    if wish.crowded:
        apart_m = np.linalg.norm(one.feet_m[a] - other.feet_m[b], axis=1)
        return bool((apart_m < APART_M).any())
    return bool(overlaps(one.boxes_px[a], other.boxes_px[b], APART_PX).any())


def overlaps(a: BoxesPx, b: BoxesPx, room_px: float) -> np.ndarray:
    """Tell of (N, 4) and (N, 4) boxes which pairs are nearer than ``room_px``, (N,)."""
    return (
        (a[:, 0] - room_px < b[:, 2])
        & (b[:, 0] - room_px < a[:, 2])
        & (a[:, 1] - room_px < b[:, 3])
        & (b[:, 1] - room_px < a[:, 3])
    )


def _lamp_place(
    acts: Sequence[Act], size_px: tuple[int, int], random: np.random.Generator
) -> tuple[int, int, int, int]:
    """Return a place in the upper half of the picture that nobody ever covers."""
    taken = np.concatenate([np.empty((0, 4)), *(act.boxes_px for act in acts)])
    width, height = LAMP_PX
    for _ in range(PLACES_TRIED):
        x = int(random.integers(LAMP_ROOM_PX, size_px[0] - width - LAMP_ROOM_PX))
        y = int(random.integers(LAMP_ROOM_PX, size_px[1] * 2 // 3))
        box = np.tile([float(x), y, x + width, y + height], (len(taken), 1))
        if not overlaps(taken, box, LAMP_ROOM_PX).any():
            return x, y, width, height
    raise ValueError(
        f"expected a place for the lamp that nobody covers, found none in {size_px} with {len(acts)} people"
    )
