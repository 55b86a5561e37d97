"""What was said of a lamp beside what it showed, as stories: ``g0 r10`` is green from 0 s, red from 10 s on."""

import pytest

from contract.words import LampState
from datasets.lamp_agreement import agreement, together
from datasets.lamp_spans import PlayedLamps
from edge.signals.timeline import LampChange, SignalTimeline

STATES = {
    "g": LampState.GREEN,
    "f": LampState.FLASHING_GREEN,
    "r": LampState.RED,
    "u": LampState.UNKNOWN,
    "d": LampState.DARK,
}


def spoken(words):
    return SignalTimeline(LampChange(round(float(w[1:]) * 1000), "l", STATES[w[0]]) for w in words.split())


def held(shown, said, end_s=20):
    return agreement(PlayedLamps(spoken(shown), end_s * 1000), spoken(said), "l")


@pytest.mark.parametrize(
    ("story", "said", "right", "unknown", "wrong", "red_for_another_s"),
    [
        ("read as it was", "g0 r10", 1, 0, 0, 0),
        ("nothing was ever read", "", 0, 1, 0, 0),
        ("known after a second", "u0 g1 r10", 0.95, 0.05, 0, 0),
        ("red said half a second late", "g0 r10.5", 0.975, 0, 0.025, 0),
        ("red said half a second early", "g0 r9.5", 0.975, 0, 0.025, 0.5),
        ("a moment in doubt at the change", "g0 u9.8 r10.2", 0.98, 0.02, 0, 0),
        ("the lamp taken for dark", "d0", 0, 0, 1, 0),
        ("red all the time", "r0", 0.5, 0, 0.5, 10),
        ("said beyond the end", "g0 r10 g30", 1, 0, 0, 0),
    ],
)
def test_how_long_it_was_right(story, said, right, unknown, wrong, red_for_another_s):
    figures = held("g0 r10", said).figures()
    assert (figures["right"], figures["unknown"], figures["wrong"]) == pytest.approx((right, unknown, wrong)), story
    assert figures["red_for_another_s"] == red_for_another_s


def test_the_table_says_what_was_taken_for_what():
    figures = held("g0 f10 r13", "g0 f11 r13").figures()
    assert figures["seconds"] == {
        "flashing_green: flashing_green": 2,
        "flashing_green: green": 1,
        "green: green": 10,
        "red: red": 7,
    }


def test_a_lamp_that_shows_nothing_known_is_known_to_be_so():
    assert held("u0", "u0").figures()["right"] == 1


def test_several_are_one_sum():
    total = together([held("g0", "g0"), held("g0", "u0 g10"), held("r0", "r0")])
    assert total.figures()["unknown"] == pytest.approx(10 / 60, abs=1e-5)
    assert total.lasted_ms.total() == 60_000
    assert together([]).figures() == {"right": 0, "unknown": 0, "wrong": 0, "red_for_another_s": 0, "seconds": {}}
