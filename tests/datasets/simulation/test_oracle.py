"""The truth about people on a crosswalk, as stories that an officer could read: seconds, metres, what it was.

The crosswalk goes from x = 0 to 12, red from second 20 to second 50.
"""

import numpy as np
import pytest
from junction import CROSSING, lamp, trace

from contract.words import RoadUserKind, ViolationKind
from datasets.simulation.oracle import crossed_on_red, runs


@pytest.mark.parametrize(
    ("story", "keys", "accused"),
    [
        ("walks over on red", [(25, -2, 0), (37, 13, 0)], 1),
        ("walks over on green", [(55, -2, 0), (67, 13, 0)], 0),
        ("enters on green, finishes on red", [(17, -2, 0), (29, 13, 0)], 0),
        ("enters 0.4 s after it turned red", [(19.4, -1, 0), (20.4, 0, 0), (30, 12, 0)], 0),
        ("enters 0.7 s after it turned red", [(19.7, -1, 0), (20.7, 0, 0), (30, 12, 0)], 1),
        ("waits at the kerb until green", [(18, -3, 0), (20, -0.5, 0), (51, -0.5, 0), (60, 12, 0)], 0),
        ("waits a step in the road until green", [(24, -1, 0), (26, 1, 0), (51, 1, 0), (60, 12, 0)], 0),
        ("waits well in the road until green", [(24, -1, 0), (28, 4, 0), (51, 4, 0), (60, 12, 0)], 1),
        ("starts three seconds early", [(46, -1, 0), (47, 0, 0), (57, 13, 0)], 1),
        ("starts one second early", [(48, -1, 0), (49, 0, 0), (59, 13, 0)], 0),
        ("turns back after 2.5 m", [(24, -1, 0), (27, 2.5, 0), (30, -1, 0)], 0),
        ("turns back after 4 m", [(24, -1, 0), (28, 4, 0), (32, -1, 0)], 1),
        ("goes in twice in one red", [(24, -1, 0), (28, 4, 0), (32, -1, 0), (34, -1, 0), (44, 13, 0)], 1),
        ("cuts a corner", [(24, -1, 0), (27, 2, 3)], 0),
        ("walks past the mouth", [(24, 0.5, -4), (30, 0.5, 4)], 0),
        ("walks on the pavement", [(24, -0.5, -4), (30, -0.5, 4)], 0),
        ("is first seen in the middle", [(24, 5, 0), (30, 13, 0)], 0),
        ("enters on green, is beside it for a moment", [(18, -1, 0), (20, 2, 2.3), (22, 4, 2.3), (29, 13, 0)], 0),
        (
            "caught, goes back to the kerb, goes again",
            [(18, -1, 0), (20, 2, 0), (23, -1, 0), (26, -1, 0), (34, 9, 0)],
            1,
        ),
    ],
)
def test_who_enters_on_red_and_goes_on_has_broken_the_rule(story, keys, accused):
    for mirrored in (False, True):
        walked = [(t, 12 - x, y) if mirrored else (t, x, y) for t, x, y in keys]
        acts = list(crossed_on_red(trace(*walked), CROSSING, lamp()))
        assert len(acts) == accused, story


def test_an_act_says_when_and_how_far():
    (act,) = crossed_on_red(trace((25, -2, 0), (39, 12, 0), (41, 14, 0)), CROSSING, lamp())
    assert act.kind is ViolationKind.PEDESTRIAN_RED_LIGHT
    assert (act.entered_ms, act.confirmed_ms) == (27_000, 30_000)
    assert act.measure == pytest.approx(12, abs=0.11)
    assert (act.zone_id, act.signal_id, act.red_since_ms) == ("x0", "lamp", 20_000)


def test_only_what_is_walked_on_red_is_measured():
    (act,) = crossed_on_red(trace((44, -2, 0), (58, 12, 0)), CROSSING, lamp())
    assert act.measure == pytest.approx(4.0)


def test_a_rider_uses_a_crosswalk_only_where_it_was_told_to():
    keys = (25, -2, 0), (30, 13, 0)
    rider = RoadUserKind.RIDER
    (act,) = crossed_on_red(trace(*keys, kind=rider, intent="rides-crosswalk-on-red"), CROSSING, lamp())
    assert act.kind is ViolationKind.RIDER_RED_LIGHT
    assert list(crossed_on_red(trace(*keys, kind=rider, intent="rides-through-red"), CROSSING, lamp())) == []


def test_runs_of_true():
    assert runs(np.array([True, True, False, True])) == [(0, 1), (3, 3)]
    assert runs(np.array([False])) == runs(np.array([], dtype=bool)) == []
