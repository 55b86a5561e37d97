import threading
import time

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from datasets.demo.broker import start_broker
from datasets.errors import PartMissingError

pytestmark = pytest.mark.process


@pytest.fixture
def broker(tmp_path):
    running = start_broker(tmp_path)
    yield running
    running.stop()


def client(broker, name: str) -> Client:
    made = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5)
    connected = threading.Event()
    made.on_connect = lambda *_: connected.set()
    made.connect(broker.host, broker.port)
    made.loop_start()
    assert connected.wait(5)
    return made


def test_a_large_message_goes_through_with_qos_1(broker):
    came, ready = threading.Event(), threading.Event()
    listener = client(broker, "listener")
    listener.on_message = lambda _c, _u, message: came.set() if len(message.payload) == 60_000 else None
    listener.on_subscribe = lambda *_: ready.set()
    listener.subscribe("lukou/v1/+/+/violation", 1)
    assert ready.wait(5)
    speaker = client(broker, "speaker")
    speaker.publish("lukou/v1/a/b/violation", b"x" * 60_000, qos=1).wait_for_publish(5)
    assert came.wait(5)
    for each in (listener, speaker):
        each.disconnect()
        each.loop_stop()


def test_it_is_seen_to_live_and_to_die(broker):
    assert broker.is_alive()
    broker.stop()
    assert not broker.is_alive()


def test_a_broker_that_stops_answering_is_started_again(broker):
    told = threading.Event()
    broker.watch(0.2, lambda _text: told.set())
    broker.kill()
    assert told.wait(10)
    until_s = time.monotonic() + 15
    while not broker.is_alive() and time.monotonic() < until_s:
        time.sleep(0.1)
    assert broker.is_alive()


def test_a_port_that_is_taken_is_said(broker, tmp_path):
    with pytest.raises(PartMissingError, match="MQTT broker"):
        start_broker(tmp_path / "second", port=broker.port)
