"""Batches: any order, repetition and split give the same database, and one bad message harms no other."""

from hashlib import sha256
from uuid import UUID

import pytest
from centre import CLOCK, KEY, NOW_MS, TOPIC, make_act
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from contract.words import ReceiptOutcome
from server import devices, statistics
from server.cases import chains
from server.cases.models import Case, ChainCount, Event, EventFile, FurtherReport
from server.db import unit_of_work
from server.ingest.intake import Intake
from server.ingest.reading import Came


@pytest.fixture
def service(service):
    with unit_of_work(service.sessions) as session:
        devices.enrol(session, "box-3", "s-1", KEY.public_key(), "v" * 43, NOW_MS)
    return service


def came(act) -> Came:
    message = act.message
    return Came(f"lukou/v1/s-1/{message.camera_id}/violation", act.sealed(key_id=message.device_id))


def seen(camera: str, box: str, place_m: tuple[float, float], number: int = 1, late_ms: int = 0):
    """A report with a place, in a chain of its own."""
    before = None if number == 1 else seen(camera, box, (0.0, 0.0), number - 1).files["manifest.json"]
    return make_act(
        number,
        previous_manifest_sha256=None if before is None else sha256(before).hexdigest(),
        event_id=UUID(int=number * 100 + int(camera[-1])),
        device_id=box,
        camera_id=camera,
        entered_at_m=place_m,
        entered_at_ms=NOW_MS - 60_000 + late_ms,
    )


PLAIN = [make_act(number) for number in (1, 2)]
EXCHANGED = make_act(3, track_id=99, event_id=UUID(int=1))  # so number 4 names another before it: both are held
WRONG_CLOCK = make_act(6, clock=CLOCK.model_copy(update={"offset_ms": 2e6}), event_id=UUID(int=2))
TWO_CAMERAS = [seen("c-2", "box-3", (float(50 * number), 0.0), number) for number in (1, 2, 3)]
STORY = [came(act) for act in [*PLAIN, EXCHANGED, make_act(4), WRONG_CLOCK, *TWO_CAMERAS]]
FORGED = [Came(TOPIC, b"no message"), Came(TOPIC, STORY[0].payload.replace(b"3.1", b"9.1"))]


def take(service, batch):
    with unit_of_work(service.sessions) as session:
        return Intake(session, demonstration=False, now_ms=NOW_MS, book=service.house.book).take_all(batch)


def emptied(service) -> None:
    with unit_of_work(service.sessions) as session:
        for table in (FurtherReport, Case, EventFile, ChainCount, Event):
            session.execute(delete(table))


def database(service) -> dict[str, list]:
    with service.sessions.reading() as session:
        return {
            "events": sorted(session.execute(select(Event.event_id, Event.held_because, Event.body_sha256)).all()),
            "files": sorted(session.execute(select(EventFile.event_id, EventFile.name, EventFile.sha256)).all()),
            "cases": sorted(session.scalars(select(Case.event_id))),
            "chains": [(row.device_id, row.highest, row.here) for row in chains.deliveries(session)],
        }


@given(st.permutations(STORY * 2 + FORGED), st.lists(st.integers(1, 6), max_size=20))
@hypothesis_settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_repetition_and_split_give_the_same_database(service, messages, splits):
    emptied(service)
    fates = []
    for size in [*splits, len(messages)]:
        batch, messages = messages[:size], messages[size:]
        fates += take(service, batch) if batch else []
    assert [fate.outcome for fate in fates].count("again") == len(STORY)
    assert sorted(fate.outcome for fate in fates if fate.refused) == ["forged", "malformed"]
    found = database(service)
    assert {held for _, held, _ in found["events"]} == {None, "chain", "clock"}
    assert len(found["events"]) == len(STORY)
    believed = {event_id for event_id, held, _ in found["events"] if held is None}
    assert believed <= set(found["cases"])  # who is held by a later message may have a case, which no one can confirm
    emptied(service)
    for one in STORY:
        take(service, [one])
    alone = database(service)
    assert found["events"] == alone["events"]
    assert found["files"] == alone["files"]
    assert found["chains"] == alone["chains"]


def tally(service) -> tuple[int, int, int]:
    """Return how many events, cases and further reports there are."""
    with service.sessions.reading() as session:
        found = statistics.counts(session)
    return found.events, sum(found.cases.values()), found.further_reports


def test_two_reports_of_one_act_in_one_batch_make_one_case(service):
    act, again = seen("c-1", "box-1", (0.0, 0.0)), seen("c-2", "box-3", (0.5, 0.4), late_ms=300)
    take(service, [came(act), came(again), came(act)])
    assert tally(service) == (2, 1, 1)
    take(service, [came(seen("c-1", "box-1", (0.0, 40.0), 2))])
    assert tally(service) == (3, 2, 1)


def test_every_message_of_a_batch_has_its_own_fate_and_only_senders_hear_of_theirs(service):
    bad = make_act(2, evidence=make_act().message.evidence[:1])
    fates = take(service, [STORY[0], FORGED[0], came(bad), STORY[0], FORGED[1]])
    assert [fate.outcome for fate in fates] == ["new", "malformed", "no_manifest", "again", "forged"]
    assert [fate.answer and fate.answer.receipt.outcome for fate in fates] == [
        ReceiptOutcome.ACCEPTED,
        None,
        ReceiptOutcome.REFUSED,
        ReceiptOutcome.ACCEPTED,
        None,
    ]


@given(st.sets(st.integers(1, 60), min_size=1))
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_missing_is_exactly_what_has_not_come(service, numbers):
    emptied(service)
    with unit_of_work(service.sessions) as session:
        for number in numbers:
            row = {"event_id": str(number), "device_id": "box-1", "chain": "a", "sequence": number, "body": "{}"}
            rest = {"body_sha256": "0", "seen_at_ms": 1, "received_at_ms": 1, "demonstration": False}
            session.add(Event(**row, **rest))
    with service.sessions.reading() as session:
        gaps = chains.missing(session, "box-1", "a")
        assert chains.doubled(session, "box-1", "a") == 0
    listed = [number for gap in gaps for number in range(gap.first, gap.last + 1)]
    assert listed == sorted(set(range(1, max(numbers) + 1)) - numbers)
