import numpy as np
import pytest

from edge.colours import ClothesColours
from edge.observations import Detection
from edge.tracking.colours import Memory, apart

RED, BLUE, GREY = (30, 30, 200), (200, 60, 30), (120, 120, 120)


def street(*people):
    """Return a picture with people of (x, upper, lower) standing in it, each 40 px wide and 100 px tall."""
    picture = np.full((200, 300, 3), 90, np.uint8)
    for x, upper, lower in people:
        picture[50:100, x : x + 40] = upper
        picture[100:150, x : x + 40] = lower
    return picture


def person(x, score=0.9, label="person"):
    return Detection((x, 50, x + 40, 150), score, label)


def looks(picture, *detections):
    return [d.colours for d in ClothesColours().measured(picture, detections)]


def test_people_in_the_same_clothes_look_alike_and_in_others_not():
    picture = street((20, RED, BLUE), (100, RED, BLUE), (180, BLUE, RED))
    one, same, other = looks(picture, person(20), person(100), person(180))
    assert one.sum() == pytest.approx(1.0)
    assert apart(one, same) < 0.05
    assert apart(one, other) > 0.8


def test_weak_boxes_vehicles_and_what_is_outside_have_no_look():
    picture = street((20, GREY, GREY))
    found = looks(picture, person(20, score=0.3), person(20, label="car"), person(400), person(20))
    assert [look is not None for look in found] == [False, False, False, True]
    assert looks(picture) == []


def test_a_memory_is_the_mean_of_what_was_seen():
    picture = street((20, RED, RED), (100, BLUE, BLUE))
    red, blue = looks(picture, person(20), person(100))
    memory = Memory()
    assert memory.distance(red) is None
    for _ in range(20):
        memory.add(red)
    assert memory.distance(red) < 0.05
    assert memory.distance(blue) > 0.9
