"""Pedestrian on red (code 3001): entered the crosswalk on red and advanced on red.

实施条例 art. 39: at a red pedestrian lamp one must not ENTER; who is on the crossing already may finish or wait at
the middle. 道交法 arts. 38 and 62: obey the signal; an officer's direction and a lamp that shows no red overrule it.
行政处罚法 art. 40: where the facts are not clear there is no penalty, so every doubt ends in no violation.

A violation needs all of: the entry was seen; the pedestrian's lamp was red at the entry, and had been for
``lamp_grace_s``; on that same red the pedestrian came ``advance_m`` further along the way across than where they came
in. So waiting at the kerb, stepping in and back, cutting a corner and walking past the mouth are none. Who was on the
road beside the crosswalk already, and came onto it from there, is judged by the lamp when they stepped on the road.
"""

from typing import Final

from contract.words import ViolationKind
from edge.rules.crossing import CrosswalkRule
from edge.rules.params import CrossingParams, Given

KIND: Final = ViolationKind.PEDESTRIAN_RED_LIGHT
VERSION: Final = 4


def on_foot(given: Given) -> CrosswalkRule:
    """Return the rule with a scene's thresholds."""
    return CrosswalkRule(KIND, CrossingParams.of(KIND, given), from_kerb=False)
