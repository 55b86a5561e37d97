"""One picture of one lamp with its truth, from a chance; and what may rightly be said of it.

What is owed is decided by what is there to be seen, from the picture with the light and the same one without: never by what a reader
can do.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from contract.words import LampState
from datasets.lamps.backgrounds import Backgrounds
from datasets.lamps.casting import cast_air, cast_body, cast_camera, cast_flicker
from datasets.lamps.covers import cast_cover, cover_light, covered
from datasets.lamps.optics import developed, linear, streaks, taken, through_lens
from datasets.lamps.painting import Easel, easel_for, enlarged, glow_of, paint_body, phantom, reduced
from datasets.lamps.values import LIT, Air, Body, Camera, Cover, Drawn, Flicker, Kind, LightRgb, Mask
from edge.pipeline import PictureBgr

SWAPPED: Final = 0.05
DARK: Final = 0.12
YELLOW: Final = 0.15
SEEN_MIN: Final = 20.0
"""The change, in levels of 255, of colour by a light or of brightness by a housing: with less, on fewer
pixels than ``PIXELS_MIN``, nobody owes an answer."""
NOTHING_SEEN: Final = 3.0
PIXELS_MIN: Final = 4
SHARE_OWED, SHARE_GONE = 0.6, 0.05
"""Shares of a light left uncovered: from the first on its colour is owed, below the second it cannot be known."""
WINDOWS_OWED, WINDOWS_GONE = 0.75, 0.4
"""The same of the most covered window, for the word *dark*."""
SUN_DOUBTED: Final = 0.3
PHANTOM_MIN: Final = 2.0
"""Phantom light (EN 12368): with so much sun on its lenses nobody is owed the word that a lamp is off, nor its colour
where it is not at least twice as bright as what the sun gives back."""
DRAWN_BADLY: Final = 0.1
NOTHING_KNOWN: Final = frozenset({LampState.UNKNOWN})
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Setting:
    """All of a picture but what the lamp shows: it may stay the same for many frames."""

    body: Body
    air: Air
    camera: Camera
    easel: Easel
    cover: Cover
    behind: LightRgb
    """Without the lamp, in the picture's size."""
    unlit: LightRgb
    """The scene with the unlit lamp and its cover, in the picture's size, before the lens."""
    mask: Mask
    """What the cover hides, on the fine raster."""


def set_up(backgrounds: Backgrounds, random: Random, *, cover: Cover | None = None, swapped: bool | None = None) -> Setting:
    """Return a setting by chance; ``cover`` and ``swapped`` may be given."""
    body = cast_body(random)
    air = cast_air(body, random)
    camera = replace(cast_camera(air, random), swapped=random.random() < SWAPPED if swapped is None else swapped)
    easel = easel_for(body, random)
    behind = _behind(backgrounds, air, easel, random)
    chosen = cast_cover(random) if cover is None else cover
    mask = covered(chosen, body, easel, random)
    scene = enlarged(behind, easel)
    paint_body(scene, body, air, easel)
    before = cover_light(chosen, linear(backgrounds.patch(easel.size_wh, random)), air, easel, random)
    scene += mask[:, :, None] * (before - scene)
    return Setting(body, air, camera, easel, chosen, behind, reduced(scene, easel), mask)


def _behind(backgrounds: Backgrounds, air: Air, easel: Easel, random: Random) -> LightRgb:
    """Return a real patch in the scene's light, with other people's lights in it."""
    behind = linear(backgrounds.patch(easel.size_wh, random)) * np.array(air.ambient, np.float32)
    rows, columns = np.mgrid[0 : easel.size_wh[1], 0 : easel.size_wh[0]]
    for _ in range(air.strangers):
        x, y = random.uniform(0, easel.size_wh[0]), random.uniform(0, easel.size_wh[1])
        near = ((columns - x) ** 2 + (rows - y) ** 2) < random.uniform(0.7, 2.5) ** 2
        colour = ((1.0, 0.85, 0.6), (1.0, 0.1, 0.05), (1.0, 0.6, 0.25), (0.8, 0.9, 1.0), (0.1, 0.9, 0.5))
        behind[near] += np.array(colour[int(random.integers(5))], np.float32) * float(random.uniform(0.2, 3))
    return np.asarray(behind, dtype=np.float32)


