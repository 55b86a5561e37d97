"""The hand-off switch from the officer's button to the camera, over a real broker, with the real centre's intake."""

import time
from contextlib import closing

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from contract import topics
from contract.hand_off import HandOffHeld, HandOffSwitched
from contract.seal import seal
from datasets.demo.broker import start_broker
from edge.answers import Answers
from edge.broker import BrokerAddress
from edge.hand_offs import FollowedHandOff, HandOffs
from edge.outbox import Outbox
from edge.publish import Publisher
from server import devices
from server.db import open_engine, sessions, unit_of_work
from server.hand_off import service as hand_off
from server.hand_off.service import Order
from server.ingest.desk import Desk
from server.ingest.mqtt import Broker, Teller
from server.ingest.service import Ingest
from server.law.law_book import read_law_book
from server.metrics import Meter
from server.migrate import migrate

pytestmark = pytest.mark.process
CENTRE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BOX = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NOW_MS = 1_800_000_000_000


def until(holds, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


class Rig:
    """A broker, a centre's intake, and a box's publisher; each may be stopped and started."""

    def __init__(self, folder, database_url):
        self.folder, self.broker = folder, start_broker(folder / "broker")
        self.engine = open_engine(database_url)
        migrate(self.engine)
        self.sessions = sessions(self.engine)
        with unit_of_work(self.sessions) as session:
            devices.enrol(session, "box-1", "s-1", BOX.public_key(), "t" * 43, NOW_MS)
        self.open_centre()
        self.open_box()

    def open_centre(self):
        address = Broker(self.broker.host, self.broker.port)
        desk = Desk(self.sessions, CENTRE, False, lambda: NOW_MS, read_law_book(), Meter())
        self.teller, self.ingest = Teller(address, self.sessions, CENTRE), Ingest(address, desk, self.folder / "names")
        self.teller.start()
        self.ingest.start()

    def close_centre(self):
        self.ingest.stop()
        self.teller.stop()

    def open_box(self):
        path = self.folder / "outbox.sqlite"
        self.outbox, self.hand_offs = Outbox(path), HandOffs(path)
        address = BrokerAddress(self.broker.host, self.broker.port)
        self.publisher = Publisher(
            "box-1", (("s-1", "c-1"),), address, self.outbox, CENTRE.public_key(), hand_offs=self.hand_offs
        )

        def send(held: HandOffHeld) -> bool:
            return self.publisher.answer(held, seal(held, "box-1", BOX))

        self.answers = Answers("box-1", frozenset({"s-1"}), self.hand_offs, lambda: NOW_MS, send)
        self.publisher.start()

    def close_box(self):
        self.publisher.stop()
        self.outbox.close()
        self.hand_offs.close()

    def say(self, *, is_set: bool, at_ms: int = NOW_MS) -> int:
        end_ms = at_ms + 60_000 if is_set else None
        with unit_of_work(self.sessions) as session:
            word = hand_off.switch(session, Order("s-1", end_ms, "officer", "r", at_ms))
        self.teller.tell_boxes()
        return word.sequence

    def knows(self) -> bool:
        """Whether the centre has the box's word that it holds the last one."""
        self.answers.pump()
        with self.sessions.reading() as session:
            (site,) = hand_off.sites(session, NOW_MS)
        return site.boxes == (("box-1", True),)

    def close(self):
        self.close_box()
        self.close_centre()
        self.engine.dispose()
        self.broker.stop()


@pytest.fixture
def rig(tmp_path, database_url):
    with closing(Rig(tmp_path, database_url)) as made:
        assert until(lambda: made.ingest.connected() and made.teller.connected() and made.publisher.connected())
        yield made


def test_the_button_reaches_the_camera_the_box_says_so_and_a_box_that_was_away_hears_it(rig):
    first = rig.say(is_set=True)
    assert until(rig.knows)
    followed = FollowedHandOff(rig.folder / "outbox.sqlite", "s-1", NOW_MS - 1000)
    followed.look()
    assert followed.hand_off.during(1000, 1000)
    rig.close_box()
    second = rig.say(is_set=False, at_ms=NOW_MS + 10)
    assert second > first
    rig.open_box()  # it still holds the first word, and gets the retained second one
    assert [word.sequence for word in rig.hand_offs.words("s-1")][:1] == [first]
    assert until(rig.knows)
    assert [word.is_set for word in rig.hand_offs.words("s-1")] == [True, False]


def test_what_was_said_while_the_centre_had_no_broker_is_told_when_it_has(rig):
    rig.close_centre()
    number = rig.say(is_set=True)
    assert rig.hand_offs.words("s-1") == ()
    rig.open_centre()
    assert until(rig.knows)
    assert [word.sequence for word in rig.hand_offs.words("s-1")] == [number]


def test_only_the_centres_own_newer_word_on_the_sites_own_topic_is_taken(rig):
    number = rig.say(is_set=True)
    assert until(rig.knows)

    def word(sequence: int, site_id: str = "s-1") -> HandOffSwitched:
        return HandOffSwitched(site_id=site_id, sequence=sequence, is_set=False, at_ms=NOW_MS, until_ms=None)

    other = Client(CallbackAPIVersion.VERSION2, client_id="other", protocol=MQTTv5)
    other.connect(rig.broker.host, rig.broker.port)
    other.loop_start()
    false_words = [
        b"hello",
        seal(word(number + 1), "centre", BOX),
        seal(word(number + 1), "box-1", BOX),
        seal(word(number), "centre", CENTRE),
        seal(word(number + 1, "s-2"), "centre", CENTRE),
    ]
    for payload in false_words:
        other.publish(topics.hand_off_set("s-1"), payload, qos=1).wait_for_publish(5)
    other.publish(topics.hand_off_set("s-1"), seal(word(number + 2), "centre", CENTRE), qos=1).wait_for_publish(5)
    assert until(lambda: len(rig.hand_offs.words("s-1")) == 2)  # the last one is genuine: all before have been seen
    other.disconnect()
    other.loop_stop()
    assert [kept.sequence for kept in rig.hand_offs.words("s-1")] == [number, number + 2]
    assert rig.hand_offs.words("s-2") == ()
