"""Rider on red (code 2007): over the stop line on red and on, or over a crosswalk on its red.

道交法 art. 38: obey the signal. 实施条例 art. 38: on red nobody goes on, but who turns right may where nobody is
hindered, and who is over the line at yellow may go on; arts. 40 and 41 for arrows. 北京市实施办法 art. 85(1).
A rider over the line on red who stays there is no rider on red but one who stopped beyond the line (stop_line.py).

A violation at a stop line needs all of: the crossing was seen; it was on red, and the lamp had been red for
``lamp_grace_s``; on that same red the rider came ``advance_m`` beyond the line; the rider does not turn right where the
scene draws an area for that. On a crosswalk: what is asked of people on foot (crosswalk.py), of riders who come onto it
from a kerb; who rides along the road and over a crosswalk uses the road.
"""

from typing import Final

from contract.words import ViolationKind
from edge.rules.crossing import CrosswalkRule
from edge.rules.line import Beyond
from edge.rules.params import CrossingParams, Given, LineParams

KIND: Final = ViolationKind.RIDER_RED_LIGHT
VERSION: Final = 2


def on_crosswalk(given: Given) -> CrosswalkRule:
    """Return the rule on crosswalks with a scene's thresholds."""
    return CrosswalkRule(KIND, CrossingParams.of(KIND, given), from_kerb=True)


def at_line(given: Given) -> LineParams:
    """Return the thresholds at stop lines."""
    return LineParams.of(KIND, given)


def rode_on(beyond: Beyond) -> bool:
    """Tell whether a rider who crossed on red went on on that red."""
    return beyond.far_on_red_ms is not None
