"""SUMO's link states as lamps."""

import numpy as np
import pytest
from junction import AHEAD, CROSSING, LANE

from contract.words import LampState
from datasets.simulation.lamps import read_lamps
from datasets.simulation.layout import Approach, Layout
from datasets.simulation.states import Switches

G, FLASH, YELLOW, RED = LampState.GREEN, LampState.FLASHING_GREEN, LampState.YELLOW, LampState.RED
LAYOUT = Layout((CROSSING,), (LANE,), (Approach("stop", "veh", 1, LANE, AHEAD, None, None),))
SWITCHES = Switches((0, 20_000, 25_000, 28_000, 30_000, 60_000), ("Gr", "rr", "rG", "rg", "ry", "Gr"))


def states(lamps, signal):
    return [(span.state, span.since_ms, span.until_ms) for span in lamps.spans(signal)]


def test_letters_become_words_and_equal_states_are_one():
    lamps = read_lamps(LAYOUT, SWITCHES, 70_000, flash_s=0)
    assert states(lamps, "lamp") == [(G, 0, 20_000), (RED, 20_000, 60_000), (G, 60_000, 70_000)]
    assert [state for state, _, _ in states(lamps, "veh")] == [RED, G, YELLOW, RED]
    assert lamps.whole("lamp", RED)[0].since_ms == 20_000
    assert lamps.whole("lamp", G) == []  # neither the first nor the last was seen from its beginning to its end


def test_only_the_people_s_green_flashes_before_it_ends():
    lamps = read_lamps(LAYOUT, SWITCHES, 70_000, flash_s=3)
    assert states(lamps, "lamp")[:3] == [(G, 0, 17_000), (FLASH, 17_000, 20_000), (RED, 20_000, 60_000)]
    assert all(state is not FLASH for state, _, _ in states(lamps, "veh"))


@pytest.mark.parametrize(
    ("t_ms", "state"), [(0, G), (19_999, G), (20_000, RED), (59_999, RED), (60_000, G), (10**9, G)]
)
def test_what_a_lamp_shows_at_a_time(t_ms, state):
    assert read_lamps(LAYOUT, SWITCHES, 70_000, flash_s=0).signals.shown("lamp", t_ms).state is state


def test_an_unknown_letter_is_a_defect():
    with pytest.raises(KeyError):
        read_lamps(LAYOUT, Switches((0,), ("OO",)), 1000, flash_s=0)


def test_a_crosswalk_is_cut_off_straight_at_its_kerbs():
    assert CROSSING.polygon.bounds == pytest.approx((0, -2, 12, 2))
    assert np.isclose(CROSSING.length_m, 12)
