"""Pedestrian, rider or vehicle: points for and against, added up over the whole track. Pure.

One table, so that it can be read and argued about. A positive sum speaks for a rider. Between the two bounds the kind
is open, and while it is open nobody is accused under either rule (行政处罚法 art. 40: facts that are not clear).
Pushing a bicycle is walking (道交法实施条例 art. 70, 72).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contract.words import RoadUserKind
from edge.road_users.evidence import Evidence

RIDER_FROM: Final = 4
PEDESTRIAN_TO: Final = -3
SUSTAINED_S: Final = 1.0
SEEN_MIN_S: Final = 0.8
FASTER_SHARE: Final = 0.25
VEHICLE_SHARE: Final = 2 / 3


@dataclass(frozen=True, slots=True)
class Kind:
    """A road user's kind, and whether it is settled."""

    kind: RoadUserKind
    settled: bool


def _machine_share(e: Evidence) -> float:
    seen_s = e.person_s + e.machine_s
    return max(e.machine_s, e.with_machine_s) / seen_s if seen_s > 0 else 0.0


def _has_machine(e: Evidence) -> bool:
    return _machine_share(e) >= 0.15


def _is_slow(e: Evidence) -> bool:
    """A rider who comes straight at the camera is as slim as a walker, and often just a "person"; speed tells."""
    return e.speed_s >= SEEN_MIN_S and e.faster_s[0] <= FASTER_SHARE * e.speed_s


POINTS: Final[tuple[tuple[str, int, Callable[[Evidence], bool]], ...]] = (
    ("a two-wheeler for 15 % of the time", 3, _has_machine),
    ("no two-wheeler for 0.8 s and more", -2, lambda e: e.person_s >= SEEN_MIN_S and not _has_machine(e)),
    ("on foot beside the two-wheeler for 1 s", -6, lambda e: _has_machine(e) and e.on_foot_s >= SUSTAINED_S),
    ("slower than a brisk walk, watched for 0.8 s and more", -1, _is_slow),
    ("faster than 2.8 m/s for 1 s", 2, lambda e: e.faster_s[1] >= SUSTAINED_S),
    ("faster than 4.5 m/s for 1 s", 2, lambda e: e.faster_s[2] >= SUSTAINED_S),
    ("faster than 6.5 m/s for 1 s", 3, lambda e: e.faster_s[3] >= SUSTAINED_S),
    ("wide most of the time", 1, lambda e: e.wide_s > (e.person_s + e.machine_s) / 2),
    ("slim most of the time, and slow", -1, lambda e: _is_slow(e) and e.slim_s > (e.person_s + e.machine_s) / 2),
    ("riding speed in a riders' lane for 1 s", 1, lambda e: e.in_lane_s >= SUSTAINED_S),
)
VEHICLES: Final = {"car": RoadUserKind.CAR, "bus": RoadUserKind.BUS, "truck": RoadUserKind.TRUCK}


def points(evidence: Evidence) -> int:
    """Return the sum; from ``RIDER_FROM`` a rider, down to ``PEDESTRIAN_TO`` a pedestrian."""
    return sum(value for _, value, holds in POINTS if holds(evidence))


def kind_of(evidence: Evidence) -> Kind:
    """Decide. While it is open, the likelier kind is named."""
    vehicle_s = sum(evidence.vehicle_s.values())
    if vehicle_s > evidence.person_s + evidence.machine_s:
        label, most_s = max(evidence.vehicle_s.items(), key=lambda item: item[1])
        return Kind(VEHICLES[label], most_s >= VEHICLE_SHARE * vehicle_s and vehicle_s >= SEEN_MIN_S)
    total = points(evidence)
    if total >= RIDER_FROM:
        return Kind(RoadUserKind.RIDER, settled=True)
    if total <= PEDESTRIAN_TO:
        return Kind(RoadUserKind.PEDESTRIAN, settled=True)
    return Kind(RoadUserKind.RIDER if total > 0 else RoadUserKind.PEDESTRIAN, settled=False)
