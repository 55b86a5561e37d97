"""One look at a plainly painted lamp: what is said, and why nothing is said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lamps import picture, region

from contract.words import LampState
from edge.lamp.look import look
from edge.signals.lamp_look import Doubt


@pytest.mark.parametrize(
    ("lit", "windows", "user", "expected"),
    [
        ("red", 2, "pedestrian", LampState.RED),
        ("green", 2, "pedestrian", LampState.GREEN),
        ("red", 3, "vehicle", LampState.RED),
        ("yellow", 3, "vehicle", LampState.YELLOW),
        ("green", 3, "bicycle", LampState.GREEN),
        ("red", 1, "pedestrian", LampState.RED),
        ("green", 1, "pedestrian", LampState.GREEN),
        (None, 2, "pedestrian", LampState.DARK),
        (None, 3, "vehicle", LampState.DARK),
    ],
)
def test_what_a_lamp_shows(lit, windows, user, expected):
    seen = look(picture(lit, windows=windows), region(windows), user)
    assert seen.state is expected
    assert seen.sure > 0.5


@pytest.mark.parametrize("lit", ["red", "green", "yellow"])
def test_a_lamp_that_lies_is_read_from_the_left(lit):
    x, y, width, height = region(3)
    lying = np.ascontiguousarray(picture(lit, windows=3).transpose(1, 0, 2))
    assert look(lying, (y, x, height, width), "vehicle").state is LampState(lit)


@pytest.mark.parametrize(
    ("lit", "windows", "user"),
    [("red", 2, "pedestrian"), ("green", 2, "pedestrian"), ("red", 1, "pedestrian"), ("green", 1, "pedestrian")]
    + [(lit, 3, "vehicle") for lit in ("red", "yellow", "green")],
)
def test_exchanged_channels_are_noticed_and_nothing_is_said(lit, windows, user):
    swapped = np.ascontiguousarray(picture(lit, windows=windows)[:, :, ::-1])
    seen = look(swapped, region(windows), user)
    assert seen.state is LampState.UNKNOWN
    assert seen.doubt is Doubt.CHANNEL_ORDER


@pytest.mark.parametrize(("lit", "place"), [("red", 1), ("green", 0)])
def test_a_colour_in_the_other_colour_s_place_is_not_believed(lit, place):
    seen = look(picture(lit, place=place), region(), "pedestrian")
    assert (seen.state, seen.doubt) == (LampState.UNKNOWN, Doubt.CHANNEL_ORDER)


def test_red_and_green_at_once_are_neither():
    both = np.where(picture("red") > picture("green"), picture("red"), picture("green"))
    assert look(both, region(), "pedestrian").state is LampState.UNKNOWN


@pytest.mark.parametrize(
    ("level", "doubt"), [(255, Doubt.WASHED_OUT), (128, Doubt.HIDDEN), (0, Doubt.HIDDEN)], ids=["glare", "bus", "night"]
)
def test_where_no_lamp_is_to_be_seen_nothing_is_said(level, doubt):
    seen = look(np.full((110, 80, 3), level, np.uint8), region(), "pedestrian")
    assert (seen.state, seen.sure, seen.doubt) == (LampState.UNKNOWN, 0.0, doubt)


def test_a_red_bus_before_the_lamp_is_no_red_light():
    bus = np.full((110, 80, 3), (30, 30, 200), np.uint8)
    assert look(bus, region(), "pedestrian").state is LampState.UNKNOWN


@pytest.mark.parametrize("xywh", [(70.0, 20.0, 20.0, 40.0), (-1.0, 20.0, 20.0, 40.0), (30.0, 90.0, 20.0, 40.0)])
def test_a_region_beyond_the_picture_is_said_to_be(xywh):
    assert look(picture("red"), xywh, "pedestrian").doubt is Doubt.OUTSIDE


@given(noise=st.integers(0, 2**32 - 1), lit=st.sampled_from(["red", "green"]), gain=st.floats(0.6, 1.3))
def test_noise_and_exposure_never_turn_green_to_red(noise, lit, gain):
    grain = np.random.default_rng(noise).normal(0, 8, (110, 80, 3))
    shown = np.clip(picture(lit) * gain + grain, 0, 255).astype(np.uint8)
    assert look(shown, region(), "pedestrian").state in {LampState(lit), LampState.UNKNOWN}
