import json
from uuid import UUID

import pytest
from centre import KEY, NOW_MS, TOKEN, TOPIC, make_act, take
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from contract.identity import chain_of
from contract.messages import Heartbeat, PassageCount, PassageCounts
from contract.seal import SEALED_BYTES_MAX, seal
from contract.words import CameraState, LampState, PassageVerdict, ReceiptOutcome, RoadUserKind
from server import devices, statistics
from server.boxes import service as boxes
from server.cases.models import Event, RefusedEvent
from server.db import unit_of_work
from server.devices import Device, DeviceKey
from server.ingest.intake import REFUSED_KEPT, Intake
from server.ingest.reading import Came

FORGER = Ed25519PrivateKey.from_private_bytes(bytes(range(9, 41)))


def counted(service):
    with service.sessions.reading() as session:
        return statistics.counts(session)


def refusals(service) -> list[str]:
    with service.sessions.reading() as session:
        return list(session.scalars(select(RefusedEvent.reason).order_by(RefusedEvent.id)))


def test_an_event_becomes_one_case_however_often_it_comes_and_each_time_gets_its_receipt(service):
    payload = make_act().sealed()
    answers = [take(service, payload) for _ in range(3)]
    assert [a.receipt.outcome for a in answers] == [ReceiptOutcome.ACCEPTED] * 3
    assert answers[0].topic == "lukou/v1/s-1/c-1/receipt"
    found = counted(service)
    assert (found.events, found.cases, found.refused) == (1, {"received": 1}, 0)


GENUINE = make_act().sealed()


def changed(**parts: str) -> bytes:
    return json.dumps(json.loads(GENUINE) | parts).encode()


REFUSED = [
    ("signed by another", make_act().sealed(FORGER), TOPIC, "forged", False),
    ("an unknown device", make_act().sealed(FORGER, "box-9"), TOPIC, "unknown_key", False),
    ("not a message", b"hello", TOPIC, "malformed", False),
    ("nothing", b"", TOPIC, "malformed", False),
    ("too large", b" " * (SEALED_BYTES_MAX + 1), TOPIC, "malformed", False),
    ("one byte changed", GENUINE.replace(b"3.1", b"9.1"), TOPIC, "forged", False),
    ("another camera's topic", GENUINE, "lukou/v1/s-1/c-2/violation", "wrong_topic", True),
    ("speaks for another device", make_act(device_id="box-2").sealed(), TOPIC, "wrong_sender", False),
    ("not this device's site", make_act().sealed(KEY, "box-2"), TOPIC, "wrong_sender", False),
    (
        "a site where it does not stand",
        make_act(site_id="s-2").sealed(),
        "lukou/v1/s-2/c-1/violation",
        "wrong_site",
        True,
    ),
    ("a signature that is not even ASCII", changed(signature="签" * 22), TOPIC, "forged", False),
    ("a number of 6,000 digits", GENUINE.replace(b"3.1", b"9" * 6000), TOPIC, "malformed", False),
    ("a word that is no text", GENUINE.replace("路口一".encode(), b"\\ud800"), TOPIC, "malformed", False),
    (
        "names a file twice",
        make_act(evidence=make_act().message.evidence * 2).sealed(),
        TOPIC,
        "file_named_twice",
        True,
    ),
    ("without a manifest", make_act(evidence=make_act().message.evidence[:2]).sealed(), TOPIC, "no_manifest", True),
]


@pytest.mark.parametrize(("story", "payload", "topic", "reason", "answered"), REFUSED, ids=[r[0] for r in REFUSED])
def test_what_is_not_believed_is_recorded_and_only_the_device_that_sealed_is_answered(
    service, story, payload, topic, reason, answered
):
    answer = take(service, payload, topic)
    assert refusals(service) == [reason]
    assert (answer is not None and answer.receipt.outcome is ReceiptOutcome.REFUSED) == answered
    assert counted(service).events == 0


def test_the_same_id_with_another_content_is_a_conflict_and_changes_nothing(service):
    take(service, make_act().sealed())
    answer = take(service, make_act(measure=9.9).sealed())
    assert answer.receipt.outcome is ReceiptOutcome.REFUSED
    assert refusals(service) == ["conflict"]


OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(5, 37)))


def test_a_number_is_given_once_and_the_box_is_told_what_to_do(service):
    take(service, make_act().sealed())
    answer = take(service, make_act(2, sequence=1, previous_manifest_sha256=None).sealed())
    assert answer.receipt.outcome is ReceiptOutcome.REFUSED
    assert "enrol it anew" in answer.receipt.reason
    assert refusals(service) == ["sequence_taken"]
    assert counted(service).events == 1


