"""The outbox: what the box must deliver, on disk until the centre says that it has it.

A violation leaves only on the centre's signed receipt (a broker's PUBACK only says that the broker had it). Its
files leave when the centre has taken them by their hash. Passage counts leave on PUBACK. SQLite in WAL mode with
synchronous FULL: what was put in survives a power cut (sqlite.org/pragma.html#pragma_synchronous).
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from contract.messages import EvidenceFile
from contract.words import ReceiptOutcome

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
  sequence INTEGER PRIMARY KEY,
  event_id TEXT UNIQUE,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'refused')),
  reason TEXT
);
CREATE TABLE IF NOT EXISTS files (
  event_id TEXT NOT NULL REFERENCES messages (event_id),
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  uploaded INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (event_id, name)
);
CREATE TABLE IF NOT EXISTS cameras (camera_id TEXT PRIMARY KEY, progress TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS waiting_messages ON messages (sequence) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS waiting_files ON files (event_id) WHERE uploaded = 0;
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How a camera's process is: frames seen and dropped, whether it can be believed, and when this was said."""

    frames: int
    frames_per_second: float
    dropped: int = 0
    reconnections: int = 0
    state: str = "ok"
    state_since_ms: int = 0
    noted_at_ms: int = 0
    signals: list[dict[str, str | int]] = field(default_factory=list)
    """``contract.messages.SignalHealth`` of each signal, as JSON holds it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sealed message that has not been delivered. ``event_id`` is None for passage counts."""

    sequence: int
    event_id: str | None
    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """An evidence file that the centre does not have yet, of an event that it has accepted."""

    event_id: str
    name: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in the outbox."""

    delivered: int
    waiting: int
    refused: int
    files_waiting: int


class Outbox:
    """One device's outbox; several threads and processes of the box may use it at once."""

    def __init__(self, path: Path) -> None:
        """Open or create it. The caller closes it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute("PRAGMA foreign_keys = ON")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    def put(
        self,
        event_id: str | None,
        topic: str,
        sealed: Callable[[int], bytes],
        files: Sequence[tuple[EvidenceFile, Path]] = (),
    ) -> bool:
        """Store a message and its files in one transaction.

        Args:
            event_id: the violation's id, None for passage counts.
            topic: where it will be published.
            sealed: makes the wire form for the running number that the message gets.
            files: what belongs to it, and where each lies.

        Returns:
            False if this event is in the outbox already (judged again): nothing is changed then.
        """
        with self._lock, self._transaction() as database:
            if event_id is not None and self._knows(event_id):
                return False
            sequence = database.execute("SELECT coalesce(max(sequence), 0) + 1 FROM messages").fetchone()[0]
            database.execute(
                "INSERT INTO messages VALUES (?, ?, ?, ?, 'waiting', NULL)",
                (sequence, event_id, topic, sealed(sequence)),
            )
            database.executemany(
                "INSERT INTO files (event_id, name, path, sha256) VALUES (?, ?, ?, ?)",
                [(event_id, file.name, str(path), file.sha256) for file, path in files],
            )
            return True

    def waiting(self, after: int = 0, limit: int = 100) -> tuple[Waiting, ...]:
        """Return undelivered messages in the order of their numbers, beginning behind ``after``."""
        rows = self._read(
            "SELECT sequence, event_id, topic, payload FROM messages WHERE state = 'waiting' AND sequence > ? "
            "ORDER BY sequence LIMIT ?",
            (after, limit),
        )
        return tuple(Waiting(*row) for row in rows)

    def settle(self, event_id: str, outcome: ReceiptOutcome, reason: str | None) -> bool:
        """Take the centre's receipt into account. Return False if no such event was waiting."""
        state = "delivered" if outcome is ReceiptOutcome.ACCEPTED else "refused"
        with self._lock, self._transaction() as database:
            done = database.execute(
                "UPDATE messages SET state = ?, reason = ? WHERE event_id = ? AND state = 'waiting'",
                (state, reason, event_id),
            )
            return done.rowcount == 1

    def settle_counts(self, sequence: int) -> None:
        """Passage counts have reached the broker."""
        with self._lock, self._transaction() as database:
            database.execute(
                "UPDATE messages SET state = 'delivered' WHERE sequence = ? AND event_id IS NULL", (sequence,)
            )

    def waiting_files(self, limit: int = 100) -> tuple[WaitingFile, ...]:
        """Return files to upload: only those of accepted events, since the centre takes no others."""
        rows = self._read(
            "SELECT f.event_id, f.name, f.path, f.sha256 FROM files f JOIN messages m USING (event_id) "
            "WHERE f.uploaded = 0 AND m.state = 'delivered' ORDER BY m.sequence, f.name LIMIT ?",
            (limit,),
        )
        return tuple(WaitingFile(event, name, Path(path), sha) for event, name, path, sha in rows)

    def uploaded(self, file: WaitingFile) -> None:
        """The centre has this file."""
        with self._lock, self._transaction() as database:
            database.execute(
                "UPDATE files SET uploaded = 1 WHERE event_id = ? AND name = ?", (file.event_id, file.name)
            )

    def counts(self) -> Counts:
        """Count what is in the outbox, by state. A refused event's files wait for nobody."""
        by_state: dict[str, int] = dict(self._read("SELECT state, count(*) FROM messages GROUP BY state"))
        files = self._read(
            "SELECT count(*) FROM files JOIN messages USING (event_id) WHERE uploaded = 0 AND state != 'refused'"
        )[0][0]
        return Counts(by_state.get("delivered", 0), by_state.get("waiting", 0), by_state.get("refused", 0), files)

    def violations(self) -> int:
        """Count the violations ever put in."""
        return int(self._read("SELECT count(*) FROM messages WHERE event_id IS NOT NULL")[0][0])

    def note_progress(self, camera_id: str, progress: Progress) -> None:
        """Leave word of how a camera's process is, for the heartbeat."""
        told = json.dumps(asdict(progress))
        with self._lock, self._transaction() as database:
            database.execute("INSERT OR REPLACE INTO cameras VALUES (?, ?)", (camera_id, told))

    def progress(self) -> dict[str, Progress]:
        """Return the last word of every camera."""
        rows = self._read("SELECT camera_id, progress FROM cameras")
        return {camera: Progress(**json.loads(text)) for camera, text in rows}

    def _knows(self, event_id: str) -> bool:
        return self._database.execute("SELECT 1 FROM messages WHERE event_id = ?", (event_id,)).fetchone() is not None

    def _read(self, query: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, parameters).fetchall()

    def _transaction(self) -> "_Immediate":
        return _Immediate(self._database)


class _Immediate:
    """BEGIN IMMEDIATE ... COMMIT: a writer waits for its turn instead of failing half-way."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> sqlite3.Connection:
        self._database.execute("BEGIN IMMEDIATE")
        return self._database

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._database.execute("COMMIT" if kind is None else "ROLLBACK")
