"""One look at one lamp: colour and place must agree, or nothing is said.

Never red for green matters most: an answer of red needs red light at the red end, no green light worth the name, and
nothing red beside the housing. Everything else has a doubt and is unknown.
"""

from typing import Final

import numpy as np

from contract.words import LampState
from edge.lamp.evidence import HUES, PARTS, Evidence, gather
from edge.pipeline import PictureBgr
from edge.signals.lamp_look import Doubt, Look

LIT_PEAK: Final = 22.0
"""Chroma of the brightest thirtieth, in levels above the ground: a lit lamp has more, noise and lenses less."""
UNLIT_PEAK: Final = 14.0
SHINES: Final = 150.0
OUTSHINES: Final = 0.9
RIVAL: Final = 0.3
DIP: Final = 0.88
PRESENT: Final = 0.15
APART: Final = 10.0
RED, ORANGE, AMBER, LIME, GREEN, AZURE, BLUE, PINK = range(len(HUES))
WARM: Final = [RED, ORANGE, AMBER]
COLD: Final = [GREEN, AZURE]


def look(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float], user: str = "vehicle") -> Look:
    """Return what the lamp in a region (x, y, width, height in pixels) of a picture shows."""
    evidence = gather(picture_bgr, xywh_px)
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
    if evidence.brightest > 235 or (evidence.peak >= UNLIT_PEAK and evidence.shine > 0.85 * beside):
        return _doubted(Doubt.FAINT)
    return Look(LampState.DARK, min(1.0, float(apart) / 40))


def _lit(evidence: Evidence, user: str) -> Look:
    if evidence.ground > 228:
        return _doubted(Doubt.WASHED_OUT)
    beside = float(max(np.median(evidence.left), np.median(evidence.right)))
    if evidence.peak < LIT_PEAK or evidence.shine < max(SHINES, OUTSHINES * beside):
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
    across = evidence.across
    if max(across[2:9].min(), across[13:20].min()) > DIP * across[7:15].max():
        return _doubted(Doubt.SPILLED)
    if other > RIVAL * side:
        return _doubted(Doubt.CONFLICT)
    place = evidence.light[family].sum(axis=0)
    top, middle, bottom = (place[part].max() / place.max() for part in (slice(0, 2), slice(2, 4), slice(4, 6)))
    state = _named(main, evidence.stacked, user, float(top), float(middle), float(bottom))
    return Look(state, 1.0) if isinstance(state, LampState) else _doubted(state)


def _named(main: int, stacked: bool, user: str, top: float, middle: float, bottom: float) -> LampState | Doubt:
    walker = user == "pedestrian"
    if main == GREEN or (main == AZURE and stacked):
        return LampState.GREEN if not stacked or bottom > PRESENT else Doubt.CHANNEL_ORDER
    if main == RED or (main == ORANGE and walker):
        return LampState.RED if not stacked or top > PRESENT else Doubt.CHANNEL_ORDER
    if main == ORANGE and stacked and top >= 1 and middle < 0.4:
        return LampState.RED
    if main in (ORANGE, AMBER, LIME) and stacked and not walker:
        return LampState.YELLOW if middle >= 1 and max(top, bottom) < 0.5 else Doubt.CHANNEL_ORDER
    if main == AMBER and not walker:
        return LampState.YELLOW
    if main == PINK or main in (ORANGE, AMBER):
        return Doubt.CONFLICT
    return Doubt.CHANNEL_ORDER
