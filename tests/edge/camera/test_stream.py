"""Live streams against real servers: GStreamer's RTSP server, killed and started again, and a plain HTTP server."""

import http.server
import os
import signal
import socket
import threading
import time
from contextlib import contextmanager
from functools import partial
from itertools import pairwise

import cv2
import numpy as np
import pytest
from structlog.testing import capture_logs

from datasets.cache import cache_folder
from datasets.rtsp_server import as_h264, rtsp_server
from edge.camera.still import still_of_stream
from edge.camera.stream import LiveStream
from edge.errors import PartMissingError

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def film(footage_path, tmp_path_factory):
    return as_h264(footage_path, tmp_path_factory.mktemp("film") / "film.mkv", 300)


@pytest.fixture(scope="module")
def server():
    return rtsp_server(cache_folder("gstreamer"), lambda _text: None)


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def now_ms():
    return time.time_ns() // 1_000_000


def take(stream, count):
    return [frame for _, frame in zip(range(count), stream.frames(), strict=False)]


def after_the_first_report(stream, count):
    """Wait until the sender has told its clock (a few seconds, RFC 3550), and return the frames from then on."""
    until_ms = now_ms() + 20_000
    for frame in stream.frames():
        if frame.clock_source == "stream":
            return [frame, *take(stream, count - 1)]
        assert now_ms() < until_ms, "no sender report came"
    raise AssertionError("the stream ended")


def test_frames_come_with_the_cameras_own_time_and_go_on_after_it_was_down(server, film, port):
    stream = LiveStream(f"rtsp://nobody:secret@127.0.0.1:{port}/camera", now_ms)
    try:
        with capture_logs() as logs:
            with server.playing(port, film):
                assert stream.wait_first()
                assert abs(stream.start_ms - now_ms()) < 6000
                first = after_the_first_report(stream, 20)
            time.sleep(1.0)
            with server.playing(port, film):
                again = take(stream, 10)
        times = [frame.t_ms for frame in (*first, *again)]
        assert times == sorted(set(times))
        assert {frame.clock_source for frame in first} == {"stream"}  # from the first sender report on
        steps = [b.t_ms - a.t_ms for a, b in pairwise(first)]
        assert all(step % 100 in {0, 1, 99} for step in steps), steps  # the camera's own even steps, some dropped
        assert again[-1].t_ms - first[-1].t_ms > 1000
        assert stream.counts.connections == 2
        assert stream.size_px == (768, 576)
        assert "secret" not in str(logs)
    finally:
        stream.stop()


def test_a_slow_watcher_gets_the_newest_frame_and_what_it_missed_is_counted(server, film, port):
    with server.playing(port, film):
        stream = LiveStream(f"rtsp://127.0.0.1:{port}/camera", now_ms)
        try:
            assert stream.wait_first()
            got = []
            for frame in stream.frames():
                got.append(frame.t_ms)
                time.sleep(0.35)
                if len(got) == 8:
                    break
            assert stream.counts.dropped >= 10
            assert abs(stream.counts.decoded - stream.counts.dropped - len(got)) <= 1
            assert min(b - a for a, b in pairwise(got[1:])) >= 150
        finally:
            stream.stop()


def test_a_still_of_a_camera(server, film, port):
    with server.playing(port, film):
        picture = still_of_stream(f"rtsp://127.0.0.1:{port}/camera", "the camera", now_ms)
    assert picture.shape == (576, 768, 3)


def test_a_still_of_a_camera_that_is_off_is_told_after_a_while(port):
    with pytest.raises(PartMissingError, match=r"the camera: no picture came within 2 s"):
        still_of_stream(f"rtsp://me:secret@127.0.0.1:{port}/camera", "the camera", now_ms, wait_s=2)


