"""A box whose crossing's light is told by the controller: its events say so, and what was not known is counted."""

import json
import subprocess
import sys
import threading
import time

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from contract import topics
from contract.messages import Heartbeat, ViolationReported
from contract.seal import unseal
from contract.words import LampSource, LampState
from datasets.demo.broker import start_broker
from datasets.demo.run import SCENE
from edge import keys

pytestmark = [pytest.mark.process, pytest.mark.weights]
TOPIC = "signals/yq-demo/phases"


class Crossing:
    """The controller, which says red ten times a second until it falls silent; and a centre that listens."""

    def __init__(self, broker, key) -> None:
        self.silent = threading.Event()
        self.events: list[ViolationReported] = []
        self.beats: list[Heartbeat] = []
        self._public_key = key.public_key()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="crossing", protocol=MQTTv5)
        heard = [(topics.every("violation"), 1), (topics.every("heartbeat"), 0)]
        self._client.on_connect = lambda client, *_: client.subscribe(heard)
        self._client.on_message = lambda _c, _u, message: self._hear(message)
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()
        self._speaking = threading.Thread(target=self._speak)
        self._speaking.start()

    def _speak(self) -> None:
        group = {"signal": "ped-n", "state": "red"}
        while not self.silent.wait(0.1):
            told = {"timestamp_ms": time.time_ns() // 1_000_000, "mode": "fixed_time", "lamp_groups": [group]}
            self._client.publish(TOPIC, json.dumps({"phases": told}))

    def _hear(self, message) -> None:
        if message.topic.endswith("heartbeat"):
            self.beats.append(unseal(bytes(message.payload), Heartbeat, lambda _id: self._public_key).message)
        else:
            told = unseal(bytes(message.payload), ViolationReported, lambda _id: self._public_key).message
            self.events = [*(e for e in self.events if e.event_id != told.event_id), told]

    def wait(self, enough, within_s: float) -> bool:
        until_s = time.monotonic() + within_s
        while not enough() and time.monotonic() < until_s:
            time.sleep(0.1)
        return enough()

    def leave(self) -> None:
        self.silent.set()
        self._speaking.join()
        self._client.disconnect()
        self._client.loop_stop()


def edge_yaml(broker, source) -> str:
    centre = {"url": "http://127.0.0.1:9", "public_key_file": "centre.pem"}
    camera = {"scene": str(SCENE), "source": str(source), "threads": 1}
    return yaml.safe_dump(
        {
            "device": {"id": "box-1", "key_file": "key.pem", "token_file": "token"},
            "centre": centre | {"broker": {"host": broker.host, "port": broker.port}},
            "data": "data",
            "inputs": {"controller": {"mqtt": {"topic": TOPIC}}},
            "cameras": [camera | {"signals": {"ped-n": [{"source": "feed", "input": "controller"}]}}],
        }
    )


def test_an_event_says_what_the_controller_said_and_a_silence_accuses_nobody(footage_path, default_model, tmp_path):
    key = keys.make_private_key(tmp_path / "key.pem")
    centre_key = Ed25519PrivateKey.generate().public_key()
    (tmp_path / "centre.pem").write_bytes(centre_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "token").write_text("t" * 43)
    broker = start_broker(tmp_path / "broker")
    (tmp_path / "edge.yaml").write_text(edge_yaml(broker, footage_path))
    crossing = Crossing(broker, key)
    with (tmp_path / "box.log").open("wb") as log:
        words = [sys.executable, "-m", "lukou", "edge", "--config", str(tmp_path / "edge.yaml")]
        process = subprocess.Popen(words, stderr=log)
    try:
        assert crossing.wait(lambda: len(crossing.events) >= 2, 60), (tmp_path / "box.log").read_text()
        crossing.silent.set()
        silent_ms = time.time_ns() // 1_000_000
        assert crossing.wait(lambda: any(beat.signals and beat.signals[0].stale_s >= 3 for beat in crossing.beats), 40)
    finally:
        process.terminate()
        process.wait(timeout=60)
        crossing.leave()
        broker.stop()
    for event in crossing.events:
        (said,) = event.lamp.sources
        assert (said.source, said.state) == (LampSource.FEED, LampState.RED)
        assert said.age_ms <= 1000
        assert event.lamp.since_ms >= said.since_ms - 1000
        assert event.entered_at_ms < silent_ms + 1000
    assert crossing.beats[-1].signals[0].known_s > 0
