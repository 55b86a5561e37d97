"""The truth about riders, as stories: seconds, metres along the lane (the stop line is at 0), what it was.

The lamp is red from second 20 to second 50. A foot point is the middle of a vehicle of 1.8 m.
"""

import pytest
from junction import APPROACH, LANE, lamp, trace

from contract.words import LampState, RoadUserKind, ViolationKind
from datasets.simulation.oracle_riding import against_the_lane, at_stop_line

RED, STOP = ViolationKind.RIDER_RED_LIGHT, ViolationKind.STOP_LINE
RIDER = RoadUserKind.RIDER


@pytest.mark.parametrize(
    ("story", "intent", "keys", "kinds"),
    [
        ("rides through red", "ride", [(25, -20), (35, 20)], [RED]),
        ("rides on green", "ride", [(5, -20), (15, 20)], []),
        ("stops before the line", "ride", [(20, -20), (25, -1.5), (51, -1.5), (56, 20)], []),
        ("stops on the line", "ride", [(20, -20), (25, 0.5), (51, 0.5), (56, 20)], []),
        ("stops beyond the line", "ride", [(20, -20), (25, 1.5), (51, 1.5), (56, 20)], [STOP]),
        ("stops beyond it for 4 s", "ride", [(40, -20), (46, 1.5), (50, 1.5), (56, 20)], []),
        ("stops beyond it, then goes on on red", "ride", [(20, -20), (25, 1.5), (35, 1.5), (40, 20)], [RED]),
        ("past the line at yellow, then stuck", "ride", [(14, -20), (19.5, 1.5), (51, 1.5), (56, 20)], []),
        ("turns right on red", "ride-right-on-red", [(25, -20), (35, 20)], []),
        (
            "turns right on red, yields in the turn",
            "right-on-red-yielding",
            [(25, -20), (31, 2), (40, 2), (45, 20)],
            [],
        ),
    ],
)
def test_red_and_stop_line_are_never_both(story, intent, keys, kinds):
    rider = trace(*((t, x, 0.3) for t, x in keys), kind=RIDER, intent=intent)
    acts = list(at_stop_line(rider, APPROACH, lamp(before=LampState.YELLOW)))
    assert [act.kind for act in acts] == kinds, story


def test_an_act_at_the_line_says_when_and_how_much():
    (red,) = at_stop_line(trace((25, -20, 0), (35, 20, 0), kind=RIDER), APPROACH, lamp())
    assert (red.entered_ms, red.confirmed_ms, red.zone_id) == (30_000, 30_800, "stop")
    (stop,) = at_stop_line(trace((20, -8, 0), (29.5, 1.5, 0), (51, 1.5, 0), kind=RIDER), APPROACH, lamp())
    assert stop.entered_ms == 28_000
    assert stop.confirmed_ms == pytest.approx(34_500, abs=400)
    assert stop.measure == pytest.approx(20.5, abs=0.4)


def test_neither_people_on_foot_nor_other_lanes_have_to_do_with_it():
    keys = (25, -20, 0), (35, 20, 0)
    assert list(at_stop_line(trace(*keys), APPROACH, lamp())) == []
    aside = trace((25, -20, 4), (35, 20, 4), kind=RIDER)
    assert list(at_stop_line(aside, APPROACH, lamp())) == []


@pytest.mark.parametrize(
    ("story", "keys", "wrong"),
    [
        ("20 m against at 4 m/s", [(0, -5, 0), (5, -25, 0)], 1),
        ("the lawful way", [(0, -25, 0), (5, -5, 0)], 0),
        ("6 m against", [(0, -5, 4), (0.5, -5, 0), (2.5, -11, 0), (3, -11, 4)], 0),
        ("10 m against in 1.5 s", [(0, -5, 0), (1.5, -15, 0), (2, -15, 4)], 0),
        ("pushes 20 m against", [(0, -5, 0), (16, -25, 0)], 0),
        ("crosses the lane", [(0, -10, -4), (2, -12, 4)], 0),
        ("rides against it on the path beside", [(0, -5, 2.5), (8, -35, 2.5)], 0),
        ("turns around and leaves after 4 m", [(0, -30, -1), (4, -15, -1), (5, -15, 1), (6.5, -19, 1), (7, -19, 4)], 0),
        ("two rides apart", [(0, -2, 0), (4, -14, 0), (6, -14, 0), (10, -30, 0)], 2),
    ],
)
def test_wrong_way_is_far_and_long_and_ridden(story, keys, wrong):
    assert len(list(against_the_lane(trace(*keys, kind=RIDER), LANE))) == wrong, story


def test_a_ride_against_the_lane_says_when_and_how_far():
    (act,) = against_the_lane(trace((10, -5, 0), (15, -25, 0), kind=RIDER), LANE)
    assert (act.entered_ms, act.confirmed_ms) == (10_000, 12_000)
    assert act.measure == pytest.approx(20)
    assert act.signal_id is None
    assert list(against_the_lane(trace((10, -5, 0), (15, -25, 0)), LANE)) == []
