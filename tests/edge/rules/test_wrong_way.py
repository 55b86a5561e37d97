"""Riding against the lane as stories. The lane is 3 m wide and 60 m long; its way is up, growing y."""

from dataclasses import replace

import pytest
from walking import CAR, LANE, go, judge, kinds, lamp, reasons, ride, scene, seen, unseen

from calibration.scene import Lane

AGAINST = ride((1, 1.5, 55), (11, 1.5, 15))  # 4 m/s for 10 s
OPPOSITE = Lane("opposite", ("rider",), ((2.0, 0.0), (5.0, 0.0), (5.0, 60.0), (2.0, 60.0)), (0.0, -1.0))
SHARED = replace(LANE, two_way=True)


def judged(rows, *lanes, **rules):
    return judge(seen(rows), scene(*(lanes or (LANE,)), **rules), lamp())


def weave(from_y, to_y, swing_m, step_m=2.0):
    """Ride up the lane at 4 m/s, swinging from side to side, with a step back at each turn."""
    count = round((to_y - from_y) / step_m)
    return ride(
        *((1 + i * step_m / 4, 1.5 + (swing_m if i % 2 else -swing_m), from_y + i * step_m) for i in range(count))
    )


STORIES = [
    ("40 m against the lane", AGAINST, 1, "against_the_lane"),
    ("with the lane", ride((1, 1.5, 15), (11, 1.5, 55)), 0, "with_the_lane"),
    ("12 m in 3 s", ride((1, 1.5, 35), (4, 1.5, 23)), 1, "against_the_lane"),
    ("7 m only", ride((1, 1.5, 35), (4, 1.5, 28)), 0, "short_or_slow"),
    ("10 m in 1.5 s", ride((1, 1.5, 35), (2.5, 1.5, 25)), 0, "short_or_slow"),
    (
        "8 m over and over, with stops",
        ride((1, 1.5, 55), (2.5, 1.5, 49), (5, 1.5, 49), (6.5, 1.5, 43), (9, 1.5, 43)),
        0,
        "short_or_slow",
    ),
    (
        "a traffic light's stop between two rides of 20 m",
        ride((1, 1.5, 55), (6, 1.5, 35), (20, 1.5, 35), (25, 1.5, 15)),
        1,
        "against_the_lane",
    ),
    ("pushes the bicycle, seen as a rider", ride((1, 1.5, 55), (31, 1.5, 17)), 0, "short_or_slow"),
    ("pushes the bicycle, seen as on foot", go((1, 1.5, 55), (31, 1.5, 17)), 0, None),
    ("weaves up the lane", weave(5, 55, 1.0), 0, "with_the_lane"),
    (
        "turns around: up, 5 m back, up again",
        ride((1, 1.5, 10), (4, 1.5, 22), (5.5, 1.5, 17), (9, 1.5, 33)),
        0,
        "with_the_lane",
    ),
    (
        "makes a U-turn out of the lane",
        ride((1, 1, 10), (5, 1, 26), (6, 2.5, 27), (7, 5, 24), (10, 5, 12)),
        0,
        "with_the_lane",
    ),
    ("crosses it", ride((1, -10, 30), (6, 10, 30)), 0, None),
    ("crosses it aslant, against it", ride((1, -6, 36), (5, 9, 24)), 0, None),
    ("a path beside it", ride((1, -0.5, 55), (11, -0.5, 15)), 0, None),
    ("cuts into it for 6 m", ride((1, -2, 36), (2, 1.5, 35), (3.2, 1.5, 31), (4.2, -2, 30)), 0, "short_or_slow"),
    (
        "in and out of it at its edge for a moment",
        ride((1, 0.2, 55), (3, 0.2, 47), (3.2, -0.1, 46), (3.4, 0.2, 45), (9, 0.2, 25)),
        1,
        "against_the_lane",
    ),
    (
        "the number leaps back down the lane",
        ride((1, 1.5, 55), (2.5, 1.5, 49)) + ride((2.6, 1.5, 40), (4, 1.5, 34.5)),
        0,
        "short_or_slow",
    ),
    ("a car", go((1, 1.5, 55), (11, 1.5, 15), kind=CAR), 0, None),
    ("not sure to be a rider", [(t, replace(u, settled=False)) for t, u in AGAINST], 0, "kind_unsettled"),
    ("unseen for 3 s in the middle, 12 m before and after", unseen(AGAINST, 4, 7), 1, "against_the_lane"),
    (
        "unseen so that nothing long enough was seen",
        unseen(ride((1, 1.5, 55), (8, 1.5, 27)), 2.4, 6.2),
        0,
        "short_or_slow",
    ),
]


