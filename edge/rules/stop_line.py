"""Stopped beyond the stop line (code 2019): the whole vehicle beyond it on red, and stopped.

实施条例 art. 68(4): stop before the stop line. 北京市非机动车管理条例 (2025 revision) names it for riders. Going on is
riding on red (rider_red_light.py), never both; so the verdict waits until the red is over, or the rider is gone.

A violation needs all of: the crossing was seen, on red, ``lamp_grace_s`` after the lamp turned red; the rear wheel was
beyond the line (``rear_m`` behind the place where a vehicle stands); the rider stayed within ``still_m`` for ``stop_s``
on that red; and did not come as far on it as riding on red asks. Who turns right may wait in the turn.
"""

from typing import Final

from contract.words import ViolationKind
from edge.rules.line import Beyond
from edge.rules.params import Given, StandingParams

KIND: Final = ViolationKind.STOP_LINE
VERSION: Final = 2


def standing(given: Given) -> StandingParams:
    """Return the thresholds."""
    return StandingParams.of(KIND, given)


def stood(beyond: Beyond) -> bool:
    """Tell whether a rider stood beyond the line on red for long enough."""
    return beyond.standing_ms is not None


def stood_s(beyond: Beyond) -> float:
    """Return for how long, in seconds."""
    return beyond.standing.longest_ms / 1000
