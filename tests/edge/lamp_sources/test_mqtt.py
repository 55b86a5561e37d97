"""A controller that publishes, two real brokers, and our subscription in between."""

import json
import threading
import time

import pytest
from mosquitto import mosquitto
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from contract.words import LampState
from datasets.demo.broker import start_broker
from edge.broker import BrokerAddress
from edge.lamp_sources.inbox import Inbox
from edge.lamp_sources.mqtt import MqttFeed, Subscription
from edge.signals.feed import FedSignal, FeedReader, Refused

pytestmark = pytest.mark.process
TOPIC = "signals/yq-003/spat"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture(params=["iotcore", "mosquitto"])
def address(request, tmp_path):
    if request.param == "mosquitto":
        with mosquitto(tmp_path, "box", "hunter2") as port:
            yield BrokerAddress("127.0.0.1", port, "box", "hunter2")
    else:
        broker = start_broker(tmp_path)
        yield BrokerAddress(broker.host, broker.port)
        broker.stop()


class Controller:
    """Publishes what it is told to."""

    def __init__(self, address) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="controller", protocol=MQTTv5)
        if address.username:
            self._client.username_pw_set(address.username, address.password)
        connected = threading.Event()
        self._client.on_connect = lambda *_: connected.set()
        self._client.connect(address.host, address.port)
        self._client.loop_start()
        assert connected.wait(5)

    def say(self, payload: bytes) -> None:
        self._client.publish(TOPIC, payload, qos=1).wait_for_publish(5)

    def shows(self, state: str) -> None:
        movement = {"signal": "12", "state": state}
        self.say(json.dumps({"spat": {"timestamp_ms": now_ms(), "movements": [movement]}}).encode())

    def leave(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def test_a_controllers_words_come_in_and_what_is_none_is_counted(address):
    inbox = Inbox()
    reader = FeedReader({"12": (FedSignal("p", "pedestrian"),)}, now_ms())
    feed = MqttFeed(Subscription(address, TOPIC, "box-1-c-1-controller"), reader, inbox, now_ms)
    feed.start()
    controller = Controller(address)
    read = []
    until_s = time.monotonic() + 10
    while not read and time.monotonic() < until_s:  # until the subscription stands
        controller.shows("stop-And-Remain")
        time.sleep(0.1)
        read += inbox.take()
    for payload in (b"", b"\xff" * 1000, b'{"spat": 1}'):
        controller.say(payload)
    controller.shows("protected-Movement-Allowed")
    while LampState.GREEN not in {reading.state for reading in read} and time.monotonic() < until_s:
        time.sleep(0.05)
        read += inbox.take()
    state = feed.state()
    controller.leave()
    feed.stop()
    assert {(reading.signal_id, reading.state) for reading in read} == {("p", LampState.RED), ("p", LampState.GREEN)}
    assert state.connected
    assert state.refused == {Refused.MALFORMED: 3}
    assert all(0 <= now_ms() - reader.start_ms - reading.heard_ms < 5000 for reading in read)
    assert not feed.state().connected
