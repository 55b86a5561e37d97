"""What the centre keeps and shows of its boxes: the newest word alone, and what somebody must look at."""

import pytest
from centre import KEY, NOW_MS, log_in, take
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from uploading import pages_of

from contract.box import DiskUse, Dropped, StatusTold
from contract.evidence import ClockProof
from contract.messages import Heartbeat, SignalHealth
from contract.seal import seal
from contract.words import BoxStatus, CameraState, ClockReference, ClockStatus, DiskState
from server.boxes import service as boxes
from server.boxes.facts import FACTS, facts
from server.cases.models import RefusedEvent
from server.db import unit_of_work
from server.devices import Device
from server.ingest.intake import Intake
from server.pages.texts import text

ON, OFF = BoxStatus.ONLINE, BoxStatus.OFFLINE
TOPIC = "lukou/v1/s-1/box-1/status"


def told(connection: int, state: BoxStatus, since_ms: int | None = NOW_MS, **values) -> bytes:
    said = {"device_id": "box-1", "site_id": "s-1", "cameras": ("n",)} | values
    return seal(StatusTold(connection=connection, state=state, since_ms=since_ms, **said), "box-1", KEY)


def presence(service) -> tuple[int, bool, bool] | None:
    with service.sessions.reading() as session:
        found = boxes.seen(session, ["box-1"])["box-1"].presence
        return None if found is None else (found.connection, found.is_online, found.by_itself)


@pytest.mark.parametrize(
    ("story", "words", "left"),
    [
        ("it connects", [told(5, ON)], (5, True, True)),
        ("it is cut off", [told(5, ON), told(5, OFF, None)], (5, False, False)),
        ("it leaves by itself", [told(5, ON), told(5, OFF)], (5, False, True)),
        (
            "an old will is played again",
            [told(5, ON), told(5, OFF, None), told(6, ON), told(5, OFF, None)],
            (6, True, True),
        ),
        ("an old greeting is played again", [told(5, ON), told(5, OFF, None), told(5, ON)], (5, False, False)),
        ("the will of the connection before comes late", [told(6, ON), told(5, OFF, None)], (6, True, True)),
        ("it died before it could say that it is there", [told(5, ON), told(7, OFF, None)], (7, False, False)),
        ("another's topic", [told(5, ON, device_id="box-2")], None),
    ],
)
def test_only_the_newest_connections_word_counts(service, story, words, left):
    for word in words:
        take(service, word, TOPIC)
    assert presence(service) == left


def test_a_status_on_another_topic_is_refused(service):
    take(service, told(5, ON), "lukou/v1/s-1/box-2/status")
    assert presence(service) is None
    with service.sessions.reading() as session:
        assert session.scalars(select(RefusedEvent.reason)).all() == ["wrong_topic"]


def test_a_status_for_a_camera_of_another_box_is_refused(service):
    with unit_of_work(service.sessions) as session:
        session.get(Device, "box-1").cameras = '["n"]'
    take(service, told(5, ON, cameras=("n", "s")), TOPIC)
    assert presence(service) is None
    with service.sessions.reading() as session:
        assert session.scalars(select(RefusedEvent.reason)).all() == ["wrong_camera"]


@given(st.tuples(st.integers(1, 9), st.booleans()), st.tuples(st.integers(1, 9), st.booleans()))
def test_of_two_words_at_most_one_is_newer(one, other):
    assert not (boxes.is_newer(*one, *other) and boxes.is_newer(*other, *one))


def beat(**values) -> Heartbeat:
    said = {
        "device_id": "box-1", "site_id": "s-1", "camera_id": "n", "sent_at_ms": NOW_MS, "frames_processed": 40,
        "frames_dropped": 0, "reconnections": 0, "camera_state": CameraState.OK, "camera_state_since_ms": 1,
        "frames_per_second": 9.5, "events_waiting": 0, "files_waiting": 0, "events_refused": 0,
    }  # fmt: skip
    return Heartbeat(**(said | values))