def expose(setting: Setting, state: LampState, flicker: Flicker, random: Random) -> Drawn:
    """Return the picture of a lamp that shows a state."""
    easel, air = setting.easel, setting.air
    whole = glow_of(setting.body, state, air, flicker, easel)
    left = reduced(np.asarray(whole * (1 - setting.mask[:, :, None]), dtype=np.float32), easel)
    unlit, glow = through_lens(setting.unlit, air), through_lens(left, air)
    rain = streaks((easel.size_wh[1], easel.size_wh[0]), air, random)[:, :, None]
    wet = np.array(air.ambient, np.float32) * 0.7
    light = np.asarray((unlit + glow) * (1 - rain) + rain * wet, dtype=np.float32)
    grain = int(random.integers(2**32))
    picture = taken(light, air, setting.camera, np.random.default_rng(grain))
    dark = np.asarray(unlit * (1 - rain) + rain * wet, dtype=np.float32)
    off = taken(dark, air, setting.camera, np.random.default_rng(grain))
    share = float(left.sum()) / max(float(reduced(whole, easel).sum()), 1e-6)
    right, owed = _truth(setting, state, share, _colour_seen(picture, off), unlit)
    return Drawn(
        picture,
        drawn_by_hand(setting, random),
        setting.body.user,
        state,
        right,
        owed,
        _conditions(setting, flicker),
    )


def _truth(
    setting: Setting, state: LampState, share: float, seen: float, unlit: LightRgb
) -> tuple[frozenset[LampState], bool]:
    """Return the right answers, and whether one other than unknown is owed."""
    if setting.camera.swapped:
        return NOTHING_KNOWN, False
    if state is LampState.DARK:
        seen, share = _housing_seen(setting, unlit), _least_window(setting)
        owed, gone = share >= WINDOWS_OWED and setting.air.sun_on_lens < SUN_DOUBTED, share < WINDOWS_GONE
    else:
        owed, gone = share >= SHARE_OWED, seen < (SEEN_MIN if share < SHARE_GONE else NOTHING_SEEN)
    if gone:
        return NOTHING_KNOWN, False
    owed = owed and seen >= SEEN_MIN and (state is LampState.DARK or setting.air.power > PHANTOM_MIN * phantom(setting.air))
    return frozenset({state} if owed else {state, LampState.UNKNOWN}), owed


def _colour_seen(lit: PictureBgr, off: PictureBgr) -> float:
    """Return by how many levels the light colours its most coloured pixels; a white light has no colour to see."""
    change = lit.astype(np.int16) - off.astype(np.int16)
    return float(np.sort((change.max(axis=2) - change.min(axis=2)).ravel())[-PIXELS_MIN])


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


def _both(picture: Mask, beside: np.ndarray[tuple[int, int], np.dtype[np.bool_]], middle: int) -> tuple[Mask, Mask]:
    return picture[:, :middle][beside[:, :middle]], picture[:, middle:][beside[:, middle:]]


def _least_window(setting: Setting) -> float:
    windows = (setting.easel.window(setting.body, number) for number in range(setting.body.windows))
    return min(1 - float(setting.mask[window].mean()) for window in windows)


def drawn_by_hand(setting: Setting, random: Random) -> tuple[float, float, float, float]:
    """Return the lamp's region as a person draws it: sometimes with its rim, and a pixel or a tenth beside."""
    width, height = setting.body.size_px
    rim = setting.body.rim_px * float(random.uniform(-0.3, 1.0))
    wrong = np.maximum(1.0, DRAWN_BADLY * setting.body.window_px) * random.uniform(-1, 1, 4)
    x, y = setting.easel.x - rim + wrong[0], setting.easel.y - rim + wrong[1]
    return (
        float(round(x)),
        float(round(y)),
        float(max(4, round(width + 2 * rim + wrong[2]))),
        float(max(4, round(height + 2 * rim + wrong[3]))),
    )


def _conditions(setting: Setting, flicker: Flicker) -> tuple[str, ...]:
    """Return the names under which the picture is counted."""
    named = [setting.body.kind.value, setting.air.hour.value, setting.air.weather.value]
    height = setting.body.size_px[1]
    named.append("under 16 px high" if height < 16 else "16 to 40 px high" if height < 40 else "over 40 px high")
    if setting.cover is not Cover.NOTHING:
        named.append(f"covered: {setting.cover.value}")
    if flicker != Flicker():
        named.append("flicker")
    if setting.camera.swapped:
        named.append("channels swapped")
    return tuple(named)


def draw(backgrounds: Backgrounds, random: Random) -> Drawn:
    """Return one picture by chance."""
    setting = set_up(backgrounds, random)
    state = _state(setting, random)
    if state is LampState.DARK and setting.camera.swapped:
        setting = replace(setting, camera=replace(setting.camera, swapped=False))  # nobody could tell
    return expose(setting, state, cast_flicker(random) if state in LIT else Flicker(), random)


def _state(setting: Setting, random: Random) -> LampState:
    luck = random.random()
    if luck < DARK:
        return LampState.DARK
    if setting.body.kind is Kind.VEHICLE_3 and luck < DARK + YELLOW:
        return LampState.YELLOW
    return LampState.RED if random.random() < 0.5 else LampState.GREEN


