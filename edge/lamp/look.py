"""One look at one lamp: colour and place must agree, or nothing is said.

Never red for green matters most: an answer of red needs red light at the red end, no green light worth the name, and
nothing red beside the housing. Everything else has a doubt and is unknown.
"""

from typing import Final

import numpy as np

from contract.words import LampState
from edge.lamp.evidence import HUES, Evidence, Levels, gather
from edge.pipeline import PictureBgr
from edge.signals.lamp_look import Doubt, Look

LIT_PEAK: Final = 20.0
"""Chroma of the brightest thirtieth, in levels above the ground: a lit lamp has more, noise and lenses less."""
UNLIT_PEAK: Final = 14.0
SHINES: Final = 140.0
OUTSHINES: Final = 0.85
RIVAL: Final = 0.3
RIVAL_OF_RED: Final = 0.12
UNLIT_SHINE: Final = 0.7
PALE: Final = 0.6
PALE_PEAK: Final = 30.0
PALE_MAX: Final = 0.75
SPILL: Final = 0.6
DIP: Final = 0.65
PRESENT: Final = 0.15
APART: Final = 10.0
RED, ORANGE, AMBER, LIME, GREEN, AZURE, BLUE, PINK = range(len(HUES))
WARM: Final = [RED, ORANGE, AMBER]
COLD: Final = [GREEN, AZURE]


def look(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float], user: str = "vehicle") -> Look:
    """Return what the lamp in a region (x, y, width, height in pixels) of a picture shows."""
    return weigh(gather(picture_bgr, xywh_px), user)


def weigh(evidence: Evidence | None, user: str) -> Look:
    if evidence is None:
        return _doubted(Doubt.OUTSIDE)
    if evidence.peak < UNLIT_PEAK:
        return _unlit(evidence)
    return _lit(evidence, user)


def _doubted(doubt: Doubt) -> Look:
    return Look(LampState.UNKNOWN, 0.0, doubt)


def _unlit(evidence: Evidence) -> Look:
    """Return dark only where the lamp stands out from what is on both sides of it, in all but a sixth of its length."""
    if evidence.ground > 215:
        return _doubted(Doubt.WASHED_OUT)
    apart = np.sort(np.minimum(abs(evidence.left - evidence.inside), abs(evidence.right - evidence.inside)))[1]
    if apart < APART:
        return _doubted(Doubt.HIDDEN)
    beside = min(np.median(evidence.left), np.median(evidence.right))
    if (evidence.brightest > 235 and evidence.peak > 12) or (evidence.peak >= UNLIT_PEAK and evidence.shine > UNLIT_SHINE * beside):
        return _doubted(Doubt.FAINT)
    return Look(LampState.DARK, min(1.0, float(apart) / 40))


def _lit(evidence: Evidence, user: str) -> Look:
    if evidence.ground > 228:
        return _doubted(Doubt.WASHED_OUT)
    beside = float(max(np.median(evidence.left), np.median(evidence.right)))
    if evidence.peak < LIT_PEAK or evidence.pale > (PALE if evidence.peak < PALE_PEAK else PALE_MAX) or evidence.shine < max(SHINES, OUTSHINES * beside):
        return _unlit(evidence)
    by_hue = evidence.light.sum(axis=1)
    warm, cold = by_hue[WARM].sum(), by_hue[COLD].sum()
    main = int(by_hue.argmax())
    if main in COLD:
        side, other, family = cold, warm, COLD
    elif main in WARM:
        side, other, family = warm, cold, WARM
    else:
        side, other, family = by_hue[main], 0, [main]
    if evidence.spill > SPILL and _flat(evidence.across, 0) and _flat(evidence.value_across, evidence.ground):
        return _doubted(Doubt.SPILLED)
    if other > (RIVAL_OF_RED if family is WARM else RIVAL) * side:
        return _doubted(Doubt.CONFLICT)
    place = evidence.light[family].sum(axis=0)
    state = _named(main, evidence.stacked, user, place / place.max())
    return Look(state, 1.0) if isinstance(state, LampState) else _doubted(state)


def _flat(across: Levels, ground: float) -> bool:
    """Tell whether a profile over the short axis falls off on one side only, or not at all."""
    left, right, centre = across[2:9].min(), across[13:20].min(), across[7:15].max()
    return bool(max(left, right) - ground > DIP * (centre - ground))


def _named(main: int, stacked: bool, user: str, place: Levels) -> LampState | Doubt:
    walker = user == "pedestrian"
    top, middle, bottom = place[:2].max(), place[2:4].max(), place[4:].max()
    if main == GREEN or (main == AZURE and stacked):
        return LampState.GREEN if not stacked or bottom > PRESENT else Doubt.CHANNEL_ORDER
    if main == RED or (main == ORANGE and walker):
        return LampState.RED if not stacked or top > PRESENT else Doubt.CHANNEL_ORDER
    if main == ORANGE and stacked and top >= 1 and middle < 0.4:
        return LampState.RED
    if main in (ORANGE, AMBER, LIME) and stacked and not walker:
        return LampState.YELLOW if middle >= 1 and max(place[0], place[5]) < 0.4 else Doubt.CHANNEL_ORDER
    if main == AMBER and not walker:
        return LampState.YELLOW
    if main == PINK or main in (ORANGE, AMBER):
        return Doubt.CONFLICT
    return Doubt.CHANNEL_ORDER
