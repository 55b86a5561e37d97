"""`lukou signals watch` as an installer runs it: a real broker, a detector on TCP, pushes by HTTP."""

import json
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress

import httpx
import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from datasets.demo.broker import free_port, start_broker

pytestmark = pytest.mark.process

SCENE = """
version: 1
site: {id: s-1, name: 路口}
camera: {id: c-1, direction: 由南向北, size: [768, 576]}
signals:
  - {id: ped-n, for: pedestrian, plan: {cycle_s: 3600, offset_s: OFFSET, green_s: [0, 1]}}
  - {id: veh-n, for: vehicle}
crosswalks:
  - {id: n, signal: ped-n, polygon: {m: [[0, 0], [22, 0], [22, 5], [0, 5]]}}
"""
EDGE = """
device: {id: box-1, key_file: key.pem, token_file: token}
centre: {url: "http://127.0.0.1:8000", public_key_file: centre.pem, broker: {port: MQTT}}
data: ./data
inputs:
  controller: {mqtt: {topic: signals/s-1/spat}}
  pushed: {http: {port: HTTP, token_file: push-token}}
  detector: {tcp: {host: 127.0.0.1, port: TCP}, lit: 0}
cameras:
  - scene: scene.yaml
    source: not-opened.avi
    signals:
      ped-n: [{source: plan}, {source: feed, input: pushed, name: "12"}]
      veh-n: [{source: wire, input: detector, red: 1, yellow: 2, green: 3}, {source: feed, input: controller}]
"""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Junction:
    """A controller and a detector that tell ten times a second what the lamps show."""

    def __init__(self, folder) -> None:
        self.broker = start_broker(folder / "broker")
        self.ports = {"MQTT": self.broker.port, "HTTP": free_port(), "TCP": free_port()}
        self.pushed, self.published, self.row = "red", "stop-And-Remain", b"0111111111111111\n"
        self._ending = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="controller", protocol=MQTTv5)
        self._client.connect(self.broker.host, self.broker.port)
        self._client.loop_start()
        self._threads = [threading.Thread(target=t) for t in (self._tell, self._detect)]
        for thread in self._threads:
            thread.start()

    def _tell(self) -> None:
        movement = {"signal": "veh-n"}
        while not self._ending.wait(0.1):
            told = {"timestamp_ms": now_ms(), "movements": [movement | {"state": self.published}]}
            self._client.publish("signals/s-1/spat", json.dumps({"spat": told}))
            group = {"signal": "12", "state": self.pushed}
            told = {"timestamp_ms": now_ms(), "mode": "actuated", "lamp_groups": [group]}
            with suppress(httpx.HTTPError):
                url, bearer = f"http://127.0.0.1:{self.ports['HTTP']}/signals", {"Authorization": "Bearer hunter2"}
                httpx.post(url, json={"phases": told}, headers=bearer)

    def _detect(self) -> None:
        with socket.create_server(("127.0.0.1", self.ports["TCP"])) as server:
            server.settimeout(0.1)
            client = None
            while not self._ending.is_set():
                with suppress(OSError):
                    if client is None:
                        client = server.accept()[0]
                    client.sendall(self.row)
                    time.sleep(0.1)
            if client is not None:
                client.close()

    def end(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()
        self._client.disconnect()
        self._client.loop_stop()
        self.broker.stop()


@pytest.fixture
def junction(tmp_path):
    made = Junction(tmp_path)
    edge = EDGE
    for name, port in made.ports.items():
        edge = edge.replace(name, str(port))
    (tmp_path / "edge.yaml").write_text(edge)
    (tmp_path / "scene.yaml").write_text(SCENE.replace("OFFSET", str(now_ms() // 1000 % 3600 - 600)))  # red by now
    (tmp_path / "push-token").write_text("hunter2\n")
    yield made
    made.end()


def lukou_signals(folder, *more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "lukou", "signals", "watch", "--config", str(folder / "edge.yaml"), *more]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)


def test_what_each_signal_shows_and_each_source_says(junction, tmp_path):
    done = lukou_signals(tmp_path, "--once", "--json", "--seconds", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    signals = {signal["signal_id"]: signal for signal in told["signals"]}
    assert {name: signal["state"] for name, signal in signals.items()} == {"ped-n": "red", "veh-n": "red"}
    assert [(s["source"], s["state"]) for s in signals["veh-n"]["sources"]] == [("wire", "red"), ("feed", "red")]
    assert all(source["age_ms"] < 1000 for signal in signals.values() for source in signal["sources"])
    assert {each["input"]: each["connected"] for each in told["inputs"]} == {
        "controller": True,
        "detector": True,
        "pushed": True,
    }
    assert "hunter2" not in done.stdout + done.stderr


def test_sources_that_disagree_make_it_unknown_and_are_counted(junction, tmp_path):
    junction.published = "protected-Movement-Allowed"
    done = lukou_signals(tmp_path, "--json", "--seconds", "7")
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    vehicle = next(signal for signal in last["signals"] if signal["signal_id"] == "veh-n")
    assert (vehicle["state"], vehicle["why_unknown"]) == ("unknown", "disagree")
    assert vehicle["disagreements"] >= 1  # a busy machine may make a source stale in between
    assert vehicle["unknown_ms"]["disagree"] > 1000


def test_the_table_is_for_a_person_and_1_means_that_a_signal_is_unknown(junction, tmp_path):
    junction.pushed = "flashing_red"
    done = lukou_signals(tmp_path, "--once", "--seconds", "4")
    assert done.returncode == 1
    assert "unsure" in done.stdout
    assert "controller" in done.stdout


@pytest.mark.parametrize(
    ("story", "change", "more", "status", "says"),
    [
        ("no such camera", {}, ["--camera", "c-9"], 2, "--camera: expected one of c-1, found 'c-9'"),
        ("no token", {"token_file: push-token": "token_file: nowhere"}, [], 2, "expected a key or token file"),
        ("a lamp not drawn", {"source: plan": "source: lamp"}, [], 2, "the scene draws no lamp for it"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(junction, tmp_path, story, change, more, status, says):
    text = (tmp_path / "edge.yaml").read_text()
    for old, new in change.items():
        text = text.replace(old, new)
    (tmp_path / "edge.yaml").write_text(text)
    done = lukou_signals(tmp_path, *more)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr
