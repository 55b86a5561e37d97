"""The parts that `lukou bench ingest` runs: broker, database, workers as their own processes, a sender."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

from datasets.benchmark.ingest_events import Event, boxes
from datasets.errors import PartMissingError
from datasets.postgres import Cluster
from server import devices
from server.db import open_engine, sessions, unit_of_work
from server.migrate import migrate

UP_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Rig:
    """The broker's port, the database server, and where the workers keep key and names."""

    port: int
    server: Cluster
    folder: Path
    now_ms: int

    def new_database(self) -> str:
        """Make a database with all tables and the boxes enrolled; return its URL."""
        name = f"bench_{uuid4().hex[:12]}"
        with psycopg.connect(plain_url(self.server.url()), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url = self.server.url(name)
        engine = open_engine(url)
        migrate(engine)
        with unit_of_work(sessions(engine)) as session:
            for box in boxes():
                devices.enrol(session, box.device_id, box.site_id, box.key.public_key(), box.device_id, self.now_ms)
        engine.dispose()
        return url

    @contextmanager
    def workers(self, url: str, count: int) -> Iterator[None]:
        """Run so many processes of `lukou ingest`, each with one worker, until the block ends."""
        environment = os.environ | {
            "LUKOU_DATA_DIR": str(self.folder / "centre"),
            "LUKOU_DATABASE_URL": url,
            "LUKOU_MQTT_PORT": str(self.port),
        }
        command = [sys.executable, "-m", "lukou", "ingest"]
        with (self.folder / "workers.log").open("ab") as log:
            running = [subprocess.Popen(command, env=environment, stderr=log) for _ in range(count)]
        try:
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=60)

    def connections(self) -> int:
        """Return how many workers have connected since the beginning."""
        return (self.folder / "workers.log").read_text(encoding="utf-8", errors="replace").count("broker.connected")


@contextmanager
def connected(rig: Rig, url: str, workers: int) -> Iterator[None]:
    """Run workers, and enter the block when all of them have subscribed. Raises PartMissingError."""
    log = rig.folder / "workers.log"
    before = rig.connections() if log.exists() else 0
    with rig.workers(url, workers):
        until_s = time.monotonic() + UP_S
        while rig.connections() < before + workers:
            if time.monotonic() > until_s:
                raise PartMissingError("lukou ingest", "it did not connect", log.read_text(encoding="utf-8")[-500:])
            time.sleep(0.05)
        time.sleep(0.3)  # the subscription follows on the connection
        yield


def events_here(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    """Return how many events are committed."""
    row = connection.execute("SELECT coalesce(sum(here), 0)::bigint FROM chain_counts").fetchone()
    return int(str(row[0])) if row is not None else 0


def publish(port: int, made: Sequence[Event]) -> None:
    """Publish events and wait until the broker has all of them."""
    with open_client(port) as client:
        infos = [client.publish(event.topic, event.payload, qos=1) for event in made]
        for info in infos:
            info.wait_for_publish(60)


@contextmanager
def open_client(port: int) -> Iterator[Client]:
    """Connect as somebody new, until the block ends."""
    client = Client(CallbackAPIVersion.VERSION2, client_id=f"bench-{uuid4().hex[:8]}", protocol=MQTTv5)
    client.max_inflight_messages_set(200)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def plain_url(url: str) -> str:
    """Return a URL as psycopg takes it."""
    return url.replace("+psycopg", "")
