"""What the box does with what it must deliver: real broker, a centre's answers made by a real key."""

import json
import time
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from contract import topics
from contract.messages import Receipt
from contract.seal import seal
from contract.words import ReceiptOutcome
from datasets.demo.broker import start_broker
from edge import keys
from edge.broker import BrokerAddress
from edge.config import load_config
from edge.errors import InputProblemError
from edge.outbox import Outbox
from edge.outbox_values import Sealed
from edge.publish import Publisher

CENTRE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FORGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
EVENT = UUID(int=5)


def until(holds, seconds: float = 8.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def outbox(tmp_path):
    box = Outbox(tmp_path / "outbox.sqlite")
    yield box
    box.close()


@pytest.mark.process
def test_an_event_is_sent_again_until_the_centres_own_receipt_comes(tmp_path, outbox):
    broker = start_broker(tmp_path / "broker")
    address = BrokerAddress(broker.host, broker.port)
    publisher = Publisher("box-1", (("s-1", "c-1"),), address, outbox, CENTRE.public_key(), retry_s=0.2)
    came: list[bytes] = []
    centre = Client(CallbackAPIVersion.VERSION2, client_id="centre", protocol=MQTTv5)
    centre.on_connect = lambda c, *_: c.subscribe(topics.every("violation"), 1)
    centre.on_message = lambda _c, _u, message: came.append(bytes(message.payload))
    centre.connect(broker.host, broker.port)
    centre.loop_start()
    outbox.put_event(str(EVENT), topics.violation("s-1", "c-1"), "key", lambda link: Sealed(b"event 1", "0" * 64, ()))
    outbox.put_counts(topics.passages("s-1", "c-1"), "key", lambda number: b"counts %d" % number)
    publisher.start()
    try:
        assert until(lambda: publisher.pump() >= 0 and len(came) >= 3)
        assert set(came) == {b"event 1"}
        assert until(lambda: publisher.pump() >= 0 and outbox.counts().waiting == 1)  # the counts left on PUBACK
        receipt = Receipt(event_id=EVENT, device_id="box-1", outcome=ReceiptOutcome.ACCEPTED, committed_at_ms=1)
        reply_on = topics.receipt("s-1", "c-1")
        for payload in (b"hello", seal(receipt, "centre", FORGER), seal(receipt, "box-1", CENTRE)):
            centre.publish(reply_on, payload, qos=1).wait_for_publish(5)
        time.sleep(0.3)
        assert outbox.counts().waiting == 1
        centre.publish(reply_on, seal(receipt, "centre", CENTRE), qos=1)
        assert until(lambda: outbox.counts().delivered == 2)
    finally:
        publisher.stop()
        centre.disconnect()
        centre.loop_stop()
        broker.stop()


GOOD = {
    "device": {"id": "box-1", "key_file": "k.pem", "token_file": "t"},
    "centre": {"url": "http://x", "public_key_file": "c.pem"},
    "data": "d",
    "cameras": [{"scene": "s.yaml", "source": "v.avi"}],
}


def test_a_configurations_paths_are_taken_from_its_own_folder(tmp_path):
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(GOOD))
    config = load_config(tmp_path / "edge.yaml")
    assert config.cameras[0].scene == tmp_path / "s.yaml"
    assert config.device.key_file == tmp_path / "k.pem"


def test_every_problem_of_a_configuration_is_told(tmp_path):
    bad = json.loads(json.dumps(GOOD)) | {"on_end": "explode", "extra": 1}
    bad["device"]["id"] = "Box 1"
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(bad))
    with pytest.raises(InputProblemError) as caught:
        load_config(tmp_path / "edge.yaml")
    assert {line.split(": ")[1] for line in caught.value.problems} == {"device.id", "on_end", "extra"}


LIVE = {"scene": "s.yaml", "source": "rtsp://10.0.0.5/main"}


@pytest.mark.parametrize(
    ("story", "camera", "says"),
    [
        ("a password in the address", {"source": "rtsp://me:hunter2@10.0.0.5/main"}, "password_file"),
        ("a name without its password", {"username": "me"}, "go together"),
        ("no host", {"source": "rtsp:///main"}, "a host"),
        ("no port", {"source": "rtsp://10.0.0.5:live/main"}, "expected an address"),
        ("a beginning of what has none", {"start": "2026-01-01T00:00:00Z"}, "start: is for a file"),
        ("a name for a file", {"source": "v.avi", "username": "me", "password_file": "p"}, "username: is for a stream"),
    ],
)
def test_what_is_wrong_with_a_live_camera_is_told_without_its_password(tmp_path, story, camera, says):
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(GOOD | {"cameras": [LIVE | camera]}))
    with pytest.raises(InputProblemError, match=says) as caught:
        load_config(tmp_path / "edge.yaml")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("shadow", "says"),
    [
        ({}, "needs scene or rules"),
        ({"rules": {"pedestrian_red_light": {"advance_m": 0.0}}}, "rules.pedestrian_red_light.advance_m: 0.0, needs"),
        ({"rules": {"dog_red_light": {}}}, "rules.dog_red_light: no such rule"),
        ({"scene": "b.yaml", "keep_days": 0}, "keep_days"),
    ],
)
def test_what_is_wrong_with_a_shadow_is_told(tmp_path, shadow, says):
    camera = GOOD["cameras"][0] | {"shadow": shadow}
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(GOOD | {"cameras": [camera]}))
    with pytest.raises(InputProblemError) as caught:
        load_config(tmp_path / "edge.yaml")
    assert says in str(caught.value)


def test_a_shadows_scene_stands_beside_the_configuration(tmp_path):
    camera = GOOD["cameras"][0] | {"shadow": {"scene": "b.yaml"}}
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(GOOD | {"cameras": [camera]}))
    shadow = load_config(tmp_path / "edge.yaml").cameras[0].shadow
    assert shadow is not None
    assert (shadow.scene, shadow.rules, shadow.keep_days) == (tmp_path / "b.yaml", None, 30)


def test_a_live_cameras_password_stands_in_a_file_beside_the_configuration(tmp_path):
    camera = LIVE | {"username": "me", "password_file": "p"}
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(GOOD | {"cameras": [camera]}))
    (read,) = load_config(tmp_path / "edge.yaml").cameras
    assert (read.source, read.password_file) == ("rtsp://10.0.0.5/main", tmp_path / "p")


def test_a_key_is_made_for_its_owner_alone_and_never_overwritten(tmp_path):
    made = keys.make_private_key(tmp_path / "k.pem")
    assert (tmp_path / "k.pem").stat().st_mode & 0o777 == 0o600
    assert keys.load_private_key(tmp_path / "k.pem").public_key() == made.public_key()
    with pytest.raises(FileExistsError):
        keys.make_private_key(tmp_path / "k.pem")
    (tmp_path / "bad.pem").write_text("nothing")
    for load in (keys.load_private_key, keys.load_public_key):
        with pytest.raises(InputProblemError, match=r"bad\.pem"):
            load(tmp_path / "bad.pem")
    with pytest.raises(InputProblemError, match="found none"):
        keys.read_secret(Path("/nowhere/token"))
