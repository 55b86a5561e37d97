"""What the truth about a crosswalk makes of a trace: whose act it is. The definition has tests of its own."""

import pytest
from junction import CROSSING, lamp, trace

from contract.words import RoadUserKind, ViolationKind
from datasets.simulation.oracle import on_crosswalk

RIDER = RoadUserKind.RIDER
OVER = (25, -2, 0), (39, 12, 0), (41, 14, 0)


def test_an_act_says_what_violations_say():
    (act,) = on_crosswalk(trace(*OVER), CROSSING, lamp())
    assert act.kind is ViolationKind.PEDESTRIAN_RED_LIGHT
    assert (act.zone_id, act.signal_id) == ("x0", "lamp")
    assert (act.entered_ms, act.confirmed_ms, act.red_since_ms) == (27_000, 30_000, 20_000)
    assert act.measure == pytest.approx(12, abs=0.11)


@pytest.mark.parametrize(
    ("kind", "intent", "found"),
    [
        (RIDER, "rides-crosswalk-on-red", [ViolationKind.RIDER_RED_LIGHT]),
        (RIDER, "rides-through-red", []),
        (RoadUserKind.CAR, "car-rude", []),
        (RoadUserKind.PEDESTRIAN, "walk-lawful", [ViolationKind.PEDESTRIAN_RED_LIGHT]),
    ],
)
def test_a_rider_uses_a_crosswalk_only_where_it_was_told_to(kind, intent, found):
    assert [act.kind for act in on_crosswalk(trace(*OVER, kind=kind, intent=intent), CROSSING, lamp())] == found
