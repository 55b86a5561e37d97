"""The truth about yielding, as stories: the crosswalk goes from x = 0 to 12, vehicles come along x = 6."""

import pytest
from junction import CROSSING, trace

from contract.words import RoadUserKind
from datasets.simulation.oracle_yielding import meetings

CAR = RoadUserKind.CAR
WALKER = trace((10, -2, 0), (20, 12, 0), intent="walk-lawful")
"""On the crosswalk from 11.4 s on, at x = 6 at 15.7 s."""


@pytest.mark.parametrize(
    ("story", "keys", "yielded"),
    [
        ("drives through before the walker", [(10, 6, -20), (15, 6, 5)], False),
        ("waits, drives when the walker is over", [(8, 6, -20), (11, 6, -4), (16, 6, -4), (19, 6, 8)], True),
        ("was through before the walker came", [(1, 6, -20), (5, 6, 20)], None),
        ("comes long after", [(40, 6, -20), (44, 6, 20)], None),
        ("never comes to the crosswalk", [(8, 6, -20), (20, 6, -6)], None),
    ],
)
def test_who_goes_first(story, keys, yielded):
    found = [meeting.yielded for _, meeting in meetings([WALKER, trace(*keys, kind=CAR)], CROSSING)]
    assert found == ([] if yielded is None else [yielded]), story


def test_a_meeting_says_with_whom_and_how_close():
    earlier = trace((6, 14, 1), (16, 0, 1), intent="walk-lawful")
    car = trace((11, 6, -10), (15.5, 6, 8), kind=CAR)
    ((index, met),) = meetings([earlier, car, WALKER], CROSSING)
    assert (index, met.person, met.zone_id, met.yielded) == (1, 2, "x0", False)
    assert met.gap_s == pytest.approx(-2.2, abs=0.15)
    assert met.distance_m == pytest.approx(2.2 * 1.4, abs=0.2)


def test_riders_and_those_who_are_played_do_not_count():
    car = [(10, 6, -20), (15, 6, 5)]
    played = trace((10, -2, 0), (20, 12, 0))
    played = type(played)(played.intent, played.kind, played.start_ms, played.places, "x0")
    assert list(meetings([played, trace(*car, kind=CAR)], CROSSING)) == []
    assert list(meetings([WALKER, trace(*car, kind=RoadUserKind.RIDER)], CROSSING)) == []
