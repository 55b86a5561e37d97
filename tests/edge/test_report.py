from pathlib import Path
from uuid import UUID

import pytest

from contract.messages import EvidenceFile, ModelUsed, RuleApplied
from contract.words import LampSource, LampState, PassageVerdict, RoadUserKind, ViolationKind
from edge.evidence.package import Package
from edge.observations import Passage, Violation
from edge.report import Place, passage_counts, violation_reported
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


@pytest.mark.parametrize(
    ("story", "violation", "lamp"),
    [
        ("red since before the footage", seen(), (LampState.RED, START_MS - 2000)),
        ("red, nobody knows since when", seen(since_ms=None), (LampState.RED, None)),
        ("no signal is concerned", seen(lamp=None), None),
    ],
)
def test_a_violation_is_told_in_the_time_of_day_with_its_lamp_and_its_place(story, violation, lamp):
    message = violation_reported(PLACE, violation, SAID, Package(Path(), (FILE,), "stream"), 4, START_MS + 5000)
    assert (message.evidence, message.clock_source) == ((FILE,), "stream")
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


def passage(verdict: PassageVerdict, left_ms: int) -> Passage:
    return Passage(1, WALKER, "n", "ped", 0, left_ms, LampState.GREEN, 8.0, verdict, "not_red_at_entry")


def test_passages_are_counted_by_what_became_of_them():
    ended = [passage(PassageVerdict.LAWFUL, t) for t in (3000, 1000)] + [passage(PassageVerdict.ABSTAINED, 2000)]
    message = passage_counts(PLACE, ended, 9)
    assert (message.from_ms, message.to_ms, message.sequence) == (START_MS + 1000, START_MS + 3000, 9)
    assert {count.verdict.value: count.count for count in message.counts} == {"lawful": 2, "abstained": 1}