def test_each_camera_keeps_its_own_newest_heartbeat(service):
    for camera_id, sent_at_ms in (("n", NOW_MS), ("s", NOW_MS - 9), ("n", NOW_MS - 5), ("s", NOW_MS - 3)):
        said = seal(beat(camera_id=camera_id, sent_at_ms=sent_at_ms), "box-1", KEY)
        take(service, said, f"lukou/v1/s-1/{camera_id}/heartbeat")
    with service.sessions.reading() as session:
        found = boxes.seen(session, ["box-1", "box-2"])
        assert [(h.camera_id, h.sent_at_ms - NOW_MS) for h in found["box-1"].heartbeats] == [("n", 0), ("s", -3)]
        assert found["box-2"] == boxes.BoxSeen("box-2", None, (), None)
        assert session.scalar(select(func.count()).select_from(RefusedEvent)) == 0


def test_a_box_whose_clock_was_a_week_ahead_is_heard_again_once_it_is_right(service):
    for sent_at_ms, came_at_ms in ((NOW_MS + 7 * 86_400_000, NOW_MS - 1000), (NOW_MS, NOW_MS)):
        said = seal(beat(camera_id="n", sent_at_ms=sent_at_ms), "box-1", KEY)
        with unit_of_work(service.sessions) as session:
            intake = Intake(session, demonstration=False, now_ms=came_at_ms, book=service.house.book)
            intake.take("lukou/v1/s-1/n/heartbeat", said)
    with service.sessions.reading() as session:
        assert [h.sent_at_ms for h in boxes.seen(session, ["box-1"])["box-1"].heartbeats] == [NOW_MS]
        assert boxes.seen(session, ["box-1"])["box-1"].heard_at_ms == NOW_MS


def hear(service, beats: list[Heartbeat], at_ms: int = NOW_MS) -> None:
    for said in beats:
        with unit_of_work(service.sessions) as session:
            intake = Intake(session, demonstration=False, now_ms=at_ms, book=service.house.book)
            intake.take("lukou/v1/s-1/n/heartbeat", seal(said, "box-1", KEY))


def heard(service) -> int:
    """Return the frames of the camera's newest heartbeat."""
    with service.sessions.reading() as session:
        (of_camera,) = boxes.seen(session, ["box-1"])["box-1"].heartbeats
        return of_camera.frames_processed


def test_a_box_whose_clock_is_set_back_is_heard_and_what_it_said_before_changes_nothing_when_played_again(service):
    hour_ms = 3_600_000
    before = [beat(start=7, number=n, sent_at_ms=NOW_MS + n, frames_processed=n) for n in (1, 2)]
    after = [beat(start=7, number=n, sent_at_ms=NOW_MS - hour_ms + n, frames_processed=n) for n in (3, 4)]
    anew = beat(start=8, number=1, sent_at_ms=NOW_MS - 2 * hour_ms, frames_processed=5)
    hear(service, before)
    assert heard(service) == 2
    hear(service, after)
    assert heard(service) == 4
    hear(service, [*before, *after])
    assert heard(service) == 4
    hear(service, [anew, *before, *after])
    assert heard(service) == 5


@pytest.mark.parametrize(
    ("story", "known", "said", "newer"),
    [
        ("the next one", (7, 3, 30), (7, 4, 40), True),
        ("the next one of a clock that was set back", (7, 3, 30), (7, 4, 10), True),
        ("an old one, of before the clock was set back", (7, 4, 10), (7, 3, 30), False),
        ("the same once more", (7, 3, 30), (7, 3, 30), False),
        ("of a box that was started anew", (7, 900, 30), (8, 1, 10), True),
        ("of an earlier start", (8, 1, 10), (7, 901, 30), False),
        ("later, of a box that does not number", (None, None, 30), (None, None, 31), True),
        ("earlier, of such a box", (None, None, 30), (None, None, 29), False),
        ("the first after an update", (None, None, 30), (7, 1, 31), True),
        ("an old one of before the update", (7, 1, 30), (None, None, 29), False),
    ],
)
def test_which_of_two_heartbeats_is_newer(story, known, said, newer):
    first, second = (beat(start=start, number=number, sent_at_ms=ms) for start, number, ms in (known, said))
    assert boxes.is_newer_beat(second, second.sent_at_ms, first.model_dump_json(), first.sent_at_ms) is newer


