from dataclasses import replace
from uuid import UUID

import pytest

from contract.evidence import EvidenceFile, ModelUsed, RuleApplied
from contract.words import LampSource, LampState, PassageVerdict, RoadUserKind, StillRole, ViolationKind, ZoneKind
from edge.chain import Link
from edge.clock import NO_REFERENCE
from edge.evidence.stamp import Stamper
from edge.observations import Passage, Violation, Yielding
from edge.report import Place, act_reported, passage_counts, violation_reported
from edge.signals.timeline import Said

KIND = ViolationKind.PEDESTRIAN_RED_LIGHT
WALKER = RoadUserKind.PEDESTRIAN
START_MS = 1_800_000_000_000
PLACE = Place(
    device_id="box-1",
    site_id="s-1",
    site_name="路口一",
    camera_id="c-1",
    direction="由南向北",
    start_ms=START_MS,
    demonstration=True,
    rules={KIND: RuleApplied(name=KIND, version=1, parameters={"advance_m": 3.0})},
    model=ModelUsed(name="m", sha256="0" * 64),
    scene_sha256="1" * 64,
    software_version="0.1.0",
)
SAID = (Said(LampSource.LAMP, LampState.RED, -2000, 40), Said(LampSource.PLAN, LampState.RED, -2100, 0))
FILE = EvidenceFile(name="manifest.json", sha256="2" * 64, size_bytes=1, media_type="application/json")


def seen(lamp: LampState | None = LampState.RED, since_ms: int | None = -2000, track_id: int = 7) -> Violation:
    return Violation(KIND, track_id, "n", "ped", 1000, 4000, 3.14159, WALKER, lamp, since_ms)


def reported(place: Place, violation: Violation):
    act = act_reported(place, violation, SAID, "stream", NO_REFERENCE, START_MS + 5000)
    return violation_reported(act, Link(4, "3" * 64), (FILE,))


@pytest.mark.parametrize(
    ("story", "violation", "lamp"),
    [
        ("red since before the footage", seen(), (LampState.RED, START_MS - 2000)),
        ("red, nobody knows since when", seen(since_ms=None), (LampState.RED, None)),
        ("no signal is concerned", seen(lamp=None), None),
    ],
)
def test_a_violation_is_told_in_the_time_of_day_with_its_lamp_and_its_place(story, violation, lamp):
    message = reported(PLACE, violation)
    assert (message.evidence, message.clock_source, message.clock) == ((FILE,), "stream", NO_REFERENCE)
    assert message.previous_manifest_sha256 == "3" * 64
    assert (message.entered_at_ms, message.confirmed_at_ms) == (START_MS + 1000, START_MS + 4000)
    assert (message.measure, message.sequence, message.demonstration) == (3.142, 4, True)
    assert (message.lamp and (message.lamp.state, message.lamp.since_ms)) == lamp
    sources = [(s.source.value, s.since_ms - START_MS, s.age_ms) for s in message.lamp.sources] if message.lamp else []
    assert sources == ([("lamp", -2000, 40), ("plan", -2100, 0)] if lamp else [])


def test_judged_again_it_has_the_same_id_and_another_track_another():
    first = PLACE.event_id(seen())
    assert isinstance(first, UUID)
    assert first == PLACE.event_id(seen(lamp=None))
    assert first != PLACE.event_id(seen(track_id=8))


CROSSWALK, STOP_LINE, LANE = ZoneKind.CROSSWALK, ZoneKind.STOP_LINE, ZoneKind.LANE


def passage(verdict: PassageVerdict, left_ms: int, zone_kind: ZoneKind = CROSSWALK) -> Passage:
    return Passage(1, WALKER, zone_kind, "n", "ped", 0, left_ms, LampState.GREEN, 8.0, verdict, "not_red_at_entry")


def test_passages_are_counted_by_what_became_of_them():
    ended = [passage(PassageVerdict.LAWFUL, t) for t in (3000, 1000)] + [passage(PassageVerdict.ABSTAINED, 2000)]
    message = passage_counts(PLACE, ended, 9)
    assert (message.from_ms, message.to_ms, message.sequence) == (START_MS + 1000, START_MS + 3000, 9)
    assert {count.verdict.value: count.count for count in message.counts} == {"lawful": 2, "abstained": 1}


def test_a_crosswalk_a_stop_line_and_a_lane_of_one_name_are_counted_apart():
    ended = [passage(PassageVerdict.LAWFUL, 3000, of) for of in (CROSSWALK, STOP_LINE, STOP_LINE, LANE)]
    counts = passage_counts(PLACE, ended, 9).counts
    assert {(c.zone_kind, c.zone_id): c.count for c in counts} == {
        (CROSSWALK, "n"): 1,
        (STOP_LINE, "n"): 2,
        (LANE, "n"): 1,
    }


def met(user: RoadUserKind, entered_ms: int, *, yielded: bool, zone: str = "n") -> Yielding:
    return Yielding(4, user, zone, 7, entered_ms, yielded, 1.5, 2.0)


def test_vehicles_that_met_somebody_are_counted_by_crosswalk_kind_and_what_they_did():
    car, bus = RoadUserKind.CAR, RoadUserKind.BUS
    meetings = [
        met(car, 500, yielded=True),
        met(car, 4000, yielded=True),
        met(car, 900, yielded=False),
        met(bus, 800, yielded=True, zone="s"),
    ]
    message = passage_counts(PLACE, [passage(PassageVerdict.LAWFUL, 3000)], 9, yields=meetings)
    assert (message.from_ms, message.to_ms) == (START_MS + 500, START_MS + 4000)
    found = {(y.zone_id, y.user.value, y.yielded): y.count for y in message.yields}
    assert found == {("n", "car", True): 2, ("n", "car", False): 1, ("s", "bus", True): 1}
    assert passage_counts(PLACE, [], 9, yields=meetings).counts == ()


@pytest.mark.parametrize(
    ("kind", "zone_id", "heading"),
    [
        (ViolationKind.WRONG_WAY, "bike-n", (-0.6, 0.8)),
        (ViolationKind.WRONG_WAY, "no-such-lane", None),
        (KIND, "bike-n", None),
    ],
)
def test_a_violation_says_where_on_the_ground_it_began_and_which_way_a_lane_was_ridden(kind, zone_id, heading):
    rules = {kind: RuleApplied(name=kind, version=1, parameters={})}
    place = replace(PLACE, lane_directions={"bike-n": (0.6, -0.8)}, rules=rules)
    violation = replace(seen(), kind=kind, zone_id=zone_id, entered_at_m=(1.23456, -0.0004))
    message = reported(place, violation)
    assert (message.entered_at_m, message.heading) == ((1.235, 0.0), heading)


@pytest.mark.parametrize(
    ("story", "violation", "expected"),
    [
        ("red", seen(), "lamp at entry red since 16:00:00.000"),
        ("nobody knows since when", seen(since_ms=None), "lamp at entry red since ?"),
        ("no signal is concerned", replace(seen(lamp=None), signal_id=None), "no signal concerned"),
    ],
)
def test_the_stamp_says_what_the_lamp_was_or_that_there_is_none(story, violation, expected):
    place = replace(PLACE, start_ms=START_MS + 2000)
    _, second = Stamper(None).lines(place, violation, StillRole.ENTRY, 1000, b"")
    assert expected in second
