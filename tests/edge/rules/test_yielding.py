"""Who yields at a crosswalk. People walk up it (x = 2, y from 0 to 10); vehicles drive over it at y = 3."""

import pytest
from walking import CAR, CROSSWALK, GREEN, RED, RIDER, go, judge, lamp, scene, seen

from contract.words import RoadUserKind

WALKS = go((1, 2, -2), (11, 2, 12))  # 1.4 m/s: at y = 3 at 4.57 s, at y = 7 at 7.43 s


def drives(*stops, kind=CAR, number=9):
    return go(*stops, kind=kind, number=number)


def met(*ways, **rules):
    said = judge(seen(*ways), scene(CROSSWALK, **rules), lamp((0, GREEN)))
    assert said.violations == ()  # a measure, never a case
    return said.yields


NOTHING = None
STORIES = [
    ("the vehicle goes first, 2 s ahead", drives((0, -20, 3), (5.1, 20, 3)), False),
    ("the vehicle goes first, on the far half", drives((3, -20, 7), (8, 30, 7)), False),
    (
        "waits before the crosswalk until they are over",
        drives((0, -20, 3), (3, -1.5, 3), (6, -1.5, 3), (9, 20, 3)),
        True,
    ),
    ("slows down and passes behind them", drives((0, -20, 3), (6.5, -1, 3), (10, 20, 3)), True),
    ("through 10 s before they come", drives((-12, -20, 3), (-7, 20, 3)), NOTHING),
    ("through 10 s after they were there", drives((10, -20, 3), (16, 20, 3)), NOTHING),
    ("came near only when they had passed", drives((5, -30, 3), (8, 30, 3)), NOTHING),
    ("stops and turns back", drives((0, -20, 3), (4, -2, 3), (12, -2, 3), (16, -20, 3)), NOTHING),
    ("drives past beside the crosswalk", drives((0, -20, -3), (8, 20, -3)), NOTHING),
    ("a bus yields", drives((0, -20, 3), (3, -1.5, 3), (6, -1.5, 3), (9, 20, 3), kind=RoadUserKind.BUS), True),
    (
        "a rider is no vehicle of this measure",
        drives((0, -20, 3), (3, -1.5, 3), (6, -1.5, 3), (9, 20, 3), kind=RIDER),
        NOTHING,
    ),
]


@pytest.mark.parametrize(("story", "vehicle", "yielded"), STORIES, ids=[s[0] for s in STORIES])
def test_stories(story, vehicle, yielded):
    assert [y.yielded for y in met(WALKS, vehicle)] == ([] if yielded is NOTHING else [yielded])


def test_a_meeting_says_by_how_much_and_how_near():
    (found,) = met(WALKS, drives((0, -20, 3), (3, -1.5, 3), (6, -1.5, 3), (7.4, 6, 3), (9, 20, 3)))
    assert (found.track_id, found.pedestrian_id, found.zone_id, found.user) == (9, 1, "walk", CAR)
    assert found.gap_s == pytest.approx(6.75 - 4.57, abs=0.3)
    assert found.distance_m == pytest.approx(1.4 * found.gap_s, abs=0.15)
    assert found.entered_ms == pytest.approx(6280, abs=110)


def test_of_several_people_who_went_second_to_one_has_not_yielded():
    late = go((3, 3, -2), (13, 3, 12), number=2)  # 2 s later over the same place
    vehicle = drives((0, -20, 3), (3, -1.5, 3), (5, -1.5, 3), (6.2, 6, 3), (9, 20, 3))
    (found,) = met(WALKS, late, vehicle)
    assert (found.pedestrian_id, found.yielded) == (2, False)


def test_nobody_on_the_crosswalk_is_no_meeting():
    waits = go((0, 2, -1), (30, 2, -1))
    assert met(waits, drives((0, -20, 3), (5, 20, 3))) == ()


@pytest.mark.parametrize(("close_s", "meetings"), [(1.0, 0), (4.0, 1)])
def test_a_scene_sets_who_had_to_do_with_whom(close_s, meetings):
    vehicle = drives((0, -20, 3), (5.1, 20, 3))
    assert len(met(WALKS, vehicle, yielding={"close_s": close_s})) == meetings


def test_the_lamp_does_not_matter():
    vehicle = drives((0, -20, 3), (5.1, 20, 3))
    said = judge(seen(WALKS, vehicle), scene(CROSSWALK), lamp((0, RED)))
    assert [y.yielded for y in said.yields] == [False]


def test_a_vehicle_that_waits_for_minutes_near_the_crosswalk_meets_whom_it_met_last():
    first = go((1, 2, -2), (11, 2, 12))
    last = go((181, 2, -2), (191, 2, 12), number=2)
    waits = drives((0, -20, 3), (5, -3, 3), (186, -3, 3), (190, 30, 3))
    (found,) = met(first, last, waits)
    assert (found.pedestrian_id, found.yielded) == (2, True)


def test_on_the_crosswalk_when_the_recording_ends_is_no_meeting_with_who_has_not_passed_the_place():
    assert met(go((1, 2, -2), (4, 2, 2)), drives((1, -10, 7), (4, 2, 7))) == ()
