"""What may rightly be said of a drawn picture, and what is owed.

Decided by what is there to be seen, from the picture with the lamp's light and the same one without: never by what a
reader can do.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from contract.words import LampState
from datasets.lamps.exposing import Exposure
from datasets.lamps.optics import developed
from datasets.lamps.painting import phantom
from datasets.lamps.setting import Setting
from datasets.lamps.values import LightRgb, Mask
from edge.pipeline import PictureBgr

SEEN_MIN: Final = 32.0
NOTHING_SEEN: Final = 5.0
PIXELS_MIN: Final = 4
"""The change, in levels of 255, of colour by a light or of brightness by a housing: with less, on fewer pixels than
``PIXELS_MIN``, nobody owes an answer."""
SHARE_OWED, SHARE_GONE = 0.6, 0.05
"""Shares of a light left uncovered: from the first on its colour is owed, below the second it is not to be known unless
its glow is seen."""
WINDOWS_OWED, WINDOWS_GONE = 0.75, 0.4
"""The same of the most covered window, for the word *dark*."""
SUN_DOUBTED: Final = 0.3
PHANTOM_MIN: Final = 2.0
"""Phantom light (EN 12368): with so much sun on its lenses nobody is owed the word that a lamp is off, nor its colour
where it is not at least twice as bright as what the sun gives back."""
NOTHING_KNOWN: Final = frozenset({LampState.UNKNOWN})


def truth(
    setting: Setting, state: LampState, exposure: Exposure, picture_bgr: PictureBgr
) -> tuple[frozenset[LampState], bool]:
    """Return the right answers, and whether one other than unknown is owed."""
    if setting.camera.swapped:
        return NOTHING_KNOWN, False
    owed, gone = _dark(setting, exposure) if state is LampState.DARK else _lit(setting, exposure, picture_bgr)
    if gone:
        return NOTHING_KNOWN, False
    return frozenset({state} if owed else {state, LampState.UNKNOWN}), owed


def _dark(setting: Setting, exposure: Exposure) -> tuple[bool, bool]:
    """Return whether darkness is owed, and whether it cannot be known."""
    windows = (setting.easel.window(setting.body, number) for number in range(setting.body.windows))
    share = min(1 - float(setting.mask[window].mean()) for window in windows)
    seen = _housing_seen(setting, exposure.unlit) >= SEEN_MIN and setting.air.sun_on_lens < SUN_DOUBTED
    return share >= WINDOWS_OWED and seen, share < WINDOWS_GONE


def _lit(setting: Setting, exposure: Exposure, picture_bgr: PictureBgr) -> tuple[bool, bool]:
    """Return whether the colour is owed, and whether it cannot be known."""
    change = picture_bgr.astype(np.int16) - exposure.picture_off(setting).astype(np.int16)
    seen = float(np.sort((change.max(axis=2) - change.min(axis=2)).ravel())[-PIXELS_MIN])
    owed = exposure.share >= SHARE_OWED and seen >= SEEN_MIN
    beyond_sun = setting.air.power > PHANTOM_MIN * phantom(setting.air)
    return owed and beyond_sun, seen < (SEEN_MIN if exposure.share < SHARE_GONE else NOTHING_SEEN)


def _housing_seen(setting: Setting, unlit: LightRgb) -> float:
    """Return by how many levels the lamp differs from what is beside it: a black lamp in a black night does not."""
    picture = developed(unlit, setting.air, setting.camera).mean(axis=2)
    easel, (width, height) = setting.easel, setting.body.size_px
    inside = np.zeros(picture.shape, np.bool_)
    rim = setting.body.rim_px
    inside[round(easel.y) : round(easel.y + height), round(easel.x) : round(easel.x + width)] = True
    beside = np.ones(picture.shape, np.bool_)
    beside[: round(easel.y)] = beside[round(easel.y + height) :] = False
    x1, x2 = round(easel.x - rim - 1), round(easel.x + width + rim + 1)
    beside[:, max(0, x1) : x2] = False
    lamp = float(np.median(picture[inside]))
    return min(abs(float(np.median(side)) - lamp) for side in _both(picture, beside, (x1 + x2) // 2))


def _both(picture: Mask, beside: NDArray[np.bool_], middle: int) -> tuple[Mask, Mask]:
    return picture[:, :middle][beside[:, :middle]], picture[:, middle:][beside[:, middle:]]