def enrol_anew(service) -> None:
    with unit_of_work(service.sessions) as session:
        devices.enrol(session, "box-1", "s-1", OTHER_KEY.public_key(), TOKEN, NOW_MS + 1)


def heartbeat(sent_at_ms: int, key: Ed25519PrivateKey = KEY) -> bytes:
    message = Heartbeat(
        device_id="box-1",
        site_id="s-1",
        camera_id="c-1",
        sent_at_ms=sent_at_ms,
        frames_processed=1,
        frames_dropped=0,
        reconnections=0,
        camera_state=CameraState.OK,
        camera_state_since_ms=0,
        frames_per_second=10.0,
        events_waiting=0,
        files_waiting=0,
        events_refused=0,
    )
    return seal(message, "box-1", key)


def test_what_was_sealed_before_a_new_key_is_still_taken_and_the_new_key_begins_at_one(service):
    enrol_anew(service)
    for payload in (make_act(1).sealed(), make_act(1, key=OTHER_KEY, event_id=UUID(int=5)).sealed(OTHER_KEY)):
        assert take(service, payload).receipt.outcome is ReceiptOutcome.ACCEPTED
    take(service, heartbeat(NOW_MS), "lukou/v1/s-1/c-1/heartbeat")
    assert refusals(service) == ["old_key"]  # of how a box is now, only its present key can tell
    with service.sessions.reading() as session:
        assert [(row.sequence, row.held_because) for row in session.scalars(select(Event))] == [(1, None)] * 2
        assert len(set(session.scalars(select(Event.chain)))) == 2


def test_a_key_that_is_told_to_be_compromised_is_believed_nothing_more(service):
    enrol_anew(service)
    with unit_of_work(service.sessions) as session:
        session.get(DeviceKey, ("box-1", chain_of(KEY.public_key()))).compromised_at_ms = NOW_MS
    assert take(service, GENUINE) is None
    assert refusals(service) == ["forged"]


def test_a_revoked_device_is_believed_nothing(service):
    with service.sessions.writing() as session:
        session.get(Device, "box-1").active = False
        session.commit()
    assert take(service, GENUINE) is None
    assert refusals(service) == ["unknown_key"]


def test_passages_that_come_twice_count_once(service):
    count = PassageCount(
        zone_id="n",
        user=RoadUserKind.PEDESTRIAN,
        lamp_at_entry=LampState.GREEN,
        verdict=PassageVerdict.LAWFUL,
        count=4,
    )
    message = PassageCounts(
        device_id="box-1", site_id="s-1", camera_id="c-1", sequence=9, from_ms=1, to_ms=2, counts=(count,)
    )
    for _ in range(2):
        take(service, seal(message, "box-1", KEY), "lukou/v1/s-1/c-1/passages")
    assert counted(service).passages == {"lawful": 4}


def test_the_newest_heartbeat_stays(service):
    for sent_at_ms in (NOW_MS, NOW_MS - 5000):
        take(service, heartbeat(sent_at_ms), "lukou/v1/s-1/c-1/heartbeat")
    with service.sessions.reading() as session:
        assert boxes.seen(session, ["box-1"])["box-1"].heard_at_ms == NOW_MS


def test_a_flood_of_refusals_is_bounded(service):
    with unit_of_work(service.sessions) as session:
        intake = Intake(session, demonstration=False, now_ms=NOW_MS, book=service.house.book)
        intake.take_all([Came(TOPIC, b"%d" % i) for i in range(REFUSED_KEPT + 5)])
    with service.sessions.reading() as session:
        assert session.scalar(select(func.count()).select_from(RefusedEvent)) == REFUSED_KEPT


@given(st.binary(max_size=200), st.sampled_from(["violation", "passages", "heartbeat", "state"]))
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_stop_the_intake(service, payload, kind):
    assert take(service, payload, f"lukou/v1/s-1/c-1/{kind}") is None


@given(st.integers(0, len(GENUINE) - 1), st.integers(0, 255))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_genuine_message_with_one_byte_changed_is_refused_or_means_the_same(service, place, byte):
    take(service, GENUINE)
    take(service, GENUINE[:place] + bytes([byte]) + GENUINE[place + 1 :])
    assert counted(service).events == 1
    assert "conflict" not in refusals(service)
