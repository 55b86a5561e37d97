"""Two bicycles are never in one place."""

import numpy as np
import pytest

from contract.words import RoadUserKind
from datasets.simulation.room import Room
from datasets.simulation.states import Trace

RIDER, ON_FOOT = RoadUserKind.RIDER, RoadUserKind.PEDESTRIAN


def rides(from_m, to_m, beside_m=0.0, kind=RIDER, start_ms=1000):
    places = np.column_stack([np.linspace(from_m, to_m, 101), np.full(101, beside_m)])
    return Trace("rides", kind, start_ms, places)


@pytest.mark.parametrize(
    ("who", "other", "both"),
    [
        ("stands where the other rides", rides(5, 5), False),
        ("comes the other way on the same line", rides(10, 0), False),
        ("comes the other way, an arm's length aside", rides(10, 0, beside_m=0.7), True),
        ("comes the other way, shoulder to shoulder", rides(10, 0, beside_m=0.5), False),
        ("was there before", rides(5, 5, start_ms=-20_000), True),
        ("is on foot: people give way", rides(5, 5, kind=ON_FOOT), True),
    ],
)
def test_who_finds_room(who, other, both):
    first = rides(0, 10)
    assert list(Room([]).played([first, other])) == ([first, other] if both else [first]), who
    assert list(Room([first]).played([other])) == ([other] if both else []), who
