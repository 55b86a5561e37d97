"""Which evidence settles a kind: a table that an officer can read."""

import pytest

from contract.words import RoadUserKind
from edge.road_users.evidence import Evidence
from edge.road_users.verdict import Kind, kind_of, points

WALKER, RIDER = RoadUserKind.PEDESTRIAN, RoadUserKind.RIDER


def track(person_s, machine_s, *, fastest_mps=1.4, wide=False, on_foot_s=0.0, lane_s=0.0, vehicle=None):
    seen_s = person_s + machine_s
    return Evidence(
        person_s=person_s,
        machine_s=machine_s,
        vehicle_s=vehicle or {},
        wide_s=seen_s if wide else 0.0,
        slim_s=0.0 if wide else seen_s,
        moving_s=seen_s,
        speed_s=max(0.0, seen_s - 0.5),  # a speed needs half a second
        in_lane_s=lane_s,
        with_machine_s=machine_s,
        on_foot_s=on_foot_s,
        faster_s=[seen_s if fastest_mps > limit else 0.0 for limit in (2.2, 2.8, 4.5, 6.5)],
    )


@pytest.mark.parametrize(
    ("story", "evidence", "kind", "settled"),
    [
        ("walks, 3 s seen", track(3, 0), WALKER, True),
        ("walks, but only just seen", track(0.5, 0), WALKER, False),
        ("slim and alone, watched too shortly to know a speed", track(1.2, 0), WALKER, False),
        ("walks, mostly hidden and so wide", track(3, 0, wide=True), WALKER, False),
        ("runs at 3.5 m/s", track(3, 0, fastest_mps=3.5), WALKER, False),
        ("'person' at 5 m/s: a sprinter or a rider", track(3, 0, fastest_mps=5), RIDER, False),
        ("'person' at 8 m/s from behind: nobody runs so", track(3, 0, fastest_mps=8), RIDER, True),
        ("'person' at 5 m/s, wide, in the riders' lane", track(3, 0, fastest_mps=5, wide=True, lane_s=2), RIDER, True),
        ("machine a third of the time, 4 m/s", track(2, 1, fastest_mps=4), RIDER, True),
        ("machine all the time, 4 m/s", track(0, 3, fastest_mps=4), RIDER, True),
        ("machine once for a moment, walking", track(3, 0.2), WALKER, True),
        ("with a machine, at walking speed", track(2, 1), RIDER, False),
        ("pushes: on foot beside it", track(2, 1, on_foot_s=2), WALKER, True),
        ("a car", track(0, 0, vehicle={"car": 2.0}), RoadUserKind.CAR, True),
        ("a car or a truck", track(0, 0, vehicle={"car": 1.1, "truck": 1.0}), RoadUserKind.CAR, False),
        ("'car' once for a motorcycle from the side", track(0, 3, fastest_mps=5, vehicle={"car": 0.3}), RIDER, True),
    ],
)
def test_kinds(story, evidence, kind, settled):
    assert kind_of(evidence) == Kind(kind, settled), points(evidence)
