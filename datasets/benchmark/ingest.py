"""`lukou bench ingest`: events a second into PostgreSQL with every seal verified, beside bare parts in the same run.

All of it is real: Mosquitto, PostgreSQL with fsync, `lukou ingest` as its own process. For a rate the messages wait at
the broker before the worker starts, so that nobody's sending is measured; for latency they come at a steady pace.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

import psycopg
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from rich.console import Console

from contract import topics
from datasets.benchmark.demo import show
from datasets.benchmark.ingest_events import Event, boxes, events
from datasets.benchmark.ingest_plain import insert_plainly, subscribe_plainly
from datasets.benchmark.pipeline import Figures
from datasets.errors import PartMissingError
from datasets.mosquitto import private_mosquitto
from datasets.postgres import Cluster, cluster, programs
from server import devices
from server.db import open_engine, sessions, unit_of_work
from server.migrate import migrate

RATES: Final = (10, 100, 500)
"""Events a second."""
BROKER: Final = "max_queued_messages 0\nmax_queued_bytes 0\nmax_inflight_messages 0\n"
UP_S: Final = 30.0
DRAIN_S: Final = 180.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many events are drained for a rate, and for how many seconds each pace of the latency is kept."""

    count: int = 5000
    seconds: float = 10.0


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
        with psycopg.connect(_plain(self.server.url()), autocommit=True) as connection:
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


def bench_ingest(wanted: Wanted, console: Console, now_ms: int, *, as_json: bool) -> None:
    """Measure and print."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lukou-ingest-")))
        console.print("PostgreSQL and Mosquitto")
        server = stack.enter_context(cluster(programs(), fsync=True))
        rig = Rig(stack.enter_context(private_mosquitto(folder, BROKER)), server, folder, now_ms)
        console.print("sealing events")
        made = events(max(wanted.count, round(max(RATES) * wanted.seconds)), now_ms)
        figures = _bare(rig, made[: wanted.count], console)
        figures |= _workers(rig, made[: wanted.count], 1, figures, console)
        figures |= _latencies(rig, made, wanted.seconds, console)  # before a second worker's session has a share
        figures |= _workers(rig, made[: wanted.count], 2, figures, console)
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        show(figures, console)


def _bare(rig: Rig, made: Sequence[Event], console: Console) -> Figures:
    console.print(f"{len(made)} events: the bare subscriber")
    subscriber = len(made) / _bare_subscriber(rig, made)
    console.print("bare INSERTs")
    inserts = len(made) / insert_plainly(rig.new_database(), made, rig.now_ms)
    return {
        "events": len(made),
        "payload_bytes": len(made[0].payload),
        "bare_subscriber_per_s": round(subscriber, 1),
        "bare_inserts_per_s": round(inserts, 1),
        "slower_of_the_two_per_s": round(min(subscriber, inserts), 1),
    }


def _workers(rig: Rig, made: Sequence[Event], count: int, bare: Figures, console: Console) -> Figures:
    console.print(f"workers: {count}")
    rate = _drain(rig, made, count)
    slower = float(bare["slower_of_the_two_per_s"] or 1)
    return {f"workers_{count}_per_s": round(rate, 1), f"workers_{count}_share_of_the_slower": round(rate / slower, 3)}


def _bare_subscriber(rig: Rig, made: Sequence[Event]) -> float:
    subscribe_plainly(rig.port)
    publish(rig.port, made)
    words = [sys.executable, "-m", "datasets.benchmark.ingest_plain", str(rig.port), str(len(made))]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _drain(rig: Rig, made: Sequence[Event], workers: int) -> float:
    """Return how many events a second so many workers commit of what waits for them."""
    url = rig.new_database()
    with _connected(rig, url, workers):
        pass  # their sessions stay with the broker, and gather what is published now
    publish(rig.port, made)
    with rig.workers(url, workers), psycopg.connect(_plain(url), autocommit=True) as connection:
        first = here = 0
        begun_s = until_s = time.perf_counter() + DRAIN_S
        while here < len(made):
            here, last_s = _here(connection), time.perf_counter()
            if first == 0 and here:
                first, begun_s = here, last_s
            if last_s > until_s:
                raise PartMissingError("lukou ingest", f"{here} of {len(made)} events came", "Look at the worker's log")
            time.sleep(0.02)
    return (len(made) - first) / (last_s - begun_s)


@contextmanager
def _connected(rig: Rig, url: str, workers: int) -> Iterator[None]:
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


def _here(connection: "psycopg.Connection[tuple[object, ...]]") -> int:
    row = connection.execute("SELECT coalesce(sum(here), 0)::bigint FROM chain_counts").fetchone()
    return int(str(row[0])) if row is not None else 0


def _latencies(rig: Rig, made: Sequence[Event], seconds: float, console: Console) -> Figures:
    figures: Figures = {}
    for rate in RATES:
        console.print(f"{rate} events a second")
        url = rig.new_database()
        with _connected(rig, url, 1):
            taken = receipts_ms(rig.port, made[: round(rate * seconds)], rate)
        figures |= {
            f"receipt_p50_ms_at_{rate}": round(_quantile(taken, 0.50), 1),
            f"receipt_p99_ms_at_{rate}": round(_quantile(taken, 0.99), 1),
            f"receipts_missing_at_{rate}": round(rate * seconds) - len(taken),
        }
    return figures


def receipts_ms(port: int, made: Sequence[Event], rate: float) -> list[float]:
    """Publish events at a steady pace; return the ms from each publish to its receipt, sorted."""
    sent: dict[str, float] = {}
    back: dict[str, float] = {}
    every = threading.Event()

    def received(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        event_id = json.loads(message.payload)["body"]["event_id"]
        back.setdefault(event_id, time.perf_counter())
        if len(back) == len(made):
            every.set()

    with _client(port) as client:
        client.on_message = received
        client.subscribe(topics.every("receipt"), 1)
        begun_s = time.perf_counter()
        for number, event in enumerate(made):
            time.sleep(max(0.0, begun_s + number / rate - time.perf_counter()))
            sent[str(event.report.event_id)] = time.perf_counter()
            client.publish(event.topic, event.payload, qos=1)
        every.wait(10)
    return sorted((back[event_id] - sent[event_id]) * 1000 for event_id in back)


def publish(port: int, made: Sequence[Event]) -> None:
    """Publish events and wait until the broker has all of them."""
    with _client(port) as client:
        infos = [client.publish(event.topic, event.payload, qos=1) for event in made]
        for info in infos:
            info.wait_for_publish(60)


@contextmanager
def _client(port: int) -> Iterator[Client]:
    client = Client(CallbackAPIVersion.VERSION2, client_id=f"bench-{uuid4().hex[:8]}", protocol=MQTTv5)
    client.max_inflight_messages_set(200)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")
