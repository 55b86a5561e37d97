import numpy as np
import pytest

from contract.words import RoadUserKind
from edge.foot_point import followed, road_users
from edge.observations import Detection, TrackedBox


def metres(points_px):
    return points_px / 100


def box(label: str, xyxy: tuple[float, float, float, float], number: int = 1) -> TrackedBox:
    return TrackedBox(number, Detection(xyxy, 0.9, label))


PERSON = box("person", (100, 100, 140, 200))


def test_a_road_user_stands_where_the_middle_of_its_lower_edge_meets_the_road():
    (user,) = road_users([PERSON], [PERSON.detection], metres)
    assert (user.x_m, user.y_m) == (1.2, 2.0)


@pytest.mark.parametrize(
    ("story", "machine", "kind"),
    [
        ("on foot", None, RoadUserKind.PEDESTRIAN),
        ("on a bicycle", Detection((105, 150, 145, 205), 0.6, "bicycle"), RoadUserKind.RIDER),
        ("on a motorbike", Detection((95, 140, 140, 210), 0.6, "motorcycle"), RoadUserKind.RIDER),
        ("a bicycle parked two metres away", Detection((300, 150, 340, 200), 0.6, "bicycle"), RoadUserKind.PEDESTRIAN),
        ("a bicycle box without area", Detection((110, 150, 110, 150), 0.6, "bicycle"), RoadUserKind.PEDESTRIAN),
        ("a car right behind", Detection((90, 90, 300, 210), 0.9, "car"), RoadUserKind.PEDESTRIAN),
    ],
)
def test_a_person_over_a_two_wheeler_is_a_rider(story, machine, kind):
    detections = [PERSON.detection, *([machine] if machine else [])]
    assert road_users([PERSON], detections, metres)[0].kind is kind


def test_a_point_over_the_horizon_is_nobodys_place():
    assert road_users([PERSON], [PERSON.detection], lambda p: np.full_like(p, np.nan)) == ()


def test_machines_without_a_rider_and_other_things_are_not_followed():
    labels = ("person", "bicycle", "car", "dog", "motorcycle", "bus", "truck")
    kept = followed([Detection((0, 0, 1, 1), 0.5, label) for label in labels])
    assert [d.label for d in kept] == ["person", "car", "bus", "truck"]


def test_nobody_seen_is_nobody():
    assert road_users([], [], metres) == ()
