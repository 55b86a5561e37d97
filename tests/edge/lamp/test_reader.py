"""A camera's lamps, from frames to changes, and how well each was read."""

import numpy as np
from lamps import picture, region

from calibration.scene import Signal
from contract.words import LampState
from edge.lamp.reader import LampReader, LampRegion, lamps_of
from edge.pipeline import Frame
from edge.signals.lamp_look import Doubt
from edge.signals.timeline import SignalTimeline

LAMPS = {"n": LampRegion(region(), "pedestrian")}


def read(reader, story, step_ms=100):
    timeline = SignalTimeline()
    for number, shown in enumerate(story):
        for change in reader.read(Frame(number * step_ms, shown)):
            timeline.add(change)
    return timeline


def test_a_lamp_that_turns_green_then_red():
    story = [picture("red")] * 30 + [picture("green")] * 30 + [picture("red")] * 30
    timeline = read(LampReader(LAMPS), story)
    shown = [timeline.shown("n", t_ms).state for t_ms in (1000, 2900, 3100, 5900, 6000, 8000)]
    assert shown == [LampState(name) for name in ("red", "red", "green", "green", "red", "red")]
    assert timeline.shown("n", 7000).since_ms == 6000


def test_its_health_says_what_was_not_read_and_why():
    reader = LampReader({**LAMPS, "gone": LampRegion((500.0, 20.0, 20.0, 40.0), "vehicle")})
    read(reader, [picture("red")] * 10)
    health = reader.health()
    assert (health["n"].looks, health["n"].unknown_share) == (10, 0.0)
    assert (health["gone"].unknown_share, health["gone"].doubts) == (1.0, {Doubt.OUTSIDE: 10})


def test_exchanged_channels_are_told_loudly_and_a_good_camera_is_not_accused_of_them():
    good, swapped = LampReader(LAMPS), LampReader(LAMPS)
    story = [picture("red")] * 40 + [picture("green")] * 40
    read(good, story)
    timeline = read(swapped, [np.ascontiguousarray(shown[:, :, ::-1]) for shown in story])
    assert not good.health()["n"].channels_exchanged
    assert swapped.health()["n"].channels_exchanged
    assert {timeline.shown("n", t_ms).state for t_ms in range(0, 8000, 100)} == {LampState.UNKNOWN}


def test_nothing_looked_at_is_no_trouble():
    assert LampReader(LAMPS).health()["n"].unknown_share == 0.0


def test_a_scene_s_drawn_lamps_are_read_and_no_others():
    drawn = Signal("n", "pedestrian", lamp_xywh_px=(1.0, 2.0, 3.0, 6.0))
    assert lamps_of([drawn, Signal("v", "vehicle")]) == {"n": LampRegion((1.0, 2.0, 3.0, 6.0), "pedestrian")}
