"""Lamps beside the set that is measured: a single yellow window, what no lamp shows, and other people's lights.

The reader learns from the first two: without them nothing would keep it from believing that a single light between red
and yellow must be red, that of two colours the stronger one counts, or that the place of a colour does not matter. It
does not learn from the third (half a point of all answers was lost by it); a test holds what is read of them.
"""

from dataclasses import replace

import numpy as np

from contract.words import LampState
from datasets.lamps.backgrounds import Backgrounds
from datasets.lamps.casting import cast_flicker
from datasets.lamps.pictures import photograph
from datasets.lamps.setting import STRANGERS, Setting, set_up
from datasets.lamps.truth import NOTHING_KNOWN
from datasets.lamps.values import Cover, Drawn, Flicker, Glow, Kind


def single_yellow(backgrounds: Backgrounds, random: np.random.Generator) -> Drawn:
    """Return a picture of a single window for drivers or cyclists that shows yellow."""
    while (setting := set_up(backgrounds, random)).body.kind is not Kind.SINGLE or setting.body.user == "pedestrian":
        pass
    glow = Glow(0, LampState.YELLOW, setting.body.shows[LampState.GREEN][0].sign)
    return photograph(_showing(setting, LampState.YELLOW, glow), LampState.YELLOW, cast_flicker(random), random)


def impossible(backgrounds: Backgrounds, random: np.random.Generator) -> Drawn:
    """Return a picture of a stack that shows red and green at once, or one of them in the other's place."""
    while True:
        setting = set_up(backgrounds, random, cover=Cover.NOTHING, swapped=False)
        if setting.body.kind is Kind.SINGLE:
            continue
        last = setting.body.windows - 1
        red, green = (setting.body.shows[state][0] for state in (LampState.RED, LampState.GREEN))
        shown, glows = (
            (LampState.RED, (red, green)),
            (LampState.RED, (replace(red, window=last),)),
            (LampState.GREEN, (replace(green, window=0),)),
        )[int(random.integers(3))]
        drawn = photograph(_showing(setting, shown, *glows), shown, Flicker(), random)
        if drawn.owed:  # well to be seen
            return replace(drawn, right=NOTHING_KNOWN, owed=False)


def strangers(backgrounds: Backgrounds, random: np.random.Generator) -> Drawn:
    """Return a picture with other people's lights where a lamp was, and no lamp: something stands before it."""
    while not (setting := set_up(backgrounds, random, cover=Cover.VEHICLE, swapped=False)).air.strangers:
        pass
    behind, (width, height) = setting.behind.copy(), setting.body.size_px
    rows, columns = np.mgrid[0 : behind.shape[0], 0 : behind.shape[1]]
    for _ in range(int(random.integers(1, 3))):
        x, y = setting.easel.x + random.uniform(0, width), setting.easel.y + random.uniform(0, height)
        near = ((columns - x) ** 2 + (rows - y) ** 2) < random.uniform(0.7, 2.5) ** 2
        colour = np.array(STRANGERS[int(random.integers(len(STRANGERS)))], np.float32)
        behind[near] += colour * float(random.uniform(0.2, 3))
    gone = replace(setting, unlit=behind, mask=np.ones_like(setting.mask))
    drawn = photograph(gone, LampState.DARK, Flicker(), random)
    return replace(drawn, right=NOTHING_KNOWN, owed=False)


def _showing(setting: Setting, state: LampState, *glows: Glow) -> Setting:
    body = setting.body
    return replace(setting, body=replace(body, shows={**body.shows, state: glows}))
