"""Lamps beside the set that is measured: none, or hardly any, of them may be believed to be red."""

import numpy as np
import pytest

from contract.words import LampState
from datasets.cache import cache_folder
from datasets.lamps.backgrounds import open_backgrounds
from datasets.lamps.exceptions import impossible, single_yellow, strangers
from edge.lamp.look import look


@pytest.fixture(scope="module")
def backgrounds(footage_path):
    return open_backgrounds(footage_path, cache_folder("riders"), print)


def test_a_single_yellow_window_is_yellow_or_unknown_never_red(backgrounds):
    pictures = [single_yellow(backgrounds, np.random.default_rng([301, number])) for number in range(12)]
    said = [look(drawn.picture_bgr, drawn.lamp_xywh_px, drawn.user).state for drawn in pictures]
    assert {drawn.shown for drawn in pictures} == {LampState.YELLOW}
    assert LampState.RED not in said
    assert said.count(LampState.YELLOW) >= 6


def test_what_no_lamp_shows_is_hardly_ever_believed(backgrounds):
    pictures = [impossible(backgrounds, np.random.default_rng([302, number])) for number in range(60)]
    said = [look(drawn.picture_bgr, drawn.lamp_xywh_px, drawn.user).state for drawn in pictures]
    assert all(drawn.right == {LampState.UNKNOWN} and not drawn.owed for drawn in pictures)
    assert said.count(LampState.UNKNOWN) >= 58


def test_other_people_s_lights_where_a_lamp_was_are_seldom_red(backgrounds):
    pictures = [strangers(backgrounds, np.random.default_rng([303, number])) for number in range(100)]
    said = [look(drawn.picture_bgr, drawn.lamp_xywh_px, drawn.user).state for drawn in pictures]
    assert said.count(LampState.RED) <= 12
