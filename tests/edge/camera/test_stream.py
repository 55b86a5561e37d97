"""Live streams against real servers: GStreamer's RTSP server, killed and started again, and a plain HTTP server."""

import http.server
import socket
import threading
import time
from functools import partial
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from datasets.cache import cache_folder
from datasets.rtsp_server import as_h264, rtsp_server
from edge.camera.stream import LiveStream

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


def test_frames_come_with_the_cameras_own_time_and_go_on_after_it_was_down(server, film, port):
    stream = LiveStream(f"rtsp://nobody:secret@127.0.0.1:{port}/camera", now_ms)
    try:
        with capture_logs() as logs:
            with server.playing(port, film):
                assert stream.wait_first()
                first = take(stream, 15)
                assert abs(stream.start_ms - now_ms()) < 6000
            time.sleep(1.0)
            with server.playing(port, film):
                again = take(stream, 10)
        times = [frame.t_ms for frame in (*first, *again)]
        assert times == sorted(set(times))
        assert {frame.clock_source for frame in first} == {"stream"}
        steps = [b.t_ms - a.t_ms for a, b in pairwise(first[5:])]
        assert all(80 <= step <= 320 for step in steps), steps
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
            assert min(b - a for a, b in pairwise(got[1:])) >= 200
        finally:
            stream.stop()


def test_nobody_there_is_told_each_second_and_ends_when_it_is_told_to(port):
    told = []
    stream = LiveStream(f"rtsp://127.0.0.1:{port}/camera", now_ms, idle=lambda: told.append(now_ms()))
    ending = threading.Timer(2.5, stream.stop)
    ending.start()
    assert not stream.wait_first()
    ending.join()
    assert len(told) >= 2
    assert (stream.start_ms, stream.size_px, stream.counts.decoded) == (None, (0, 0), 0)


def test_a_film_over_http_has_no_wall_clock_and_says_so(film):
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(film.parent))
    handler.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as peer:
        threading.Thread(target=peer.serve_forever, daemon=True).start()
        stream = LiveStream(f"http://127.0.0.1:{peer.server_port}/{film.name}", now_ms)
        try:
            assert stream.wait_first()
            assert {frame.clock_source for frame in take(stream, 3)} == {"arrival"}
        finally:
            stream.stop()
            peer.shutdown()
