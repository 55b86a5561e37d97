"""The engine: who is followed, who is forgotten, an officer's hand-off, and what events say of the rules."""

import pytest
from walking import CAR, CROSSWALK, GREEN, LANE, LINE, RED, go, judge, kinds, lamp, reasons, ride, scene, seen, together

from contract.words import HandOffCause, PassageVerdict, ViolationKind
from edge.observations import Judged, Observation, RoadUser
from edge.rules.catalog import VERSIONS
from edge.rules.engine import RuleEngine
from edge.signals.hand_off import HandOff

RED_ONLY = lamp((0, RED))
ACTS = [
    ("pedestrian_red_light", CROSSWALK, go((1, 2, -2), (11, 2, 12))),
    ("rider_red_light", LINE, ride((1, 1, -16), (11, 1, 24))),
    ("rider_red_light", CROSSWALK, ride((1, 2, -6), (6, 2, 14))),
    ("stop_line", LINE, ride((1, 1, -9), (4, 1, 1.5), (14, 1, 1.5))),
    ("wrong_way", LANE, ride((1, 1.5, 55), (11, 1.5, 15))),
]
OFFICER, WORKS = HandOffCause.DIRECTED, HandOffCause.PAUSED
KINDS = [f"{kind} {zone.id}" for kind, zone, _ in ACTS]


@pytest.mark.parametrize(("kind", "zone", "rows"), ACTS, ids=KINDS)
@pytest.mark.parametrize(
    ("story", "switched", "exempt"),
    [
        ("an officer directs all the time", [(0, OFFICER)], "officer_directs"),
        ("from before until in the midst of it", [(0, OFFICER), (5500, None)], "officer_directs"),
        ("road is dug up", [(0, WORKS)], "accusations_paused"),
        ("was released before", [(0, OFFICER), (900, None)], None),
        ("is set afterwards", [(60_000, OFFICER)], None),
    ],
)
def test_while_an_officer_directs_nobody_is_accused(kind, zone, rows, story, switched, exempt):
    said = judge(seen(rows), scene(zone), RED_ONLY, HandOff(switched))
    assert kinds(said) == ([] if exempt else [kind])
    if exempt:
        assert [(p.reason, p.verdict) for p in said.passages] == [(exempt, PassageVerdict.ABSTAINED)]


@pytest.mark.parametrize(("kind", "zone", "rows"), ACTS, ids=KINDS)
def test_who_is_gone_is_closed_and_forgotten(kind, zone, rows):
    engine = RuleEngine(scene(zone), RED_ONLY)
    half = [o for o in seen(rows) if o.t_ms < 0.9 * rows[-1][0]]
    judged = together(engine.observe(o) for o in half)
    assert engine.tracks_held == 1
    gone = together(engine.observe(Observation(t_ms, ())) for t_ms in (60_000, 61_000, 62_000, 63_000))
    assert engine.tracks_held == 0
    assert len(judged.passages) + len(gone.passages) == 1
    assert engine.finish() == Judged()


@pytest.mark.parametrize(("kind", "zone", "rows"), ACTS, ids=KINDS)
def test_every_act_has_a_rule_with_a_version_and_its_thresholds(kind, zone, rows):
    applied = RuleEngine(scene(zone), RED_ONLY).rule_applied(ViolationKind(kind))
    assert (applied.name, applied.version) == (kind, VERSIONS[ViolationKind(kind)])
    assert applied.parameters["tracks.look_ahead_s"] == 1.0


def test_the_thresholds_of_an_event_are_those_of_the_scene():
    engine = RuleEngine(scene(LINE, rider_red_light={"advance_m": 4.5}, tracks={"near_m": 2.0}), RED_ONLY)
    parameters = engine.rule_applied(ViolationKind.STOP_LINE).parameters
    assert parameters["rider_red_light.advance_m"] == 4.5
    assert parameters["tracks.near_m"] == 2.0
    assert parameters["stop_s"] == 5.0


def test_time_does_not_go_back():
    engine = RuleEngine(scene(CROSSWALK), RED_ONLY)
    engine.observe(Observation(1000, ()))
    engine.observe(Observation(1000, ()))
    with pytest.raises(ValueError, match="expected observations in time order, found 999 ms after 1000 ms"):
        engine.observe(Observation(999, ()))


def test_where_nobody_looked_nothing_is_judged():
    rows = go((1, 2, -2), (11, 2, 12))
    foretold = [(t, RoadUser(1, u.kind, u.x_m, u.y_m, seen=False)) for t, u in rows]
    assert judge(seen(foretold), scene(CROSSWALK), RED_ONLY) == Judged()


@pytest.mark.parametrize("zone", [CROSSWALK, LINE, LANE])
def test_cars_are_not_accused(zone):
    rows = [*go((1, 1, -16), (11, 1, 24), kind=CAR), *go((20, 1.5, 55), (30, 1.5, 15), kind=CAR, number=2)]
    assert judge(seen(rows), scene(zone), RED_ONLY).violations == ()


@pytest.mark.parametrize("look_ahead_s", [0.0, 1.0, 3.0])
@pytest.mark.parametrize(("kind", "zone", "rows"), ACTS, ids=KINDS)
def test_however_late_is_judged_the_verdict_is_the_same(kind, zone, rows, look_ahead_s):
    assert kinds(judge(seen(rows), scene(zone, tracks={"look_ahead_s": look_ahead_s}), RED_ONLY)) == [kind]


def test_a_scene_without_zones_says_nothing():
    assert judge(seen(go((1, 2, -2), (11, 2, 12))), scene(), RED_ONLY) == Judged()


def test_a_crowd_is_judged_one_by_one():
    """Ten on foot in a row 3 m apart, five before the change to green and five after."""
    crowd = [go((1 + i, 2, -2), (11 + i, 2, 12), number=i) for i in range(10)]
    said = judge(seen(*crowd), scene(CROSSWALK), lamp((0, RED), (9, GREEN)))
    assert sorted(v.track_id for v in said.violations) == [0, 1, 2, 3, 4]  # 3 m in at 4.57 s, 5.57 s ...
    assert len(said.passages) == 10


PEDESTRIAN = go((1, 2, -2), (11, 2, 12))
LOST = [
    ("lost for half a second on the crosswalk, goes on under a new number", 0.5, 6.0),
    ("lost for half a second just before being 3 m in", 0.5, 4.0),
    ("lost for half a second at the kerb", 0.5, 2.2),
]


@pytest.mark.parametrize(("story", "gap_s", "at_s"), LOST, ids=[s[0] for s in LOST])
def test_a_lost_number_is_never_accused_twice(story, gap_s, at_s):
    first = [(t, u) for t, u in PEDESTRIAN if t <= at_s * 1000]
    second = [(t, RoadUser(2, u.kind, u.x_m, u.y_m)) for t, u in PEDESTRIAN if t >= (at_s + gap_s) * 1000]
    said = judge(seen(first, second), scene(CROSSWALK), RED_ONLY)
    assert len(said.violations) <= 1
    assert set(reasons(said)) <= {"advanced_on_red", "same_act", "little_advance", "first_seen_inside"}
