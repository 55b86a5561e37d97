"""Workers of the intake on a real Mosquitto and a real PostgreSQL: nothing lost, nothing twice, whatever stops."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import func, select

from contract import topics
from datasets.benchmark.ingest_events import boxes, events
from datasets.errors import PartMissingError
from datasets.mosquitto import private_mosquitto
from datasets.postgres import cluster, programs
from server import devices
from server.cases import chains
from server.cases.models import Case, Event, RefusedEvent
from server.db import open_engine, sessions, unit_of_work
from server.ingest.desk import Desk
from server.ingest.mqtt import Broker
from server.ingest.service import Ingest
from server.law.law_book import read_law_book
from server.metrics import Meter
from server.migrate import migrate

pytestmark = pytest.mark.process
CENTRE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NOW_MS = 1_800_000_000_000
MADE = events(240, NOW_MS)


@pytest.fixture(scope="module")
def server():
    try:
        found = programs()
    except PartMissingError as missing:
        if shutil.which("apt-get") is None:
            pytest.skip(f"NO POSTGRESQL TEST: {missing}")
        raise
    with cluster(found, fsync=True) as made:
        yield made


@pytest.fixture
def broker(tmp_path):
    with private_mosquitto(tmp_path) as port:
        yield Broker("127.0.0.1", port)


class Centre:
    """A database with the boxes enrolled, and workers on it."""

    def __init__(self, url: str, broker: Broker, folder, clock=lambda: NOW_MS):
        self.engine = open_engine(url)
        migrate(self.engine)
        self.sessions = sessions(self.engine)
        with unit_of_work(self.sessions) as session:
            for box in boxes():
                devices.enrol(session, box.device_id, box.site_id, box.key.public_key(), box.device_id, NOW_MS)
        self.meter = Meter()
        desk = Desk(self.sessions, CENTRE, False, clock, read_law_book(), self.meter)
        self.ingest = Ingest(broker, desk, folder / "names", workers=2)

    def __enter__(self):
        self.ingest.start()
        assert until(lambda: self.meter.registry.get_sample_value("lukou_broker_connected") == 2)
        time.sleep(0.3)
        return self

    def __exit__(self, *_):
        self.ingest.stop()
        self.engine.dispose()

    def counted(self) -> tuple[int, int, int, int]:
        """Return events, cases, missing and refused."""
        with self.sessions.reading() as session:
            rows = [session.scalar(select(func.count()).select_from(table)) for table in (Event, Case, RefusedEvent)]
            gaps = sum(row.missing for row in chains.deliveries(session))
        return rows[0], rows[1], gaps, rows[2]


def new_database(server) -> str:
    name = f"w_{uuid4().hex[:10]}"
    with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.url(name)


def until(holds, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


@contextmanager
def box(broker: Broker) -> Iterator[tuple[Client, set[str]]]:
    """A sender, and the ids of the events for which it has a receipt."""
    receipts: set[str] = set()
    client = Client(CallbackAPIVersion.VERSION2, client_id=f"box-{uuid4().hex[:8]}", protocol=MQTTv5)
    client.on_message = lambda _c, _u, message: receipts.add(json.loads(message.payload)["body"]["event_id"])
    client.connect(broker.host, broker.port)
    subscribed = threading.Event()
    client.on_subscribe = lambda *_: subscribed.set()
    client.loop_start()
    client.subscribe(topics.every("receipt"), 1)
    assert subscribed.wait(10)
    yield client, receipts
    client.disconnect()
    client.loop_stop()


def send(client: Client, made) -> None:
    for event in made:
        client.publish(event.topic, event.payload, qos=1)


IDS = {str(event.report.event_id) for event in MADE}


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_two_workers_take_each_event_once_in_whatever_order_and_however_often(request, tmp_path, broker, database):
    sqlite = f"sqlite:///{tmp_path / 'centre.sqlite'}"
    url = sqlite if database == "sqlite" else new_database(request.getfixturevalue("server"))
    with Centre(url, broker, tmp_path) as centre, box(broker) as (client, receipts):
        send(client, [*reversed(MADE), *MADE])
        assert until(lambda: receipts == IDS and centre.counted() == (240, 240, 0, 0)), centre.counted()
        again = until(
            lambda: centre.meter.registry.get_sample_value("lukou_messages_total", {"outcome": "again"}) == 240
        )
        assert again


def test_what_comes_while_the_database_is_killed_is_taken_when_it_is_back(tmp_path, broker, server):
    with Centre(new_database(server), broker, tmp_path) as centre, box(broker) as (client, receipts):
        send(client, MADE[:80])
        assert until(lambda: len(receipts) > 10)
        server.kill()
        send(client, MADE[80:])
        time.sleep(1.0)
        server.start()
        assert until(lambda: receipts == IDS), len(receipts)
        assert centre.counted() == (240, 240, 0, 0)


def test_a_defect_costs_one_message_its_receipt_and_no_other(tmp_path, broker):
    calls = iter(range(10_000))

    def clock() -> int:
        if next(calls) < 2:  # the batch fails, then the first of its messages alone
            raise RuntimeError("no clock")
        return NOW_MS

    url = f"sqlite:///{tmp_path / 'centre.sqlite'}"
    with Centre(url, broker, tmp_path, clock) as centre, box(broker) as (client, receipts):
        send(client, MADE[:16])
        assert until(lambda: len(receipts) >= 15)
        assert until(lambda: centre.counted()[0] >= 15)
        send(client, MADE[:16])  # as a box does that has no receipt
        assert until(lambda: len(receipts) == 16 and centre.counted() == (16, 16, 0, 0))
        assert centre.meter.registry.get_sample_value("lukou_messages_total", {"outcome": "defect"}) == 1