@pytest.mark.parametrize(("story", "rows", "violations", "reason"), STORIES, ids=[s[0] for s in STORIES])
def test_stories(story, rows, violations, reason):
    said = judged(rows)
    assert kinds(said) == ["wrong_way"] * violations
    assert set(reasons(said)) <= {reason}
    assert (reason is None) or len(said.passages) == 1


def test_a_violation_says_when_where_and_how_far():
    said = judged(AGAINST)
    (violation,), (passage,) = said.violations, said.passages
    assert violation.entered_ms == 1000
    assert violation.entered_at_m == pytest.approx((1.5, 55), abs=0.5)
    assert violation.confirmed_ms == 3000  # 8 m and 2 s
    assert violation.measure == pytest.approx(8)
    assert (violation.signal_id, violation.lamp, violation.lamp_since_ms) == (None, None, None)
    assert (passage.zone_kind, passage.zone_id, passage.advance_m) == ("lane", "lane", pytest.approx(40))


def test_most_of_the_traffic_is_wrong_and_the_lane_is_still_right():
    wrong = [ride((1 + 2 * i, 1.5, 55), (11 + 2 * i, 1.5, 15), number=i) for i in range(9)]
    right = [ride((1, 2.5, 5), (11, 2.5, 45), number=9)]
    said = judge(seen(*wrong, *right), scene(LANE), lamp())
    assert sorted(v.track_id for v in said.violations) == list(range(9))


@pytest.mark.parametrize(
    ("story", "lanes", "violations"),
    [
        ("a shared path, both ways are lawful", (SHARED,), 0),
        ("where a lane of the other way lies over it", (LANE, replace(OPPOSITE, polygon_m=LANE.polygon_m)), 0),
        ("beside where the other lane lies over it", (LANE, OPPOSITE), 1),
        ("a second lane of the same way lies over it", (LANE, replace(LANE, id="second")), 2),
    ],
)
def test_where_both_ways_are_lawful(story, lanes, violations):
    assert kinds(judged(AGAINST, *lanes)) == ["wrong_way"] * violations


def test_a_path_shared_for_its_first_half_is_a_lane_in_its_second():
    half = replace(OPPOSITE, polygon_m=((0.0, 35.0), (3.0, 35.0), (3.0, 60.0), (0.0, 60.0)))
    (violation,) = judged(AGAINST, LANE, half).violations
    assert violation.entered_at_m[1] <= 35.5  # what was ridden on the shared half is not counted


def test_a_lost_number_that_goes_on_as_a_new_one_is_one_act():
    rows = [(t, u if t < 6000 else replace(u, track_id=2)) for t, u in unseen(AGAINST, 5.5, 6)]
    said = judged(rows)
    assert (kinds(said), sorted(reasons(said))) == (["wrong_way"], ["against_the_lane", "same_act"])


def test_somebody_else_who_comes_later_is_another_act():
    said = judge(seen(AGAINST, ride((20, 1.5, 55), (30, 1.5, 15), number=2)), scene(LANE), lamp())
    assert kinds(said) == ["wrong_way"] * 2


def test_out_of_the_lane_and_against_it_again_is_another_stay():
    rows = ride((1, 1.5, 55), (6, 1.5, 35), (7, 6, 35), (12, 6, 35), (13, 1.5, 33), (18, 1.5, 13))
    assert reasons(judged(rows)) == ["against_the_lane", "same_act"]


@pytest.mark.parametrize(("distance_m", "violations"), [(5, 1), (20, 1), (45, 0)])
def test_a_scene_sets_how_far(distance_m, violations):
    assert len(judged(AGAINST, wrong_way={"distance_m": distance_m}).violations) == violations


def test_two_riders_against_the_lane_who_exchange_numbers_are_accused_once_each():
    left, right = (
        ((1, 0.8, 55), (6, 0.8, 35), (8, 2.4, 27), (11, 2.4, 15)),
        ((1, 2.4, 55), (6, 2.4, 35), (8, 0.8, 27), (11, 0.8, 15)),
    )
    ways = [
        [(t, u if t < 7000 else replace(u, track_id=3 - u.track_id)) for t, u in ride(*stops, number=number)]
        for number, stops in ((1, left), (2, right))
    ]
    said = judge(seen(*ways), scene(LANE), lamp())
    assert sorted(v.track_id for v in said.violations) == [1, 2]
