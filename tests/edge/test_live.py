"""A live camera through the whole program: `lukou watch` on a stream, and a box whose camera goes and comes back."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from contract import topics
from contract.messages import Heartbeat, ViolationReported
from contract.seal import unseal
from contract.words import CameraState, LampSource, LampState
from datasets.cache import cache_folder
from datasets.demo.broker import free_port, start_broker
from datasets.demo.run import SCENE
from datasets.rtsp_server import as_h264, rtsp_server
from edge import keys

pytestmark = [pytest.mark.process, pytest.mark.weights]
LUKOU = (sys.executable, "-m", "lukou")


@pytest.fixture(scope="module")
def film(footage_path, tmp_path_factory):
    return as_h264(footage_path, tmp_path_factory.mktemp("film") / "film.mkv", 600)


@pytest.fixture(scope="module")
def server():
    return rtsp_server(cache_folder("gstreamer"), lambda _text: None)


def watch(out, source, *more):
    words = [*LUKOU, "watch", "--scene", str(SCENE), "--source", source, "--out", str(out), *more]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def size_bytes(path) -> int:
    return path.stat().st_size if path.exists() else 0


def wait_until(reached, within_s) -> None:
    end_s = time.monotonic() + within_s
    while not reached() and time.monotonic() < end_s:
        time.sleep(0.05)


def test_a_stream_is_watched_until_it_is_told_to_end_and_what_is_open_is_written(server, film, default_model, tmp_path):
    port = free_port()
    (tmp_path / "password").write_text("hunter2\n")
    with server.playing(port, film):
        source = f"rtsp://127.0.0.1:{port}/camera"
        process = watch(tmp_path / "out", source, "--username", "me", "--password-file", str(tmp_path / "password"))
        wait_until(lambda: size_bytes(tmp_path / "out" / "tracks.csv") > 16_000, 60)  # some seconds of six people
        process.send_signal(signal.SIGINT)
        said, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    assert "written to" in said
    assert re.search(r"\d+ frames came, \d+ dropped, \d+ broken; connected 1 times", told)
    assert "hunter2" not in said + told
    assert len((tmp_path / "out" / "tracks.csv").read_text().splitlines()) > 20
    assert "abstained" in (tmp_path / "out" / "passages.jsonl").read_text()


@pytest.mark.parametrize(
    ("story", "source", "more", "status", "says"),
    [
        ("nobody there", "rtsp://127.0.0.1:9/camera", ["--seconds", "2"], 3, "no frame has come"),
        ("a password in the address", "rtsp://me:hunter2@127.0.0.1:9/camera", [], 2, "give username and password_file"),
        ("half of the credentials", "rtsp://127.0.0.1:9/camera", ["--username", "me"], 2, "go together"),
        ("a beginning", "rtsp://127.0.0.1:9/camera", ["--start", "2026-01-01"], 2, "--start: is for a file"),
        ("an end for a file", "v.avi", ["--seconds", "3"], 2, "--seconds: is for a stream"),
    ],
)
def test_what_cannot_be_watched_is_said_in_a_line(tmp_path, story, source, more, status, says):
    process = watch(tmp_path / "out", source, *more)
    said, told = process.communicate(timeout=60)
    assert process.returncode == status, told
    assert says in told
    assert "Traceback" not in told
    assert "hunter2" not in said + told


class _Centre:
    """Hears what a box says."""

    def __init__(self, broker, device_key) -> None:
        self.beats: list[Heartbeat] = []
        self.events: list[ViolationReported] = []
        self._key = device_key.public_key()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="centre", protocol=MQTTv5)
        self._client.on_connect = lambda c, *_: c.subscribe(
            [(topics.every("heartbeat"), 0), (topics.every("violation"), 1)]
        )
        self._client.on_message = lambda _c, _u, message: self._hear(message)
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def _hear(self, message) -> None:
        if message.topic.endswith("heartbeat"):
            self.beats.append(unseal(bytes(message.payload), Heartbeat, lambda _id: self._key).message)
        else:
            self.events.append(unseal(bytes(message.payload), ViolationReported, lambda _id: self._key).message)

    def hears(self, state, within_s) -> float:
        """Return after how many seconds a heartbeat with that state came."""
        begun_s, known = time.monotonic(), len(self.beats)
        while time.monotonic() - begun_s < within_s:
            if any(beat.camera_state is state for beat in self.beats[known:]):
                return time.monotonic() - begun_s
            time.sleep(0.05)
        raise AssertionError(
            f"expected {state} within {within_s} s, heard {[b.camera_state.value for b in self.beats]}"
        )

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def running_box(tmp_path, source, broker):
    key = keys.make_private_key(tmp_path / "key.pem")
    centre_key = Ed25519PrivateKey.generate().public_key()
    (tmp_path / "centre.pem").write_bytes(centre_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "token").write_text("t" * 43)
    (tmp_path / "edge.yaml").write_text(
        yaml.safe_dump(
            {
                "device": {"id": "box-1", "key_file": "key.pem", "token_file": "token"},
                "centre": {
                    "url": "http://127.0.0.1:9",
                    "public_key_file": "centre.pem",
                    "broker": {"host": broker.host, "port": broker.port},
                },
                "data": "data",
                "cameras": [
                    {"scene": str(SCENE), "source": source, "threads": 1, "cores": [min(os.sched_getaffinity(0))]}
                ],
            }
        )
    )
    centre = _Centre(broker, key)
    with (tmp_path / "box.log").open("wb") as log:
        process = subprocess.Popen([*LUKOU, "edge", "--config", str(tmp_path / "edge.yaml")], stderr=log)
    try:
        yield centre
    finally:
        process.terminate()
        process.wait(timeout=60)
        centre.stop()


def test_a_box_tells_that_its_camera_is_lost_and_well_again_and_whose_clock_it_goes_by(
    server, film, default_model, tmp_path
):
    port, broker = free_port(), start_broker(tmp_path / "broker")
    try:
        with running_box(tmp_path, f"rtsp://127.0.0.1:{port}/camera", broker) as centre:
            centre.hears(CameraState.LOST, 60)  # nobody is there yet; a busy machine starts slowly
            with server.playing(port, film):
                centre.hears(CameraState.OK, 40)
                threading.Event().wait(12)
            assert centre.hears(CameraState.LOST, 10) < 8
            with server.playing(port, film):
                centre.hears(CameraState.OK, 40)
        last = centre.beats[-1]
        assert last.reconnections >= 1
        assert last.frames_processed > 50
        assert {event.clock_source for event in centre.events} <= {"stream", "arrival"}
        said = [(s.source, s.state, s.age_ms) for event in centre.events if event.lamp for s in event.lamp.sources]
        assert set(said) <= {(LampSource.PLAN, LampState.RED, 0)}
        assert centre.beats[-1].signals[0].signal_id == "ped-n"
        times = [beat.frames_processed for beat in centre.beats]
        assert times == sorted(times)
        assert "Traceback" not in (tmp_path / "box.log").read_text()
    finally:
        broker.stop()
