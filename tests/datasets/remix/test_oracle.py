"""The remix's own truth, as an officer would tell it: a crosswalk from x = 0 to 6 m, a walk along it, a lamp."""

import numpy as np
import pytest

from contract.words import LampState
from datasets.remix.oracle import crossed_on_red
from datasets.remix.values import Crossing, LampChange, Programme

CROSSING = Crossing(((0.0, 0.0), (6.0, 0.0), (6.0, 4.0), (0.0, 4.0)), (1.0, 0.0))
LAMPS = {
    "r": LampState.RED,
    "g": LampState.GREEN,
    "f": LampState.FLASHING_GREEN,
}


def lamp(spoken):
    """Read ``g0 r5``: green from 0 s, red from 5 s, until a minute is over."""
    changes = tuple(LampChange(round(float(word[1:]) * 1000), LAMPS[word[0]]) for word in spoken.split())
    return Programme(changes, 60_000)


def walk(*places):
    """Return frames ten a second along (second, x, y)."""
    seconds = np.array([place[0] for place in places], dtype=float)
    times_ms = np.arange(seconds[0] * 1000, seconds[-1] * 1000 + 1, 100).astype(np.int64)
    feet = [np.interp(times_ms / 1000, seconds, [place[axis] for place in places]) for axis in (1, 2)]
    return times_ms, np.stack(feet, axis=1)


ACROSS = ((0, -2, 2), (10, 8, 2))  # one metre a second; enters at 2 s, three metres on at 5 s, leaves at 8 s


@pytest.mark.parametrize(
    ("story", "places", "spoken", "expected"),
    [
        ("walks over on red", ACROSS, "r0", [(2.0, 5.0)]),
        ("walks over on green", ACROSS, "g0", []),
        ("enters on green, finishes on red", ACROSS, "g0 r2.5", []),
        ("enters on flashing green", ACROSS, "f0 r2.1", []),
        ("enters 0.3 s after red began", ACROSS, "g0 r1.7", []),
        ("enters 0.7 s after red began", ACROSS, "g0 r1.3", [(2.0, 5.0)]),
        ("starts too early: green comes when 2 m are gone", ACROSS, "r0 g4", []),
        ("starts too early: green comes when 4 m are gone", ACROSS, "r0 g6", [(2.0, 5.0)]),
        ("waits at the kerb for green", ((0, -2, 2), (1.5, -0.5, 2), (9, -0.5, 2), (17, 7.5, 2)), "r0 g9", []),
        ("steps in, waits, goes at green", ((0, -2, 2), (4, 2, 2), (9, 2, 2), (15, 8, 2)), "r0 g9", []),
        ("steps in and turns back", ((0, -2, 2), (4, 2, 2), (8, -2, 2)), "r0", []),
        ("cuts the corner", ((0, -1, 3), (3, 2, 5)), "r0", []),
        ("walks past the mouth", ((0, 0.5, -2), (8, 0.5, 6)), "r0", []),
        ("is first seen in the middle", ((0, 1, 2), (6, 7, 2)), "r0", []),
        ("goes over and back on one red", ((0, -2, 2), (10, 8, 2), (13, 8, 2), (23, -2, 2)), "r0", [(2.0, 5.0)]),
        (
            "goes over and back on two",
            ((0, -2, 2), (10, 8, 2), (13, 8, 2), (23, -2, 2)),
            "r0 g9 r11",
            [(2, 5), (15, 18)],
        ),
        (
            "is off its side for a moment",
            ((0, -2, 1), (3.6, 1.6, 0.1), (4, 2, -0.2), (4.4, 2.4, 0.1), (9, 7, 2)),
            "r0",
            None,
        ),
    ],
)
def test_who_crossed_on_red(story, places, spoken, expected):
    found = crossed_on_red(*walk(*places), CROSSING, lamp(spoken))
    if expected is None:  # one violation, whatever its times
        assert len(found) == 1
    else:
        times_s = [(one.entered_ms / 1000, one.confirmed_ms / 1000) for one in found]
        assert times_s == [pytest.approx(pair, abs=0.05) for pair in expected]


def test_the_advance_is_what_was_gone_on_that_red():
    (found,) = crossed_on_red(*walk(*ACROSS), CROSSING, lamp("r0 g6"))
    assert found.advance_m == pytest.approx(4.0, abs=0.05)
    assert (found.phase.since_ms, found.phase.until_ms) == (0, 6000)
