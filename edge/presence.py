"""The box's status: online at every connection, offline at its end, and a last will for an end that it cannot tell.

MQTT takes a will at CONNECT, so ``offline`` is sealed before each connection, with that connection's number. Numbers go
by the clock and never back, also where the clock does or the box was restarted: an old word is never the newest.
"""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from contract import topics
from contract.box import StatusTold
from contract.words import BoxStatus

log = structlog.get_logger()

SCHEMA: Final = "CREATE TABLE IF NOT EXISTS connections (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER)"


class Connections:
    """Numbers the connections of one box, in the outbox's database. The caller closes it."""

    def __init__(self, path: Path, now_ms: Callable[[], int]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._now_ms = now_ms
        self._last = 0
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    def next(self) -> int:
        """Return a number above every one before; on a full disk above every one since the box began."""
        with self._lock:
            try:
                (self._last,) = self._database.execute(
                    "INSERT INTO connections VALUES (1, ?) ON CONFLICT DO UPDATE SET number = max(number + 1, ?) "
                    "RETURNING number",
                    (wanted := max(self._last + 1, self._now_ms()), wanted),
                ).fetchone()
            except sqlite3.OperationalError as error:
                log.error("connection.not_kept", why=str(error))
                self._last = max(self._last + 1, self._now_ms())
            return self._last


@dataclass(slots=True)
class Presence:
    """Says whether one box is online. ``seal`` gives a message's wire form."""

    device_id: str
    site_id: str
    cameras: tuple[str, ...]
    connections: Connections
    now_ms: Callable[[], int]
    seal: Callable[[StatusTold], bytes]
    _connection: int = field(default=1, init=False)

    @property
    def topic(self) -> str:
        """Return the topic, retained."""
        return topics.status(self.site_id, self.device_id)

    def will(self) -> bytes:
        """Begin a connection: return what the broker is to say when it breaks."""
        self._connection = self.connections.next()
        return self._told(BoxStatus.OFFLINE, None)

    def online(self) -> bytes:
        """Return the word of a connection that stands."""
        return self._told(BoxStatus.ONLINE, self.now_ms())

    def offline(self) -> bytes:
        """Return the word of a box that leaves by itself."""
        return self._told(BoxStatus.OFFLINE, self.now_ms())

    def _told(self, state: BoxStatus, since_ms: int | None) -> bytes:
        return self.seal(
            StatusTold(
                device_id=self.device_id,
                site_id=self.site_id,
                connection=self._connection,
                state=state,
                since_ms=since_ms,
                cameras=self.cameras,
            )
        )
