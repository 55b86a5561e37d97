"""Whether two reports tell of one act: seen by two cameras of a site, or twice by one. Pure.

行政处罚法 art. 29: no second fine for one act; 程序规定 art. 50: several acts are judged separately. So reports are one
act only where time and place leave no room for a second road user, and whatever is not known joins nothing.
All cameras of a site share one ground plane and the names of its crosswalks, lanes and lines (docs/calibrating.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from contract.messages import ViolationReported
from contract.words import ViolationKind

HEADINGS_SUM_MIN: Final = 1.93
"""Length of the sum of two unit vectors that are 30 degrees apart: two drawings of one lane differ by less."""
AT_THE_LINE: Final = "at the line"
DEEDS: Final = {
    ViolationKind.PEDESTRIAN_RED_LIGHT: "on foot",
    ViolationKind.RIDER_RED_LIGHT: AT_THE_LINE,  # who stops beyond the line and goes on has done one of the two
    ViolationKind.STOP_LINE: AT_THE_LINE,  # (law.md row 11): one camera may see the stop and another the going on
    ViolationKind.WRONG_WAY: "against the lane",
}


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How far two reports of one act may differ. Seconds and metres; the values are dated data of the law table.

    ``entry_s, entry_m``: two cameras, at the entry. ``red_since_s``: the beginning of the red that both tell of.
    ``one_camera_s, one_camera_m``: two tracks of one camera on one body. ``ride_gap_s, ride_m``: two stretches of one
    ride, by time between them and by place.
    """

    entry_s: float
    entry_m: float
    red_since_s: float
    one_camera_s: float
    one_camera_m: float
    ride_gap_s: float
    ride_m: float


def home(
    report: ViolationReported, cases: Mapping[int, Sequence[ViolationReported]], tolerances: Tolerances
) -> int | None:
    """Return the case of which this is a further report, None where it is an act of its own.

    It must agree with every report of the case: of two people side by side, whom each of two cameras has seen, none
    falls to the other's case. Where several cases fit, the nearest is it.
    """
    fitting: dict[int, float] = {}
    for case_id, known in cases.items():
        distances = [apart(report, other, tolerances) for other in known]
        near = [distance for distance in distances if distance is not None]
        if near and len(near) == len(distances):
            fitting[case_id] = sum(near) / len(near)
    return min(fitting, key=lambda case_id: (fitting[case_id], case_id), default=None)


def apart(one: ViolationReported, other: ViolationReported, tolerances: Tolerances) -> float | None:
    """Return how far two reports of one act differ, in shares of what is tolerated; None: they are two acts."""
    if _deed(one) != _deed(other):
        return None
    if one.kind is ViolationKind.WRONG_WAY:
        return _one_ride(one, other, tolerances)
    return _one_entry(one, other, tolerances)


def _deed(report: ViolationReported) -> tuple[str, str, str, bool]:
    """Return what must be the same: a demonstration's report must not take a real one in."""
    return report.site_id, report.zone_id, DEEDS[report.kind], report.demonstration


def _one_entry(one: ViolationReported, other: ViolationReported, tolerances: Tolerances) -> float | None:
    """Compare time and place at which a zone's edge was crossed, and the red during which it was."""
    if one.entered_at_m is None or other.entered_at_m is None or not _one_red(one, other, tolerances):
        return None
    same_camera = one.camera_id == other.camera_id
    limit_s = tolerances.one_camera_s if same_camera else tolerances.entry_s
    limit_m = tolerances.one_camera_m if same_camera else tolerances.entry_m
    share_s = abs(one.entered_at_ms - other.entered_at_ms) / 1000 / limit_s
    share_m = _distance_m(one.entered_at_m, other.entered_at_m) / limit_m
    return hypot(share_s, share_m) if max(share_s, share_m) <= 1 else None


def _one_red(one: ViolationReported, other: ViolationReported, tolerances: Tolerances) -> bool:
    """Whoever does not know since when it was red contradicts nobody: between two reds a second is not enough."""
    if one.lamp is None or other.lamp is None or one.lamp.since_ms is None or other.lamp.since_ms is None:
        return True
    return abs(one.lamp.since_ms - other.lamp.since_ms) <= tolerances.red_since_s * 1000


def _one_ride(one: ViolationReported, other: ViolationReported, tolerances: Tolerances) -> float | None:
    """Ask whether the later report begins where the earlier one's rider had come by then."""
    first, second = sorted((one, other), key=lambda report: (report.entered_at_ms, str(report.event_id)))
    gap_ms = second.entered_at_ms - first.confirmed_at_ms
    if gap_ms > tolerances.ride_gap_s * 1000:
        return None
    if first.camera_id == second.camera_id and gap_ms < 0:  # at once: two riders, or two boxes on one
        return _one_entry(first, second, tolerances)
    heading = _heading(first, second)
    if heading is None or first.entered_at_m is None or second.entered_at_m is None:
        return None
    ridden_m = (_pace_mps(first) + _pace_mps(second)) / 2 * (second.entered_at_ms - first.entered_at_ms) / 1000
    x_m, y_m = (second.entered_at_m[axis] - first.entered_at_m[axis] for axis in (0, 1))
    along_m, aside_m = x_m * heading[0] + y_m * heading[1], y_m * heading[0] - x_m * heading[1]
    share = max(abs(along_m - ridden_m), abs(aside_m)) / tolerances.ride_m
    return share if share <= 1 else None


def _heading(one: ViolationReported, other: ViolationReported) -> tuple[float, float] | None:
    """Return the mean unit vector of two headings that agree."""
    if one.heading is None or other.heading is None:
        return None
    x, y = one.heading[0] + other.heading[0], one.heading[1] + other.heading[1]
    length = hypot(x, y)
    return (x / length, y / length) if length >= HEADINGS_SUM_MIN else None


def _pace_mps(ride: ViolationReported) -> float:
    return ride.measure / max(1, ride.confirmed_at_ms - ride.entered_at_ms) * 1000


def _distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])
