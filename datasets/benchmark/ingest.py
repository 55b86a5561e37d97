"""`lukou bench ingest`: events a second into PostgreSQL with every seal verified, beside bare parts in the same run.

All of it is real: Mosquitto, PostgreSQL with fsync, `lukou ingest` as its own process. For a rate the messages wait at
the broker before the worker starts, so that nobody's sending is measured; for latency they come at a steady pace.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
from paho.mqtt.client import Client, MQTTMessage
from rich.console import Console

from contract import topics
from datasets.benchmark.demo import show
from datasets.benchmark.ingest_events import Event, events
from datasets.benchmark.ingest_plain import insert_plainly, subscribe_plainly
from datasets.benchmark.ingest_rig import Rig, connected, events_here, open_client, plain_url, publish
from datasets.benchmark.pipeline import Figures
from datasets.errors import PartMissingError
from datasets.mosquitto import OPEN, private_mosquitto
from datasets.postgres import cluster, programs

RATES: Final = (10, 100, 500)
"""Events a second."""
BROKER: Final = "max_queued_messages 0\nmax_queued_bytes 0\nmax_inflight_messages 0\nset_tcp_nodelay true\n"
DRAIN_S: Final = 180.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many events are drained for a rate, and for how many seconds each pace of the latency is kept."""

    count: int = 5000
    seconds: float = 10.0


def bench_ingest(wanted: Wanted, console: Console, now_ms: int, *, as_json: bool) -> None:
    """Measure and print."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lukou-ingest-")))
        console.print("PostgreSQL and Mosquitto")
        server = stack.enter_context(cluster(programs(), fsync=True))
        rig = Rig(stack.enter_context(private_mosquitto(folder, OPEN + BROKER)), server, folder, now_ms)
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
    with connected(rig, url, workers):
        pass  # their sessions stay with the broker, and gather what is published now
    publish(rig.port, made)
    with rig.workers(url, workers), psycopg.connect(plain_url(url), autocommit=True) as connection:
        first = here = 0
        begun_s = until_s = time.perf_counter() + DRAIN_S
        while here < len(made):
            here, last_s = events_here(connection), time.perf_counter()
            if first == 0 and here:
                first, begun_s = here, last_s
            if last_s > until_s:
                raise PartMissingError("lukou ingest", f"{here} of {len(made)} events came", "Look at the worker's log")
            time.sleep(0.02)
    return (len(made) - first) / (last_s - begun_s)


def _latencies(rig: Rig, made: Sequence[Event], seconds: float, console: Console) -> Figures:
    figures: Figures = {}
    for rate in RATES:
        console.print(f"{rate} events a second")
        url = rig.new_database()
        with connected(rig, url, 1):
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

    with open_client(port) as client:
        client.on_message = received
        client.subscribe(topics.every("receipt"), 1)
        begun_s = time.perf_counter()
        for number, event in enumerate(made):
            time.sleep(max(0.0, begun_s + number / rate - time.perf_counter()))
            sent[str(event.report.event_id)] = time.perf_counter()
            client.publish(event.topic, event.payload, qos=1)
        every.wait(10)
    return sorted((back[event_id] - sent[event_id]) * 1000 for event_id in back)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
