"""Which rules there are, and over which zone of a scene each watches whom. A new rule is listed here. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from calibration.geometry import PolygonM, hull, widened
from calibration.rule_parameters import in_force
from calibration.scene import Crosswalk, Lane, Scene, StopLine
from contract.evidence import RuleApplied
from contract.words import RoadUserKind, ViolationKind
from edge.rules import red_light, rider_red_light, stop_line, wrong_way
from edge.rules.at_line import AtLine
from edge.rules.court import Court
from edge.rules.crossing import CrosswalkVerdict
from edge.rules.crosswalk import OnCrosswalk
from edge.rules.lane import LaneZone
from edge.rules.line import Line
from edge.rules.line_verdict import LineRule
from edge.rules.params import Given, WrongWayParams, YieldingParams
from edge.rules.passage import Follower, OnTheRoad, Zone
from edge.rules.wrong_way import InLane
from edge.rules.yielding import VEHICLES, Crossers, Crosses, Drives

VERSIONS: Final[Mapping[ViolationKind, int]] = {
    module.KIND: module.VERSION for module in (red_light, rider_red_light, stop_line, wrong_way)
}
PEDESTRIAN, RIDER = RoadUserKind.PEDESTRIAN, RoadUserKind.RIDER
ON_FOOT_OR_RIDING: Final = frozenset({PEDESTRIAN, RIDER})
BEYOND_LINE_M: Final = 10.0
"""Who comes over a stop line is seen within this beyond it: further than anybody rides between two sights."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A zone over which a rule watches: whom, what follows one of them, and where that begins.

    ``from_m`` is a convex outline: nothing begins for somebody outside it.
    """

    from_m: PolygonM
    kinds: frozenset[RoadUserKind]
    start: Callable[[int], Follower]

    def concerns(self, kind: RoadUserKind, *, settled: bool) -> bool:
        """Tell whether somebody is to be followed; who is not settled yet may turn out to be on foot or riding."""
        return kind in self.kinds or (
            not settled and kind in ON_FOOT_OR_RIDING and bool(self.kinds & ON_FOOT_OR_RIDING)
        )


def rules_applied(given: Given) -> dict[ViolationKind, RuleApplied]:
    """Return every rule with its version and the thresholds in force, as an event names them."""
    return {
        kind: RuleApplied(name=kind, version=version, parameters=in_force(kind.value, given) | _shared(kind, given))
        for kind, version in VERSIONS.items()
    }


def _shared(kind: ViolationKind, given: Given) -> dict[str, float]:
    """Return what a rule takes from elsewhere: what holds for all tracks, and for a stop line the crossing on red."""
    shared = {f"tracks.{name}": value for name, value in in_force("tracks", given).items()}
    if kind is stop_line.KIND:
        riding = in_force(rider_red_light.KIND.value, given)
        shared |= {f"{rider_red_light.KIND.value}.{name}": value for name, value in riding.items()}
    return shared


def watched_in(scene: Scene, court: Court) -> tuple[Watched, ...]:
    """Return all that is watched in a scene, in the order in which an instant is judged."""
    given, on_the_road = scene.rules, OnTheRoad()
    return (
        *(_stop_line(line, court, given, on_the_road) for line in scene.stop_lines if RIDER in line.users),
        *(watched for crosswalk in scene.crosswalks for watched in _crosswalk(crosswalk, court, given, on_the_road)),
        *(_lane(lane, scene.lanes, court, given) for lane in scene.lanes),
    )


def _crosswalk(
    crosswalk: Crosswalk, court: Court, given: Given, on_the_road: OnTheRoad
) -> tuple[Watched, Watched, Watched]:
    zone = Zone.of(crosswalk)
    rules = dict.fromkeys(RoadUserKind, red_light.on_foot(given)) | {RIDER: rider_red_light.on_crosswalk(given)}
    road_m = max(rule.params.road_m for rule in rules.values())
    verdict = CrosswalkVerdict(zone, court, rules)
    yielding = YieldingParams.of("yielding", given)
    crossers = Crossers(zone, yielding)
    return (
        Watched(
            hull(zone.road_m(road_m)),
            ON_FOOT_OR_RIDING,
            lambda track_id: OnCrosswalk(track_id, verdict, on_the_road),
        ),
        Watched(hull(zone.polygon_m), frozenset({PEDESTRIAN}), lambda track_id: Crosses(track_id, crossers)),
        Watched(widened(zone.polygon_m, yielding.near_m), VEHICLES, lambda track_id: Drives(track_id, crossers)),
    )


def _stop_line(drawn: StopLine, court: Court, given: Given, on_the_road: OnTheRoad) -> Watched:
    line = Line.of(drawn)
    rule = LineRule(line, court, rider_red_light.at_line(given), stop_line.standing(given), on_the_road)
    return Watched(
        hull(line.beyond_m(BEYOND_LINE_M)),
        frozenset({RIDER}),
        lambda track_id: AtLine(track_id, rule),
    )


def _lane(lane: Lane, lanes: tuple[Lane, ...], court: Court, given: Given) -> Watched:
    zone, params = LaneZone.of(lane, lanes), WrongWayParams.of(wrong_way.KIND, given)
    users = frozenset({RIDER, *(RoadUserKind(user) for user in lane.users)})
    return Watched(hull(lane.polygon_m), users, lambda track_id: InLane(track_id, zone, court, params))
