"""Evidence on its way into the centre, over real HTTP: offsets, cuts, wrong bytes, two writers, slow ones, no room."""

import os
import socket
import threading
import time
from hashlib import sha256

import httpx
import numpy as np
import pytest
from small_disk import mounted
from sqlalchemy import select
from uploading import (
    NOW_MS,
    OTHER_TOKEN,
    TOKEN,
    accept,
    centre_parts,
    complete,
    described,
    listening,
    pages_of,
)

from server.api.evidence import Uploads
from server.api.keeping import Keeping
from server.audit import AuditEntry
from server.cases.models import RefusedEvent
from server.errors import NoRoomError
from server.settings import Settings
from server.uploads.partials import Partials, Room
from server.uploads.receiving import Pace
from server.uploads.writing import Key

DATA = np.random.default_rng(1).bytes(700_000)
DIGEST = sha256(DATA).hexdigest()
PLACE = f"/api/v1/evidence/{DIGEST}"
TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def service(tmp_path):
    settings = Settings(data_dir=tmp_path / "centre", mqtt_port=1, assets_dir=tmp_path, free_min_mb=0)
    with centre_parts(settings) as made:
        accept(made, "e-1", {"clip.mp4": DATA})
        yield made


@pytest.fixture
def port(service):
    with listening(pages_of(service)) as number:
        yield number


@pytest.fixture
def client(port):
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {TOKEN}"}) as made:
        yield made


def append(client, offset: int, data: bytes, **headers: str) -> httpx.Response:
    return client.patch(PLACE, content=data, headers={**TUS, "Upload-Offset": str(offset), **headers})


def offset(client) -> int:
    return int(client.head(PLACE).headers["upload-offset"])


def beginnings(service) -> list[str]:
    return [path.name for path in (service.settings.data_dir / "partial").glob("*/*")]


def test_a_file_comes_in_pieces_and_is_asked_for_in_between(client, service):
    assert (client.head(PLACE).status_code, offset(client)) == (200, 0)
    first = append(client, 0, DATA[:300_000])
    assert (first.status_code, first.headers["upload-offset"], first.headers["tus-resumable"]) == (
        204,
        "300000",
        "1.0.0",
    )
    asked = client.head(PLACE)
    assert (asked.headers["upload-offset"], asked.headers["upload-length"]) == ("300000", "700000")
    assert asked.headers["cache-control"] == "no-store"
    assert not complete(service, "e-1")
    assert append(client, 300_000, DATA[300_000:]).status_code == 204
    assert complete(service, "e-1")
    assert service.store.read(DIGEST) == DATA
    assert beginnings(service) == []
    assert (offset(client), append(client, 700_000, b"").status_code) == (700_000, 204)
    assert append(client, 0, DATA).status_code == 409
    assert client.put(PLACE, content=DATA).status_code == 200


@pytest.mark.parametrize("put_first", [0, 1000])
def test_a_small_file_may_be_brought_whole_whatever_had_begun(client, service, put_first):
    append(client, 0, DATA[:put_first])
    assert client.put(PLACE, content=DATA).status_code == 201
    assert complete(service, "e-1")


