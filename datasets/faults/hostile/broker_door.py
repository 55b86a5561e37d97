"""The centre as it stands at its broker: hostile messages are published, and its tables and receipts say the rest."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import func, select

from contract import topics
from datasets.faults.hostile.attacker import Attacker, Identity, Sent
from datasets.faults.hostile.intake_door import KNOWN_EVENTS, Door
from datasets.faults.stage import Stage
from edge.keys import load_private_key
from server import devices
from server.cases.models import Event, RefusedEvent
from server.db import open_engine, sessions, unit_of_work
from server.law.law_book import read_law_book

SETTLED_S: Final = 120.0


@dataclass(slots=True)
class BrokerDoor:
    """The same questions as ``Door`` answers, asked of running processes."""

    within: Door
    client: Client
    _accepted: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def attacker(self) -> Attacker:
        """Return who attacks."""
        return self.within.attacker

    def content(self) -> dict[str, object]:
        """Return all that a message could have changed."""
        return self.within.content()

    def knock(self, sent: Sequence[Sent]) -> int:
        """Publish messages, and wait until each is refused or has its receipt; return how many were refused."""
        before, receipts = self._refused(), len(self._accepted)
        for one in sent:
            self.client.publish(one.topic, one.payload, qos=1)
        until_s = time.monotonic() + SETTLED_S
        while time.monotonic() < until_s:
            refused = self._refused() - before
            if refused + len(self._accepted) - receipts >= len(sent):
                break
            time.sleep(0.05)
        return self._refused() - before

    def close(self) -> None:
        """Leave the broker and the database."""
        self.client.disconnect()
        self.client.loop_stop()
        self.within.close()

    def heard(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        """Note a receipt that says "accepted"."""
        with self._lock:
            if b'"outcome":"accepted"' in message.payload:
                self._accepted.append(message.topic)

    def _refused(self) -> int:
        with self.within.sessions.reading() as session:
            return session.scalar(select(func.max(RefusedEvent.id))) or 0


def open_at_broker(stage: Stage, now_ms: int) -> BrokerDoor:
    """Enrol who attacks, bring the genuine events in, and stand at the broker. The caller closes the door."""
    engine = open_engine(stage.database_url)
    made = sessions(engine)
    place = stage.plan
    key = load_private_key(stage.wish.folder / "device-key.pem")
    device = Identity(place.device_id, place.site_id, place.camera_id, key)
    other, revoked = (Identity(f"box-{number}", f"s-{number}", f"c-{number}") for number in (2, 3))
    with unit_of_work(made) as session:
        for one in (other, revoked):
            devices.enrol(session, one.device_id, one.site_id, one.key.public_key(), one.device_id, now_ms)
        devices.revoke(session, revoked.device_id, "officer", "stolen", now_ms)
    stranger = Attacker(device, other, revoked, now_ms)
    known = tuple(stranger.event(number) for number in range(1, KNOWN_EVENTS + 1))
    attacker = Attacker(device, other, revoked, now_ms, known)
    client = Client(CallbackAPIVersion.VERSION2, client_id="attacker", protocol=MQTTv5)
    door = BrokerDoor(Door(made, read_law_book(), now_ms, attacker, engine), client)
    client.on_message = door.heard
    client.max_queued_messages_set(0)
    client.connect(stage.broker.host, stage.broker.port)
    client.subscribe(topics.receipt(place.site_id, place.camera_id), 1)
    client.loop_start()
    _bring(door, [Sent(attacker.topic(), attacker.sealed(event)) for event in known])
    return door


def _bring(door: BrokerDoor, genuine: Sequence[Sent]) -> None:
    until_s = time.monotonic() + SETTLED_S
    while time.monotonic() < until_s:
        door.knock(genuine)
        with door.within.sessions.reading() as session:
            if session.scalar(select(func.count()).select_from(Event)) == len(genuine):
                return
    raise AssertionError("the genuine events are taken in, else no attack proves anything")


def defects(log: Path) -> list[str]:
    """Return the lines of a log in which a program of ours says that it has broken."""
    said = log.read_text(errors="replace").splitlines() if log.is_file() else []
    return [line for line in said if "defect" in line or line.startswith("Traceback") or "Exception in ASGI" in line]