def test_nobody_there_is_told_each_second_and_ends_when_it_is_told_to(port):
    told = []
    stream = LiveStream(f"rtsp://127.0.0.1:{port}/camera", now_ms, idle=lambda: told.append(now_ms()))
    ending = threading.Timer(2.5, stream.stop)
    ending.start()
    assert not stream.wait_first()
    ending.join()
    assert len(told) >= 2
    assert (stream.start_ms, stream.size_px, stream.counts.decoded) == (None, (0, 0), 0)


def test_a_server_that_falls_silent_is_left_within_seconds(server, film, port):
    with server.playing(port, film) as process, capture_logs() as logs:
        stream = LiveStream(f"rtsp://127.0.0.1:{port}/camera", now_ms)
        try:
            take(stream, 3)
            os.kill(process.pid, signal.SIGSTOP)  # its connection stays open, and nothing comes
            silent_ms = now_ms()
            while not any(line["event"] == "camera.lost" for line in logs) and now_ms() - silent_ms < 10_000:
                time.sleep(0.05)
            assert 2_500 < now_ms() - silent_ms < 5_000
            os.kill(process.pid, signal.SIGCONT)
            assert len(take(stream, 3)) == 3
            assert stream.counts.connections == 2
        finally:
            os.kill(process.pid, signal.SIGCONT)
            stream.stop()


@contextmanager
def serving(handler):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as peer:
        threading.Thread(target=peer.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{peer.server_port}"
        peer.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _MotionJpeg(_Quiet):
    """A camera that pushes pictures, ten a second."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        noise = np.random.default_rng(1)
        try:
            for _ in range(40):
                picture = cv2.imencode(".jpg", noise.integers(0, 255, (48, 64, 3), dtype=np.uint8))[1].tobytes()
                head = b"--frame\r\ncontent-type: image/jpeg\r\ncontent-length: %d\r\n\r\n" % len(picture)
                self.wfile.write(head + picture + b"\r\n")
                time.sleep(0.1)
        except OSError:
            return


def test_a_film_over_http_has_no_wall_clock_and_says_so(film):
    with serving(partial(_Quiet, directory=str(film.parent))) as address:
        stream = LiveStream(f"{address}/{film.name}", now_ms)
        try:
            assert stream.wait_first()
            assert {frame.clock_source for frame in take(stream, 3)} == {"arrival"}
        finally:
            stream.stop()


def test_pictures_pushed_over_http_are_timed_by_their_arrival():
    with serving(_MotionJpeg) as address:
        stream = LiveStream(f"{address}/live", now_ms)
        try:
            got = take(stream, 15)
            assert {frame.clock_source for frame in got} == {"arrival"}
            assert all(60 <= b.t_ms - a.t_ms <= 400 for a, b in pairwise(got[2:])), [f.t_ms for f in got]
        finally:
            stream.stop()


@pytest.mark.parametrize(
    ("story", "path", "why"),
    [("no such thing", "nothing", "404"), ("not a video", "text.html", "Invalid data")],
)
def test_what_is_wrong_is_told_without_the_password(tmp_path, story, path, why):
    (tmp_path / "text.html").write_text("hello" * 500)
    with serving(partial(_Quiet, directory=str(tmp_path))) as address, capture_logs() as logs:
        stream = LiveStream(address.replace("http://", "http://me:secret@") + f"/{path}", now_ms)
        ending = threading.Timer(1.0, stream.stop)
        ending.start()
        assert not stream.wait_first()
        ending.join()
    told = [line for line in logs if line["event"] == "camera.lost"]
    assert why in told[0]["why"]
    assert "secret" not in str(logs)


def test_a_clock_that_is_set_back_ends_the_watch_with_its_reason():
    times = iter([1_800_000_000_000] * 5 + [1_700_000_000_000] * 1000)
    with serving(_MotionJpeg) as address:
        stream = LiveStream(f"{address}/live", lambda: next(times))
        try:
            with pytest.raises(PartMissingError, match="set back"):
                take(stream, 30)
        finally:
            stream.stop()
