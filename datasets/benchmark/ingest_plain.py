"""What the intake is measured beside: a subscriber that does nothing, and INSERTs that nobody checks.

`python -m datasets.benchmark.ingest_plain PORT COUNT` takes so many messages from a session that the broker has kept,
acknowledges each by hand, and prints the seconds from the first to the last.
"""

import sys
import threading
import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import psycopg
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from contract import topics
from contract.evidence import MANIFEST
from contract.identity import chain_of
from datasets.benchmark.ingest_events import Box, Event

CLIENT_ID: Final = "bench-plain"
FILTER: Final = f"$share/plain/{topics.every('violation')}"
BATCH: Final = 200
"""As many events a transaction as the intake takes (server.ingest.worker)."""
Row = tuple[object, ...]


def plain_client() -> Client:
    """Return a client whose acknowledgements are by hand."""
    return Client(CallbackAPIVersion.VERSION2, client_id=CLIENT_ID, protocol=MQTTv5, manual_ack=True)


def session_kept(unacknowledged_max: int = 400) -> Properties:
    """Return what asks the broker to keep the session, with the intake's own bounds."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho has no type here
    properties.SessionExpiryInterval, properties.ReceiveMaximum = 300, unacknowledged_max
    return properties


def subscribe_plainly(port: int) -> None:
    """Leave a subscription with the broker, so that what is published next waits for whoever takes it up."""
    client, done = plain_client(), threading.Event()

    def connected(*_: object) -> None:
        client.subscribe(FILTER, 1)

    client.on_subscribe, client.on_connect = lambda *_: done.set(), connected
    client.connect("127.0.0.1", port, clean_start=False, properties=session_kept())
    client.loop_start()
    done.wait(10)
    client.disconnect()
    client.loop_stop()


def take_plainly(port: int, count: int) -> float:
    """Take messages that wait, acknowledge each; return the seconds from the first to the last."""
    times: list[float] = []
    done = threading.Event()
    client = plain_client()

    def received(client: Client, _userdata: object, message: MQTTMessage) -> None:
        client.ack(message.mid, message.qos)
        times.append(time.perf_counter())
        if len(times) == count:
            done.set()

    def connected(*_: object) -> None:
        client.subscribe(FILTER, 1)

    client.on_message, client.on_connect = received, connected
    client.connect("127.0.0.1", port, clean_start=False, properties=session_kept())
    client.loop_start()
    done.wait(120)
    client.disconnect()
    client.loop_stop()
    return times[-1] - times[0] if len(times) == count else float("nan")


EVENT: Final = (
    "event_id, device_id, chain, sequence, manifest_sha256, previous_manifest_sha256, clock_status, body, body_sha256, "
    "seen_at_ms, received_at_ms, demonstration"
)
FILE: Final = "event_id, name, sha256, size_bytes, media_type"
CASE: Final = "event_id, state, version, site_id, site_name, kind, entered_at_ms, created_at_ms, demonstration"


def insert_plainly(url: str, events: Sequence[Event], now_ms: int) -> float:
    """Insert the rows that the intake makes of these events, unchecked; return the seconds.

    One multi-row INSERT a table and batch, committed a batch: what one writes who thinks of speed and of nothing else.
    """
    batches = [_rows(events[first : first + BATCH], now_ms) for first in range(0, len(events), BATCH)]
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        begun_s = time.perf_counter()
        for tables in batches:
            with connection.cursor() as cursor:
                for table, columns, rows in tables:
                    marks = ", ".join(["%s"] * len(rows[0]))
                    values = ", ".join([f"({marks})"] * len(rows))
                    cells = [cell for row in rows for cell in row]
                    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {values}".encode(), cells)  # noqa: S608
            connection.commit()
        return time.perf_counter() - begun_s


def _rows(events: Sequence[Event], now_ms: int) -> tuple[tuple[str, str, list[Row]], ...]:
    return (
        ("events", EVENT, [_event(event, now_ms) for event in events]),
        (
            "event_files",
            FILE,
            [
                (str(event.report.event_id), file.name, file.sha256, file.size_bytes, file.media_type)
                for event in events
                for file in event.report.evidence
            ],
        ),
        ("cases", CASE, [_case(event, now_ms) for event in events]),
    )


def _event(event: Event, now_ms: int) -> Row:
    report = event.report
    body = event.payload.decode("utf-8")
    manifest = next(file.sha256 for file in report.evidence if file.name == MANIFEST)
    chain = chain_of(Box(int(report.device_id.rsplit("-", 1)[1])).key.public_key())
    numbers = report.device_id, chain, report.sequence, manifest, report.previous_manifest_sha256, "valid"
    digest = sha256(event.payload).hexdigest()
    return (str(report.event_id), *numbers, body, digest, report.seen_at_ms, now_ms, False)


def _case(event: Event, now_ms: int) -> Row:
    report = event.report
    place = report.site_id, report.site_name, report.kind.value, report.entered_at_ms
    return (str(report.event_id), "received", 1, *place, now_ms, False)


if __name__ == "__main__":
    print(take_plainly(int(sys.argv[1]), int(sys.argv[2])))
