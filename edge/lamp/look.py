"""One look at one lamp: colour and place must agree, the whole must be believable, or nothing is said.

Never red for green matters most: red needs red light at the red end and no green light worth the name, whatever the
weights say.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from contract.words import LampState
from edge.lamp.evidence import HUES, Evidence, gather
from edge.lamp.features import dark_features, lit_features
from edge.lamp.trust import sure
from edge.lamp.weights import DARK, LIT
from edge.pipeline import PictureBgr
from edge.signals.lamp_look import Doubt, Look

User = Literal["pedestrian", "vehicle", "bicycle"]
RED, ORANGE, AMBER, LIME, GREEN, AZURE, BLUE, PINK = range(len(HUES))
WARM: Final = [RED, ORANGE, AMBER, PINK]
COLD: Final = [GREEN, AZURE]
COLOURED: Final = 10.0
"""Chroma of the brightest thirtieth, in levels above the ground: with less there is no light to be named."""
RIVAL_OF_RED: Final = 0.1
"""So much green light beside red light, and nobody is told that it is red."""
RED_PALE_MAX: Final = 0.65
"""A red so pale is a wall in the sun, or glare."""
SIXTHS: Final = (np.arange(6) + 0.5) / 6
DRIVERS: Final = (
    (RED, 0.0, 0.36, LampState.RED),
    (PINK, 0.0, 0.36, LampState.RED),
    (ORANGE, 0.0, 0.24, LampState.RED),
    (ORANGE, 0.36, 0.64, LampState.YELLOW),
    (AMBER, 0.36, 0.64, LampState.YELLOW),
    (LIME, 0.36, 0.64, LampState.YELLOW),
    (GREEN, 0.64, 1.0, LampState.GREEN),
    (AZURE, 0.64, 1.0, LampState.GREEN),
)
WALKERS: Final = (
    (RED, 0.0, 0.68, LampState.RED),
    (PINK, 0.0, 0.36, LampState.RED),
    (ORANGE, 0.0, 0.68, LampState.RED),
    (AMBER, 0.0, 0.36, LampState.RED),
    (GREEN, 0.32, 1.0, LampState.GREEN),
    (AZURE, 0.32, 1.0, LampState.GREEN),
)
"""What a hue is called between two places along a stack, from the red end (0) to the green one (1): windows of three
are at 0.17, 0.5 and 0.83, of two at 0.25 and 0.75; a pedestrian's other window may count down in the same colour, and
no pedestrian lamp is yellow. What is between red and yellow must lie where a yellow light does not, even in a region
that is drawn a third of a window beside it.
"""
ODDS_MIN: Final = {LampState.RED: 1.0, LampState.GREEN: 0.0, LampState.YELLOW: 0.0, LampState.DARK: 1.0}
"""The weights were fitted with wrong answers counting several times: odds of 0 are far better than even."""
NO_DIPS, LEAST_APART = [6, 7], 1
FLAT: Final = 0.95
"""What does not fall off beside the lamp, neither in chroma nor in brightness, is no lamp, whatever the weights say;"""
APART_MIN: Final = float(np.log1p(4.0))
"""nor is it an unlit one where it differs from its sides by less than four levels."""
WASHED_OUT_GROUND: Final = 215.0
SPILLS: Final = 0.6
FAINT_PEAK: Final = 20.0


@dataclass(frozen=True, slots=True)
class Named:
    """A light's name by hue and place, or the doubt about it; and its hues and those that speak against it."""

    name: LampState | Doubt
    family: list[int]
    rivals: list[int]


def look(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float], user: User) -> Look:
    """Return what the lamp in a region (x, y, width, height in pixels) of a picture shows to this user."""
    evidence = gather(picture_bgr, xywh_px)
    if evidence is None:
        return Look(LampState.UNKNOWN, 0.0, Doubt.OUTSIDE)
    named = named_light(evidence, user) if evidence.peak >= COLOURED else None
    if named is not None and isinstance(named.name, LampState):
        features = lit_features(evidence, named.family, named.rivals)
        odds = LIT.odds(features)
        if odds >= ODDS_MIN[named.name] and min(features[NO_DIPS]) < FLAT:
            return Look(named.name, sure(odds))
    features = dark_features(evidence)
    odds = DARK.odds(features)
    if odds >= ODDS_MIN[LampState.DARK] and features[LEAST_APART] > APART_MIN:
        return Look(LampState.DARK, sure(odds))
    return Look(LampState.UNKNOWN, 0.0, _doubt(evidence, named))


def named_light(evidence: Evidence, user: User) -> Named:
    """Return what a light is called by its hue and its place."""
    by_hue = evidence.light.sum(axis=1)
    main = int(evidence.light.max(axis=1).argmax())
    family, rivals = (WARM, COLD) if main in WARM else (COLD, WARM) if main in COLD else ([main], WARM + COLD)
    place = evidence.light[family].sum(axis=0)
    along = float((place * SIXTHS).sum() / max(float(place.sum()), 1e-6)) if evidence.stacked else None
    name = _alone(main, user) if along is None else _by_place(main, along, user)
    if name is LampState.RED and by_hue[rivals].sum() > RIVAL_OF_RED * by_hue[family].sum():
        name = Doubt.CONFLICT
    if name is LampState.RED and evidence.pale > RED_PALE_MAX:
        name = Doubt.FAINT
    return Named(name, family, rivals)


def _alone(main: int, user: User) -> LampState | Doubt:
    """Return the name of a light in a single window: by its hue alone, so only where no other lamp's comes near it.

    With exchanged channels red is blue, yellow azure and green lime: none of them is a lamp's.
    """
    if main == RED or (main == ORANGE and user == "pedestrian"):  # no pedestrian lamp is yellow
        return LampState.RED
    if main == GREEN:
        return LampState.GREEN
    return Doubt.CONFLICT if main in {ORANGE, AMBER, PINK} else Doubt.CHANNEL_ORDER


def _by_place(main: int, along: float, user: User) -> LampState | Doubt:
    """Return the name of a light that lies so far along a stack."""
    for hue, begin, end, name in WALKERS if user == "pedestrian" else DRIVERS:
        if hue == main and begin <= along < end:
            return name
    return Doubt.CONFLICT if main in {AMBER, PINK} and along < 0.5 else Doubt.CHANNEL_ORDER


def _doubt(evidence: Evidence, named: Named | None) -> Doubt:
    """Return why nothing is said."""
    if evidence.ground > WASHED_OUT_GROUND:
        return Doubt.WASHED_OUT
    if named is None or evidence.peak < FAINT_PEAK:
        return Doubt.HIDDEN
    if isinstance(named.name, Doubt):
        return named.name
    return Doubt.SPILLED if evidence.spill > SPILLS else Doubt.FAINT
