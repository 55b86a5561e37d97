"""The box's uploader against the real centre: over a link that is cut, through kill -9, with files that cannot go."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from uploading import TOKEN, CutLink, accept, centre_parts, complete, described, listening, pages_of, put_accepted

from edge.outbox import Outbox
from edge.transfer import PIECE_BYTES, Backoff
from edge.upload import LINES, Uploader, http_client
from server.cases.models import EventFile
from server.settings import Settings

CLIP = np.random.default_rng(2).bytes(3_000_000)
PICTURE = np.random.default_rng(3).bytes(20_000)
FILES = {
    "clip.mp4": CLIP,
    "entry.jpg": PICTURE,
    "before.jpg": PICTURE + b"1",
    "manifest.json": b"{}",
    "verdict.json": b"1",
}

BOX = """
import sys, time
from pathlib import Path
from edge.outbox import Outbox
from edge.upload import Uploader, http_client
outbox = Outbox(Path(sys.argv[2]))
with http_client(sys.argv[1], sys.argv[3]) as client:
    uploader = Uploader(client, outbox, upload_kbps=int(sys.argv[4]))
    while not uploader.push():
        time.sleep(0.05)
"""


@pytest.fixture
def service(tmp_path):
    settings = Settings(data_dir=tmp_path / "centre", mqtt_port=1, assets_dir=tmp_path, free_min_mb=0)
    with centre_parts(settings) as made:
        yield made


@pytest.fixture
def port(service):
    with listening(pages_of(service)) as number:
        yield number


@pytest.fixture
def outbox(tmp_path):
    box = Outbox(tmp_path / "outbox.sqlite")
    yield box
    box.close()


def until(holds, seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def stored_in_order(service) -> list[str]:
    with service.sessions.reading() as session:
        files = session.query(EventFile).filter(EventFile.stored_at_ms.is_not(None)).order_by(EventFile.stored_at_ms)
        return [f"{file.event_id}/{file.name}" for file in files]


def test_the_oldest_event_goes_first_its_manifest_before_its_pictures_its_clip_last(service, port, outbox, tmp_path):
    for event in ("b", "a"):  # b is older
        files = {name: data + event.encode() for name, data in FILES.items()}
        accept(service, event, files)
        put_accepted(outbox, tmp_path, event, files)
    with http_client(f"http://127.0.0.1:{port}", TOKEN) as client:
        assert Uploader(client, outbox, upload_kbps=10**6).push()  # with a limit one goes at a time
    names = ["manifest.json", "before.jpg", "entry.jpg", "verdict.json", "clip.mp4"]
    assert stored_in_order(service) == [f"{event}/{name}" for event in ("b", "a") for name in names]
    assert complete(service, "a")
    assert outbox.counts().files_waiting == 0


def test_over_a_link_that_is_cut_again_and_again_little_is_sent_twice(service, port, outbox, tmp_path):
    accept(service, "e", FILES)
    put_accepted(outbox, tmp_path, "e", FILES)
    link = CutLink(port, cut_after=100_000)
    with http_client(f"http://127.0.0.1:{link.port}", TOKEN) as client:
        uploader = Uploader(client, outbox, backoff=Backoff(0.01, 0.02))
        assert until(uploader.push)
    link.stop()
    assert complete(service, "e")
    assert service.store.read(sha256(CLIP).hexdigest()) == CLIP
    assert link.cuts >= 30
    total = sum(len(data) for data in FILES.values())
    assert link.up_bytes < 1.3 * total  # twice goes only what was on the line in the moment of a cut


def test_a_box_that_is_killed_goes_on_where_it_was(service, port, tmp_path):
    outbox = Outbox(tmp_path / "outbox.sqlite")
    accept(service, "e", {"clip.mp4": CLIP})
    put_accepted(outbox, tmp_path, "e", {"clip.mp4": CLIP})
    outbox.close()
    beginning = service.settings.data_dir / "partial" / "box-1" / f"{sha256(CLIP).hexdigest()}-{len(CLIP)}"
    words = [sys.executable, "-c", BOX, f"http://127.0.0.1:{port}", str(tmp_path / "outbox.sqlite"), TOKEN]
    reached = [0]
    for _ in range(3):
        box = subprocess.Popen([*words, "8000"])  # a megabyte a second
        assert until(lambda: beginning.exists() and beginning.stat().st_size > reached[-1])
        box.send_signal(signal.SIGKILL)
        box.wait()
        reached.append(beginning.stat().st_size)
    assert reached == sorted(set(reached))
    done = subprocess.run([*words, "1000000"], timeout=30, check=False)
    assert done.returncode == 0
    assert complete(service, "e")
    assert not beginning.exists()


def damage(path, how: str) -> None:
    if how == "gone":
        path.unlink()
    elif how == "shorter":
        path.write_bytes(path.read_bytes()[:-1])
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"?")


@pytest.mark.parametrize("how", ["gone", "shorter", "changed"])
@pytest.mark.parametrize("name", ["manifest.json", "clip.mp4"])
def test_what_is_not_as_it_was_sealed_goes_nowhere_and_holds_up_nobody(service, port, outbox, tmp_path, how, name):
    package = put_accepted(outbox, tmp_path, "e", FILES)
    put_accepted(outbox, tmp_path, "f", {"later.jpg": b"later"})
    accept(service, "e", FILES)
    accept(service, "f", {"later.jpg": b"later"})
    damage(package / name, how)
    with http_client(f"http://127.0.0.1:{port}", TOKEN) as client:
        uploader = Uploader(client, outbox)
        assert not uploader.push()
        assert complete(service, "f")
        assert (outbox.counts().files_waiting, outbox.counts().files_stuck) == (1, 1)
        (stuck,) = outbox.waiting_files()
        assert stuck.name == name
        assert stuck.problem
        sent = uploader.transfer.sent_bytes
        assert not uploader.push()  # not due again for a minute
        assert uploader.transfer.sent_bytes == sent
    assert f"e/{name}" not in stored_in_order(service)


def test_what_the_centre_does_not_want_is_tried_later_and_comes_to_its_end(service, port, outbox, tmp_path):
    put_accepted(outbox, tmp_path, "e", FILES)  # of which the centre knows nothing
    put_accepted(outbox, tmp_path, "f", {"later.jpg": b"later"})
    accept(service, "f", {"later.jpg": b"later"})
    now_s = [0.0]
    with http_client(f"http://127.0.0.1:{port}", TOKEN) as client:
        uploader = Uploader(client, outbox, now_s=lambda: now_s[0])
        assert not uploader.push()
        assert complete(service, "f")
        assert outbox.counts().files_stuck == len(FILES)
        accept(service, "e", FILES)
        assert not uploader.push()
        now_s[0] = 61.0
        assert uploader.push()
    assert complete(service, "e")
    assert outbox.counts().files_stuck == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:9"])
def test_a_centre_that_is_away_is_left_alone_for_longer_and_longer(outbox, tmp_path, url):
    put_accepted(outbox, tmp_path, "e", FILES)
    now_s, waits = [0.0], []
    with http_client(url, TOKEN) as client:
        uploader = Uploader(client, outbox, now_s=lambda: now_s[0], backoff=Backoff(1.0, 120.0, chance=lambda: 1.0))
        for _ in range(10):
            began_s = now_s[0]
            assert not uploader.push()
            before = uploader.backoff.failures
            while uploader.backoff.failures == before:
                now_s[0] += 0.5
                uploader.push()
            waits.append(now_s[0] - began_s)
    assert waits == sorted(waits)
    assert waits[-1] == 120.0
    assert outbox.counts().files_stuck == 0


def test_by_chance_a_thousand_boxes_do_not_come_back_at_once():
    dice = np.random.default_rng(4)
    waits = [Backoff(8.0, 120.0, dice.random).failed() for _ in range(1000)]
    assert 4.0 <= min(waits) < 4.1
    assert 7.9 < max(waits) <= 8.0


def test_a_revoked_token_stops_everything_and_marks_no_file(service, port, outbox, tmp_path):
    accept(service, "e", FILES)
    put_accepted(outbox, tmp_path, "e", FILES)
    with http_client(f"http://127.0.0.1:{port}", "another") as client:
        uploader = Uploader(client, outbox)
        assert not uploader.push()
        assert uploader.backoff.failures == 1
    assert outbox.counts().files_stuck == 0


def test_not_faster_than_allowed(service, port, outbox, tmp_path):
    accept(service, "e", {"clip.mp4": CLIP})
    put_accepted(outbox, tmp_path, "e", {"clip.mp4": CLIP})
    slept_s: list[float] = []
    with http_client(f"http://127.0.0.1:{port}", TOKEN) as client:
        assert Uploader(client, outbox, upload_kbps=800, sleep=slept_s.append).push()
    assert sum(slept_s) == pytest.approx(len(CLIP) / 100_000)
    assert max(slept_s) < 0.2


def test_every_piece_is_a_megabyte_at_most(service, port, outbox, tmp_path):
    accept(service, "e", {"clip.mp4": CLIP})
    put_accepted(outbox, tmp_path, "e", {"clip.mp4": CLIP})
    lengths: list[tuple[str, int]] = []
    with http_client(f"http://127.0.0.1:{port}", TOKEN) as client:
        client.event_hooks = {
            "request": [lambda request: lengths.append((request.method, int(request.headers.get("content-length", 0))))]
        }
        assert Uploader(client, outbox).push()
    rest = len(CLIP) - 2 * PIECE_BYTES
    assert lengths == [("HEAD", 0), ("PATCH", PIECE_BYTES), ("PATCH", PIECE_BYTES), ("PATCH", rest)]


@contextmanager
def centre_that_counts(met: threading.Barrier | None) -> Iterator[tuple[str, list[int]]]:
    """A centre that answers an upload once enough have come together, and notes how many were on their way."""
    open_now, most, lock = [0], [0], threading.Lock()

    class Counting(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            with lock:
                open_now[0] += 1
                most[0] = max(most[0], open_now[0])
            self.rfile.read(int(self.headers["content-length"]))
            if met is not None:
                met.wait(10)
            with lock:
                open_now[0] -= 1
            self.send_response(201)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", most
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("limit_kbps", "at_once", "why"),
    [(None, LINES, "as many as there are lines"), (10**6, 1, "a limit is the operator's to share out")],
)
def test_so_many_files_are_on_their_way_at_once(outbox, tmp_path, limit_kbps, at_once, why):
    put_accepted(outbox, tmp_path, "e", {f"{n}.jpg": bytes([n]) for n in range(2 * LINES)})
    with (
        centre_that_counts(threading.Barrier(LINES) if at_once > 1 else None) as (url, most),
        http_client(url, TOKEN) as client,
    ):
        assert Uploader(client, outbox, upload_kbps=limit_kbps).push()
    assert most == [at_once]


def test_what_several_events_share_is_in_nobodys_way(service, port, outbox, tmp_path):
    scene = {"scene.json": b"{}" * 1000}
    for event in ("e", "f", "g"):
        accept(service, event, scene)
        put_accepted(outbox, tmp_path, event, scene)
    with http_client(f"http://127.0.0.1:{port}", TOKEN) as client:
        uploader = Uploader(client, outbox)
        assert uploader.push()
        assert (outbox.counts().files_waiting, uploader.backoff.failures) == (0, 0)
    assert all(complete(service, event) for event in ("e", "f", "g"))


def test_a_defect_of_the_centre_with_one_file_holds_up_no_other(outbox, tmp_path):
    put_accepted(outbox, tmp_path, "e", {"a.jpg": b"1", "b.jpg": b"2"})
    first = described("a.jpg", b"1").sha256
    seen: list[str] = []

    class Odd(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            seen.append(self.path.rsplit("/", 1)[-1])
            self.send_response(500 if seen[-1] == first else 201)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Odd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with http_client(f"http://127.0.0.1:{server.server_port}", TOKEN) as client:
        assert not Uploader(client, outbox).push()
    server.shutdown()
    server.server_close()
    assert sorted(seen) == sorted([first, described("b.jpg", b"2").sha256])
    assert outbox.counts().files_waiting == 1