@pytest.mark.parametrize(
    ("story", "at", "data", "headers", "status"),
    [
        ("a gap", 5, b"x", {}, 409),
        ("the beginning once more", 0, DATA[:1000], {}, 409),
        ("more than was promised", 1000, DATA, {}, 422),
        ("an offset that is none", 1000, b"x", {"Upload-Offset": "-1"}, 422),
        ("an offset in Arabic digits", 1000, b"x", {"Upload-Offset": "١".encode()}, 422),
        ("an offset beyond all files", 1000, b"x", {"Upload-Offset": "9" * 40}, 422),
        ("another version of tus", 1000, b"x", {"Tus-Resumable": "0.2.2"}, 412),
        ("another content type", 1000, b"x", {"Content-Type": "text/plain"}, 415),
        ("no token", 1000, b"x", {"Authorization": ""}, 401),
        ("another device's token", 1000, b"x", {"Authorization": f"Bearer {OTHER_TOKEN}"}, 404),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(client, service, story, at, data, headers, status):
    append(client, 0, DATA[:1000])
    assert append(client, at, data, **headers).status_code == status
    assert offset(client) == 1000
    assert append(client, 1000, DATA[1000:]).status_code == 204
    assert service.store.read(DIGEST) == DATA


@pytest.mark.parametrize("digest", ["0" * 64, "x", "..%2f..%2fetc%2fpasswd", "%00"])
def test_nobody_brings_what_no_event_names(client, digest):
    for method in ("HEAD", "PATCH", "PUT"):
        headers = {**TUS, "Upload-Offset": "0"}
        assert client.request(method, f"/api/v1/evidence/{digest}", content=b"x", headers=headers).status_code == 404


def test_wrong_bytes_are_thrown_away_and_counted_and_the_right_ones_may_follow(client, service):
    assert append(client, 0, DATA[:-1] + b"?").status_code == 422
    assert (offset(client), beginnings(service)) == (0, [])
    with service.sessions.reading() as session:
        (refused,) = session.scalars(select(RefusedEvent))
        assert (refused.reason, refused.topic, refused.payload_bytes) == ("wrong_bytes", f"evidence/{DIGEST}", 700_000)
    assert client.get("/api/v1/health").json()["refused_events"] == 1
    assert append(client, 0, DATA).status_code == 204


def test_the_same_bytes_of_a_later_event_need_not_come_again(client, service):
    append(client, 0, DATA)
    accept(service, "e-2", {"clip.mp4": DATA})
    accept(service, "other", {"clip.mp4": DATA}, device_id="box-2")
    assert not complete(service, "e-2")
    assert offset(client) == 700_000
    assert complete(service, "e-2")
    assert not complete(service, "other")  # what one device has brought tells another nothing


def half_a_request(port: int, start: int, data: bytes, promised: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port))
    head = [f"PATCH {PLACE} HTTP/1.1", "Host: x", f"Authorization: Bearer {TOKEN}", f"Upload-Offset: {start}"]
    head += [f"{name}: {value}" for name, value in TUS.items()] + [f"Content-Length: {promised}", "", ""]
    line.sendall("\r\n".join(head).encode() + data)
    return line


def until(holds, seconds: float = 8.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_what_came_before_a_cut_is_kept(client, port, service):
    half_a_request(port, 0, DATA[:123_456], 700_000).close()
    assert until(lambda: client.head(PLACE).headers.get("upload-offset") == "123456")
    assert append(client, 123_456, DATA[123_456:]).status_code == 204
    assert service.store.read(DIGEST) == DATA


def first_writer(client, port: int) -> socket.socket:
    """Begin a request that holds the file; one that found somebody who only asks before it begins again."""
    for _ in range(20):
        line = half_a_request(port, 0, DATA[:1000], 2000)
        if until(lambda: b"goes on" in append(client, 7, b"X").content, seconds=1.0):
            return line
        line.close()
    raise AssertionError("nobody ever held the file")


def test_of_two_writers_one_waits_and_no_byte_is_mixed(client, port, service):
    line = first_writer(client, port)
    assert append(client, 0, b"X" * 500).status_code == 409
    assert until(lambda: refused_whole(client))
    line.sendall(DATA[1000:2000])
    assert until(lambda: client.head(PLACE).headers.get("upload-offset") == "2000")
    line.close()
    assert until(lambda: append(client, 2000, DATA[2000:]).status_code == 204)  # when the first writer is gone
    assert service.store.read(DIGEST) == DATA


def refused_whole(client) -> bool:
    try:
        return client.put(PLACE, content=b"X" * 700_000).status_code == 409
    except httpx.TransportError:  # it is answered, and the line closed, before all has been read
        return False


def test_many_writers_at_once_make_one_right_file(port, service):
    def bring() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {TOKEN}"}) as mine:
            for _ in range(300):
                asked = mine.head(PLACE)
                at = int(asked.headers.get("upload-offset", "-1"))
                if at == 700_000:
                    return
                if at >= 0:
                    append(mine, at, DATA[at : at + 50_000])

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert complete(service, "e-1")
    assert service.store.read(DIGEST) == DATA


def test_a_process_that_died_before_the_end_was_noted_leaves_a_file_that_is_finished_when_asked_for(client, service):
    key = Key("box-1", DIGEST, len(DATA))
    partials = Partials(service.settings.data_dir / "partial", Room(10**9, 0))
    with partials.writing(key, NOW_MS) as writing:
        writing.append(DATA)
    assert not complete(service, "e-1")
    assert offset(client) == 700_000
    assert complete(service, "e-1")


@pytest.mark.parametrize(
    ("story", "pace"),
    [("silence", Pace(idle_s=0.2)), ("a byte now and then", Pace(idle_s=5, grace_s=0.3, bytes_per_s_min=1000))],
)
def test_who_sends_too_slowly_loses_the_line_and_keeps_what_came(service, story, pace):
    app = pages_of(service)
    keeping = Keeping(service)
    uploads = Uploads(keeping, pace)

    from fastapi import Request  # noqa: PLC0415 - one route of this test alone

    @app.patch("/slow")
    async def slow(request: Request):
        return await uploads.append(keeping.awaited(TOKEN, DIGEST), 0, request)

    with listening(app) as port, socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"PATCH /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 700000\r\n\r\n" + DATA[:100])
        line.settimeout(0.02)
        answer, end = b"", time.monotonic() + 5
        while not answer and time.monotonic() < end:
            try:
                answer = line.recv(4096)
            except TimeoutError:
                if story != "silence":
                    line.sendall(b"x")
        assert answer.startswith(b"HTTP/1.1 408")
    assert keeping.partials.offset(Key("box-1", DIGEST, 700_000)) >= 100


def test_a_device_has_a_few_lines_and_no_more(client, port, service):
    accept(service, "many", {f"{n}.jpg": DATA + bytes([n]) for n in range(5)})
    lines = []
    for number in range(5):
        digest = sha256(DATA + bytes([number])).hexdigest()
        line = socket.create_connection(("127.0.0.1", port))
        head = f"PUT /api/v1/evidence/{digest} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        line.sendall(head.encode() + b"Content-Length: 700001\r\n\r\nx")
        lines.append(line)
        time.sleep(0.1)
    lines[-1].settimeout(5)
    assert lines[-1].recv(100).startswith(b"HTTP/1.1 429")
    for line in lines:
        line.close()


def test_beginnings_have_a_budget_an_age_and_give_way(tmp_path):
    partials = Partials(tmp_path, Room(budget_bytes=2500, free_min_bytes=0))
    keys = [Key("box-1", f"{n}" * 64, 1000) for n in range(4)]

    def begin(key: Key, at_ms: int) -> bool:
        try:
            with partials.writing(key, at_ms) as writing:
                writing.append(b"x" * 10)
        except NoRoomError:
            return False
        return True

    now_ms = time.time_ns() // 1_000_000
    assert [begin(key, now_ms) for key in keys[:3]] == [True, True, False]
    hour_ago = (now_ms - 3_700_000) / 1000
    first = next(begun.path for begun in partials.begun() if begun.key == keys[0])
    os.utime(first, (hour_ago, hour_ago))
    assert begin(keys[2], now_ms)
    assert {begun.key for begun in partials.begun()} == {keys[1], keys[2]}


def test_what_nobody_goes_on_with_is_purged_and_recorded(tmp_path):
    clock = [time.time_ns() // 1_000_000]
    settings = Settings(data_dir=tmp_path / "centre", mqtt_port=1, assets_dir=tmp_path, free_min_mb=0, partial_days=2)
    with centre_parts(settings, lambda: clock[0]) as service:
        accept(service, "e-1", {"clip.mp4": DATA, "a.jpg": b"picture"})
        keeping = Keeping(service)
        with keeping.writing(keeping.awaited(TOKEN, DIGEST)) as writing:
            writing.append(DATA[:5])
        clock[0] += 3 * 86_400_000
        other = keeping.awaited(TOKEN, described("a.jpg", b"picture").sha256)
        with keeping.writing(other):
            assert keeping.partials.offset(Key("box-1", DIGEST, 700_000)) == 0
        with service.sessions.reading() as session:
            (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.what == "upload.purge"))
            assert entry.detail == f"box-1: 5 of 700000 bytes of {DIGEST}"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 2 MB."""
    with mounted(2, tmp_path / "small") as disk:
        yield disk


@pytest.mark.parametrize("what", ["partial", "evidence"])
def test_a_full_disk_is_told_by_507_and_nothing_is_half_taken(small_disk, tmp_path, what):
    centre = tmp_path / "centre"
    settings = Settings(
        data_dir=centre,
        mqtt_port=1,
        assets_dir=tmp_path,
        free_min_mb=0,
        partial_dir=small_disk.folder if what == "partial" else None,
    )
    centre.mkdir()
    if what == "evidence":
        (centre / "evidence").symlink_to(small_disk.folder)
    with centre_parts(settings) as service, listening(pages_of(service)) as port:
        accept(service, "e-1", {"clip.mp4": DATA})
        small_disk.fill(400_000)
        url, headers = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=url, headers=headers) as client:
            assert append(client, 0, DATA).status_code == 507
            assert client.get("/api/v1/health").json()["evidence"]["state"] == "no room"
            assert not complete(service, "e-1")
            small_disk.empty()
            at = offset(client)
            if at < 700_000:
                assert append(client, at, DATA[at:]).status_code == 204
            assert complete(service, "e-1")
            assert service.store.read(DIGEST) == DATA
