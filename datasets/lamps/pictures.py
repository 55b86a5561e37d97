"""One picture of one lamp with its truth, by chance."""

from dataclasses import replace
from typing import Final

from contract.words import LampState
from datasets.lamps.backgrounds import Backgrounds
from datasets.lamps.casting import cast_flicker
from datasets.lamps.exposing import expose
from datasets.lamps.setting import Random, Setting, drawn_by_hand, set_up
from datasets.lamps.truth import truth
from datasets.lamps.values import LIT, Cover, Drawn, Flicker, Kind

DARK: Final = 0.12
YELLOW: Final = 0.15


def draw(backgrounds: Backgrounds, random: Random) -> Drawn:
    """Return one picture by chance."""
    setting = set_up(backgrounds, random)
    state = _state(setting, random)
    if state is LampState.DARK and setting.camera.swapped:
        setting = replace(setting, camera=replace(setting.camera, swapped=False))  # nobody could tell
    return photograph(setting, state, cast_flicker(random) if state in LIT else Flicker(), random)


def photograph(setting: Setting, state: LampState, flicker: Flicker, random: Random) -> Drawn:
    """Return the picture of a lamp that shows a state, with its truth."""
    exposure = expose(setting, state, flicker, random)
    picture_bgr = exposure.picture(setting)
    right, owed = truth(setting, state, exposure, picture_bgr)
    region, conditions = drawn_by_hand(setting, random), _conditions(setting, flicker)
    return Drawn(picture_bgr, region, setting.body.user, state, right, owed, conditions)


def _state(setting: Setting, random: Random) -> LampState:
    luck = random.random()
    if luck < DARK:
        return LampState.DARK
    if setting.body.kind is Kind.VEHICLE_3 and luck < DARK + YELLOW:
        return LampState.YELLOW
    return LampState.RED if random.random() < 0.5 else LampState.GREEN


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
