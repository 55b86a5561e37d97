"""What the lamps showed at an entry, and up to when the red of that entry lasted."""

import pytest
from walking import DARK, GREEN, RED, UNKNOWN, YELLOW, lamp

from contract.words import LampState
from edge.rules.court import Court, RedPhase
from edge.rules.reasons import Reason


@pytest.mark.parametrize(
    ("shows", "entered_ms", "reason"),
    [
        ([(0, RED)], 10_000, None),
        ([(0, GREEN), (9, RED)], 10_000, None),
        ([(0, GREEN), (9.5, RED)], 10_000, None),
        ([(0, GREEN), (9.501, RED)], 10_000, Reason.JUST_TURNED_RED),
        ([(0, GREEN)], 10_000, Reason.NOT_RED_AT_ENTRY),
        ([(0, YELLOW)], 10_000, Reason.NOT_RED_AT_ENTRY),
        ([(0, LampState.FLASHING_GREEN)], 10_000, Reason.NOT_RED_AT_ENTRY),
        ([(0, LampState.FLASHING_YELLOW)], 10_000, Reason.NOT_RED_AT_ENTRY),
        ([(0, DARK)], 10_000, Reason.LAMP_UNKNOWN),
        ([(0, RED), (5, UNKNOWN)], 10_000, Reason.LAMP_UNKNOWN),
        ([(0, UNKNOWN), (9, RED)], 10_000, None),
        ([(11, RED)], 10_000, Reason.LAMP_UNKNOWN),
        ([], 10_000, Reason.LAMP_UNKNOWN),
    ],
)
def test_an_entry_on_red(shows, entered_ms, reason):
    assert Court(lamp(*shows)).at_entry("lamp", entered_ms, 0.5) is reason


@pytest.mark.parametrize(
    ("story", "shows", "until_ms", "over", "lost"),
    [
        ("red all along", [(0, RED)], 4000, False, False),
        ("green comes just then", [(0, RED), (4, GREEN)], 4000, False, False),
        ("green comes on the way", [(0, RED), (3.5, GREEN)], 3500, True, False),
        ("green came before the way", [(0, RED), (2.5, GREEN)], None, True, False),
        ("the lamp fails on the way", [(0, RED), (3.5, DARK)], 3500, True, True),
        ("the sources disagree on the way", [(0, RED), (3.5, UNKNOWN)], 3500, True, True),
        ("entered on green", [(0, GREEN), (3.5, RED)], None, True, False),
    ],
)
def test_the_red_of_an_entry_at_2_s_on_a_way_from_3_s_to_4_s(story, shows, until_ms, over, lost):
    court = Court(lamp(*shows))
    phase = RedPhase.at(court, "lamp", 2000)
    assert phase.until(court, 3000, 4000) == until_ms
    assert (phase.over, phase.lost) == (over, lost)


def test_the_next_red_is_not_the_red_of_the_entry():
    court = Court(lamp((0, RED), (3, GREEN), (4, RED)))
    phase = RedPhase.at(court, "lamp", 2000)
    assert phase.until(court, 2000, 3500) == 3000
    assert phase.until(court, 3500, 5000) is None