BAD_CLOCK = ClockProof(status=ClockStatus.INVALID, reason="never synchronised", source=ClockReference.NONE)
GOOD_CLOCK = ClockProof(status=ClockStatus.VALID, source=ClockReference.SNTP, offset_ms=12.4)


def disk(state: DiskState) -> DiskUse:
    return DiskUse(state=state, evidence_bytes=2**30, video_bytes=2**31, outbox_bytes=0, free_bytes=2**32)


@pytest.mark.parametrize(
    ("story", "values", "label", "shows", "problem"),
    [
        ("a camera that sees", {}, "box.camera", "正常", False),
        ("a camera that was pushed", {"camera_state": CameraState.MOVED}, "box.camera", "已移位，需重新标定", True),
        ("dropped frames", {"frames_dropped": 7}, "box.frames", "40, -7 (9.5/s)", False),
        ("a signal that is not known", {"signals": (SignalHealth(signal_id="ped", known_s=1, silent_s=2, stale_s=3,
            unsure_s=0, disagreeing_s=0, disagreements=0),)}, "box.signals_unknown", "ped 5 s", False),
        ("a good clock", {"clock": GOOD_CLOCK}, "box.clock", "可信 +12 ms", False),
        ("a clock that nobody sets", {"clock": BAD_CLOCK}, "box.clock", "不可信 never synchronised", True),
        ("room on the disk", {"disk": disk(DiskState.OK)}, "box.disk", "正常 3.0 GiB + 4.0 GiB", False),
        ("a full disk", {"disk": disk(DiskState.FULL)}, "box.disk", "已满，不再存证 3.0 GiB + 4.0 GiB", True),
        ("a warm day", {"temperature_c": 61.4}, "box.temperature", "61 °C", False),
        ("too hot", {"temperature_c": 91.0}, "box.temperature", "91 °C", True),
        ("all is delivered", {}, "box.queue", "0 + 0", False),
        ("no network", {"events_waiting": 3, "oldest_waiting_ms": 900_000}, "box.queue", "3 + 0 (900 s)", True),
        ("refused events", {"events_refused": 2}, "box.refused", "2", True),
        ("frames that no clip has", {"dropped": Dropped(clip_frames=9)}, "box.not_kept", "9 / 0 / 0", False),
        ("acts that no disk took", {"dropped": Dropped(events_disk_full=1)}, "box.not_kept", "0 / 1 / 0", True),
        ("restarts", {"uptime_s": 3_700, "restarts": 2}, "box.runs", "1:01 h, 2", True),
        ("a version", {"software_version": "0.1.0"}, "box.software", "0.1.0", False),
    ],
)  # fmt: skip
def test_what_a_person_reads_and_what_somebody_must_look_at(story, values, label, shows, problem):
    (fact,) = [fact for fact in facts(beat(**values)) if fact.label == label]
    assert f"{text(fact.word, 'zh') if fact.word else ''} {fact.value}".strip() == shows
    assert fact.problem is problem


def test_an_older_box_shows_what_it_says():
    assert [fact.label for fact in facts(beat())] == ["box.camera", "box.frames", "box.queue"]
    assert len(FACTS) == 11


@pytest.mark.parametrize(("language", "shows"), [("zh", "离线：连接中断"), ("en", "offline: it was cut off")])
def test_the_devices_page_shows_a_box_that_was_cut_off(service, language, shows):
    for word in (told(5, ON), told(5, OFF, None)):
        take(service, word, TOPIC)
    take(service, seal(beat(camera_state=CameraState.BLACK), "box-1", KEY), "lukou/v1/s-1/n/heartbeat")
    app = pages_of(service)
    with TestClient(app) as client:
        log_in(client, "auditor")
        client.cookies.set("lukou_language", language)
        html = client.get("/console/devices").text
    assert shows in html
    assert 'data-online="no" class="problem"' in html
    assert html.count('<tr class="problem">') == 1
