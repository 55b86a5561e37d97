"""Synthetic tracks with the flicker that real detectors give, and the road users that come of them."""

import pytest
from street import box

from contract.words import RoadUserKind
from edge.observations import Followed, TrackedBox
from edge.road_users.users import RoadUsers

WALKER, RIDER = RoadUserKind.PEDESTRIAN, RoadUserKind.RIDER
SHOWS = {"P": ("person",), "M": ("motorcycle",), "B": ("person", "motorcycle"), ".": ()}


def nowhere(_place):
    return False


def one(number, label, x_m, y_m, height_m, width_m, lift_m=0.0):
    """Return a tracked box; ``lift_m`` is how high above the road its lower edge is."""
    x1, y1, x2, y2 = box(x_m, y_m, height_m, width_m)
    raised = y2 - lift_m / height_m * (y2 - y1)
    return TrackedBox(number, (x1, y1, x2, raised), x_m, y_m, label, 0.8)


def ride(flicker, speed_mps, *, people=1, lift_m=0.3, beside_m=0.0):
    """Let person tracks 1, 2, .. and machine track 9 move along; a letter of ``flicker`` a frame says what is seen."""
    users = RoadUsers(nowhere)
    for index, letter in enumerate(flicker):
        x_m = -6 + speed_mps * index * 0.1
        shown = SHOWS[letter]
        boxes = [
            one(number, "person" if "person" in shown else None, x_m + beside_m, 2.0, 1.7, 0.55, lift_m)
            for number in range(1, people + 1)
        ]
        if "M" in flicker or "B" in flicker:
            boxes.append(one(9, "motorcycle" if "motorcycle" in shown else None, x_m, 2.0, 1.1, 1.6))
        yield users.road_users(Followed(index * 100, tuple(boxes)))


def last(steps):
    return list(steps)[-1]


@pytest.mark.parametrize(
    ("story", "flicker", "speed_mps", "kind", "settled"),
    [
        ("both boxes all the way", "B" * 40, 5.0, RIDER, True),
        ("both, then the person alone, then both", "BBBBBBBBBBPPPPPBBBBBPPPPPBBBBBBBBBBPPPPP", 5.0, RIDER, True),
        ("changing from frame to frame", "BPM" * 14, 5.0, RIDER, True),
        ("frames without either", "BB.PB.MB" * 6, 5.0, RIDER, True),
        ("the person alone at 8 m/s", "P" * 40, 8.0, RIDER, True),
        ("the person alone at 1.4 m/s", "P" * 40, 1.4, WALKER, True),
        ("the person alone at 3.2 m/s", "P" * 40, 3.2, WALKER, False),
        ("rides so slowly that they might push", "B" * 40, 1.6, RIDER, False),
    ],
)
def test_one_road_user_of_a_kind(story, flicker, speed_mps, kind, settled):
    users = last(ride(flicker, speed_mps))
    assert [(user.track_id, user.kind, user.settled) for user in users] == [(1, kind, settled)]


def test_the_foot_point_of_a_rider_is_the_wheels_and_no_flicker_moves_it():
    flicker = "B" * 15 + "PPMBPPBMPB" * 3
    users = list(ride(flicker, 5.0))
    for index, here in enumerate(users[10:], start=10):
        assert len(here) == 1, index
        assert here[0].x_m == pytest.approx(-6 + 0.5 * index, abs=0.05)


def test_pushing_a_bicycle_is_walking():
    user = last(ride("B" * 50, 1.3, lift_m=0.0, beside_m=-0.55))[0]
    assert (user.kind, user.settled) == (WALKER, True)


def test_two_on_one_machine_are_one_rider():
    users = last(ride("B" * 40, 5.0, people=2))
    assert [(user.track_id, user.kind, user.settled) for user in users] == [(1, RIDER, True)]
    assert users[0].box_xyxy_px[3] == pytest.approx(box(-6 + 19.5, 2.0, 1.1, 1.6)[3])


def test_who_passes_a_parked_bicycle_is_a_pedestrian_and_the_bicycle_nobody():
    users = RoadUsers(nowhere)
    for index in range(60):
        walker = one(1, "person", -4 + 0.13 * index, 1.9, 1.7, 0.55)
        said = users.road_users(Followed(index * 100, (walker, one(9, "bicycle", 0.0, 2.0, 1.1, 1.6))))
        assert [user.track_id for user in said] == [1], index
        if index > 14:  # a speed needs half a second, and then 0.8 s of being slow
            assert (said[0].kind, said[0].settled) == (WALKER, True)


def test_a_machine_that_rides_along_with_nobody_seen_on_it_is_a_rider():
    users = RoadUsers(nowhere)
    for index in range(30):
        said = users.road_users(Followed(index * 100, (one(9, "motorcycle", -6 + 0.5 * index, 2.0, 1.1, 1.6),)))
    assert [(user.track_id, user.kind, user.settled) for user in said] == [(9, RIDER, True)]


def test_a_car_is_a_car_and_unseen_instants_stay_unseen():
    users = RoadUsers(nowhere)
    for index in range(20):
        said = users.road_users(Followed(index * 100, (one(5, "car", index * 0.8, 2.0, 1.5, 4.0),)))
    assert (said[0].kind, said[0].settled, said[0].seen) == (RoadUserKind.CAR, True, True)
    unseen = users.road_users(Followed(2000, (one(5, None, 16.0, 2.0, 1.5, 4.0),)))
    assert (unseen[0].seen, unseen[0].kind) == (False, RoadUserKind.CAR)


def test_who_is_gone_for_long_is_forgotten():
    users = RoadUsers(nowhere)
    for index in range(30):
        users.road_users(Followed(index * 100, (one(1, "person", 0.14 * index, 2.0, 1.7, 0.55),)))
    said = users.road_users(Followed(60_000, (one(1, "person", 0.0, 2.0, 1.7, 0.55),)))
    assert not said[0].settled
