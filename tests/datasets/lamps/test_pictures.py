"""Drawn lamps: what is owed is what is to be seen, and a seed gives one set."""

import numpy as np
import pytest

from contract.words import LampState
from datasets.cache import cache_folder
from datasets.lamps.backgrounds import open_backgrounds
from datasets.lamps.pictures import draw, photograph
from datasets.lamps.sequences import PROGRAMMES, tell_story
from datasets.lamps.setting import set_up
from datasets.lamps.values import Cover, Flicker


@pytest.fixture(scope="module")
def backgrounds(footage_path):
    return open_backgrounds(footage_path, cache_folder("riders"), print)


def test_a_seed_gives_one_picture_and_another_seed_another(backgrounds):
    first, again, other = (draw(backgrounds, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert np.array_equal(first.picture_bgr, again.picture_bgr)
    assert first.picture_bgr.shape != other.picture_bgr.shape or (first.picture_bgr != other.picture_bgr).any()


def test_every_region_lies_in_its_picture_and_every_picture_has_a_right_answer(backgrounds):
    for number in range(60):
        drawn = draw(backgrounds, np.random.default_rng([7, number]))
        x, y, width, height = drawn.lamp_xywh_px
        high, wide = drawn.picture_bgr.shape[:2]
        assert 0 <= x < x + width <= wide
        assert 0 <= y < y + height <= high
        assert drawn.right
        assert not drawn.owed or drawn.right == {drawn.shown}


@pytest.mark.parametrize("state", [LampState.RED, LampState.GREEN])
def test_with_exchanged_channels_nothing_can_be_known(backgrounds, state):
    random = np.random.default_rng(5)
    drawn = photograph(set_up(backgrounds, random, swapped=True), state, Flicker(), random)
    assert (drawn.right, drawn.owed) == ({LampState.UNKNOWN}, False)


def test_the_light_is_what_makes_the_picture_and_flicker_takes_it_away(backgrounds):
    random = np.random.default_rng(11)
    setting = set_up(backgrounds, random, cover=Cover.NOTHING, swapped=False)
    shown, gone = (
        photograph(setting, LampState.RED, flicker, np.random.default_rng(1)) for flicker in (Flicker(), Flicker(0.0))
    )
    assert shown.owed
    assert not gone.owed
    assert shown.picture_bgr[:, :, 2].astype(int).sum() > gone.picture_bgr[:, :, 2].astype(int).sum()


@pytest.mark.parametrize("name", PROGRAMMES)
def test_a_story_s_frames_are_in_order_and_some_are_dropped(backgrounds, name):
    story = tell_story(backgrounds, 8, name)
    times = [frame.t_ms for frame in story.frames()]
    assert times == sorted(set(times))
    assert 0.7 * story.end_ms * story.fps / 1000 < len(times) <= story.end_ms * story.fps / 1000
