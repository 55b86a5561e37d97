"""One look at one lamp: what its features make most likely is said, if it is likely enough, or nothing is.

Never red for green matters most: red needs red light at the red end and no green light worth the name, whatever the
weights say.
"""

from typing import Final

import numpy as np

from contract.words import LampState
from edge.lamp.evidence import Evidence, gather
from edge.lamp.features import dip, features, off_middle
from edge.lamp.fitted import TRUST
from edge.lamp.pixels import Levels
from edge.lamp.places import COLOURS, User, in_place, named
from edge.lamp.trust import sure
from edge.pipeline import PictureBgr
from edge.signals.lamp_look import Doubt, Look

STATES: Final = (*COLOURS, LampState.DARK)
ODDS_MIN: Final = {LampState.RED: 3.5, LampState.GREEN: 1.5, LampState.YELLOW: 1.5, LampState.DARK: 2.0}
"""The log-odds from which something is said, chosen on seed 36, which the weights were not fitted on: there the nearest
red for a green light of 24,000 pictures had 1.4."""
COLOURED: Final = 10.0
"""Chroma of the brightest thirtieth, in levels above the ground: with less there is no light to be named."""
RIVAL_OF_RED, RIVAL_OF_GREEN = 0.3, 0.7
"""So much light of the other colour beside a red or a green one, and nobody is told that it is that."""
IN_PLACE_MIN, IN_PLACE_MIN_LONE = 0.1, 0.3
"""Nor where less of the warm light than that has the hue and the place of a red one; a single window has no place to go
by, and a bright yellow light has an orange rim."""
RED_PALE_MAX: Final = 0.75
"""A red so pale is a wall in the sun, or glare."""
FLAT: Final = 0.9
"""What does not fall off beside the lamp, neither in chroma nor in brightness, is no lamp;"""
APART_MIN: Final = 4.0
"""nor is it an unlit one where it differs from its sides by less than so many levels."""
OFF_MIDDLE_MAX: Final = 1.0
"""A red light further off the middle, in twelfths of the width, where no lamp stands out either, is somebody else's."""
WASHED_OUT_GROUND: Final = 215.0
SPILLS: Final = 0.6
FAINT_PEAK: Final = 20.0


def look(picture_bgr: PictureBgr, xywh_px: tuple[float, float, float, float], user: User) -> Look:
    """Return what the lamp in a region (x, y, width, height in pixels) of a picture shows to this user."""
    evidence = gather(picture_bgr, xywh_px)
    if evidence is None:
        return Look(LampState.UNKNOWN, 0.0, Doubt.OUTSIDE)
    odds = TRUST.odds(features(evidence, user))
    best = int(odds.argmax())
    state = STATES[best]
    if odds[best] >= ODDS_MIN[state] and may_be(state, evidence, user):
        return Look(state, sure(float(odds[best])))
    return Look(LampState.UNKNOWN, 0.0, _doubt(evidence, user))


def may_be(state: LampState, evidence: Evidence, user: User) -> bool:
    """Tell whether nothing speaks against a state that no weight may overrule."""
    if state is LampState.DARK:
        return bool(_apart(evidence)[1] > APART_MIN)
    if state is LampState.YELLOW and user == "pedestrian":
        return False  # no pedestrian lamp is yellow
    light = evidence.cold if state is LampState.GREEN else evidence.warm
    if min(dip(light.across, 0), dip(light.value_across, evidence.ground)) >= FLAT or light.peak < COLOURED:
        return False
    warm, cold = float(evidence.warm.place.sum()), float(evidence.cold.place.sum())
    if state is LampState.GREEN:
        return warm <= RIVAL_OF_GREEN * cold
    return state is LampState.YELLOW or (cold <= RIVAL_OF_RED * warm and _reddens(evidence, user))


def _reddens(evidence: Evidence, user: User) -> bool:
    """Tell whether there is red light where red belongs, deep enough."""
    if off_middle(evidence.warm.across[5:17]) > OFF_MIDDLE_MAX and float(_apart(evidence)[1:].mean()) < APART_MIN:
        return False
    needed = (IN_PLACE_MIN if evidence.stacked else IN_PLACE_MIN_LONE) * float(evidence.warm.place.sum())
    return float(in_place(evidence, user)[0]) >= needed and evidence.warm.pale <= RED_PALE_MAX


def _apart(evidence: Evidence) -> Levels:
    """Return by how many levels each sixth of the lamp differs from both of its sides, least first, (6,)."""
    return np.sort(np.minimum(np.abs(evidence.left - evidence.inside), np.abs(evidence.right - evidence.inside)))


def _doubt(evidence: Evidence, user: User) -> Doubt:
    """Return why nothing is said."""
    if evidence.ground > WASHED_OUT_GROUND:
        return Doubt.WASHED_OUT
    if evidence.peak < FAINT_PEAK:
        return Doubt.HIDDEN
    name = named(evidence, user)
    if isinstance(name, Doubt):
        return name
    warm, cold = evidence.warm, evidence.cold
    if name is LampState.RED and cold.place.sum() > RIVAL_OF_RED * warm.place.sum():
        return Doubt.CONFLICT
    return Doubt.SPILLED if (cold if name is LampState.GREEN else warm).spill > SPILLS else Doubt.FAINT
