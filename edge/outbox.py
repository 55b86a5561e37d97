"""The outbox: what the box must deliver, on disk until the centre says that it has it.

A violation leaves only on the centre's signed receipt (a broker's PUBACK only says that the broker had it). Its
files leave when the centre has taken them by their hash. Passage counts leave on PUBACK. SQLite in WAL mode with
synchronous FULL: what was put in survives a power cut (sqlite.org/pragma.html#pragma_synchronous).
"""

import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import structlog

from contract.evidence import EvidenceFile
from contract.words import ReceiptOutcome
from edge.chain import Link
from edge.errors import InputProblemError, PartMissingError
from edge.full_disk import disk_full, give_back

log = structlog.get_logger()

VERSION = 3
SCHEMA = f"""
CREATE TABLE IF NOT EXISTS messages (
  number INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  chain TEXT NOT NULL,
  event_id TEXT UNIQUE,
  topic TEXT NOT NULL,
  payload BLOB NOT NULL,
  manifest_sha256 TEXT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'refused')),
  reason TEXT,
  done_at_ms INTEGER
);
CREATE TABLE IF NOT EXISTS files (
  event_id TEXT NOT NULL REFERENCES messages (event_id),
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  uploaded INTEGER NOT NULL DEFAULT 0,
  purged INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  PRIMARY KEY (event_id, name)
);
CREATE TABLE IF NOT EXISTS cameras (camera_id TEXT PRIMARY KEY, progress TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS one_of_each_number ON messages (chain, event_id IS NULL, sequence);
CREATE INDEX IF NOT EXISTS waiting_messages ON messages (number) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS waiting_files ON files (event_id) WHERE uploaded = 0;
CREATE INDEX IF NOT EXISTS not_done ON messages (number) WHERE done_at_ms IS NULL AND state != 'waiting';
PRAGMA user_version = {VERSION};
"""
"""Violations and passage counts are numbered apart: a count that is lost leaves no gap in what accuses somebody.
``chain`` is the name of the device's key (edge.chain): under a new key the numbers begin anew. ``done_at_ms`` and
``purged`` are edge.outbox_sweep's."""


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
    lost: dict[str, int] = field(default_factory=dict)
    """``contract.box.Dropped``, as JSON holds it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sealed message that has not been delivered. ``number`` orders all; ``event_id`` is None for passage counts."""

    number: int
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
    size_bytes: int
    problem: str | None = None
    """Why it was not brought the last time, where trying again at once would be no use."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A violation at its place in the chain: its wire form, its manifest's hash, and where each of its files lies."""

    payload: bytes
    manifest_sha256: str
    files: tuple[tuple[EvidenceFile, Path], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in the outbox."""

    delivered: int
    waiting: int
    refused: int
    files_waiting: int
    files_stuck: int = 0
    """Of those that wait: the centre did not want them, or they are not on the box as they were sealed."""


class Outbox:
    """One device's outbox; several threads and processes of the box may use it at once."""

    def __init__(self, path: Path) -> None:
        """Open or create it. The caller closes it. Raises InputProblemError, PartMissingError on a full disk."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self.full = False
        try:
            self._open(path)
        except sqlite3.Error as error:  # its log's index takes some room, and a start must not need what is not there
            if not (disk_full(error) and give_back(path.parent)):
                raise _cannot_open(path, error) from error
            self._open(path)
        self._prepare(path)

    def _open(self, path: Path) -> None:
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a new file: edge.outbox_sweep shrinks it
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA journal_size_limit = 4194304")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute("PRAGMA foreign_keys = ON")

    def _prepare(self, path: Path) -> None:
        """Make the tables. Raises InputProblemError for an outbox that another version has made."""
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        old = self._database.execute("SELECT 1 FROM sqlite_master WHERE name = 'messages'").fetchone()
        if version not in {0, VERSION} or (version == 0 and old is not None):
            self._database.close()
            raise InputProblemError(
                f"{path}: expected an outbox of version {VERSION}, found {version}: let the version of lukou that made "
                "it deliver what waits, then move the file away"
            )
        if version == 0:  # else nothing is written: a box whose disk is full must start
            self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    def put_event(self, event_id: str, topic: str, chain: str, sealed: Callable[[Link], Sealed]) -> bool:
        """Store a violation and the names of its files in one transaction.

        Args:
            event_id: the violation's id.
            topic: where it will be published.
            chain: the name of the key that seals.
            sealed: seals the package and the message at the place that is given, while nobody else may take it.

        Returns:
            False if this event is in the outbox already (judged again): nothing is changed then.
        """
        with self._lock, self._transaction() as database:
            if self._knows(event_id):
                return False
            link = self._next(chain)
            done = sealed(link)
            database.execute(
                "INSERT INTO messages (sequence, chain, event_id, topic, payload, manifest_sha256, state) "
                "VALUES (?, ?, ?, ?, ?, ?, 'waiting')",
                (link.sequence, chain, event_id, topic, done.payload, done.manifest_sha256),
            )
            database.executemany(
                "INSERT INTO files (event_id, name, path, sha256, size_bytes) VALUES (?, ?, ?, ?, ?)",
                [(event_id, file.name, str(path), file.sha256, file.size_bytes) for file, path in done.files],
            )
            return True

    def put_counts(self, topic: str, chain: str, sealed: Callable[[int], bytes]) -> None:
        """Store passage counts; ``sealed`` makes the wire form for the running number that they get."""
        with self._lock, self._transaction() as database:
            last = "SELECT coalesce(max(sequence), 0) + 1 FROM messages WHERE chain = ? AND event_id IS NULL"
            sequence = database.execute(last, (chain,)).fetchone()[0]
            database.execute(
                "INSERT INTO messages (sequence, chain, topic, payload, state) VALUES (?, ?, ?, ?, 'waiting')",
                (sequence, chain, topic, sealed(sequence)),
            )

    def knows(self, event_id: str) -> bool:
        """Tell whether an event was ever put in."""
        return bool(self._read("SELECT 1 FROM messages WHERE event_id = ?", (event_id,)))

    def _next(self, chain: str) -> Link:
        last = self._database.execute(
            "SELECT sequence, manifest_sha256 FROM messages WHERE chain = ? AND event_id IS NOT NULL "
            "ORDER BY sequence DESC LIMIT 1",
            (chain,),
        ).fetchone()
        return Link() if last is None else Link(last[0] + 1, last[1])

    def waiting(self, after: int = 0, limit: int = 100) -> tuple[Waiting, ...]:
        """Return undelivered messages in the order of their numbers, beginning behind ``after``."""
        rows = self._read(
            "SELECT number, event_id, topic, payload FROM messages WHERE state = 'waiting' AND number > ? "
            "ORDER BY number LIMIT ?",
            (after, limit),
        )
        return tuple(Waiting(*row) for row in rows)

    def settle(self, event_id: str, outcome: ReceiptOutcome, reason: str | None) -> bool:
        """Take the centre's receipt into account. Return False if no such event was waiting."""
        state = "delivered" if outcome is ReceiptOutcome.ACCEPTED else "refused"
        settle = "UPDATE messages SET state = ?, reason = ? WHERE event_id = ? AND state = 'waiting'"
        return self._note(settle, (state, reason, event_id)) == 1

    def settle_counts(self, number: int) -> None:
        """Passage counts have reached the broker."""
        self._note("UPDATE messages SET state = 'delivered' WHERE number = ? AND event_id IS NULL", (number,))

    def waiting_files(self, limit: int = 100) -> tuple[WaitingFile, ...]:
        """Return files to upload: only those of accepted events, since the centre takes no others.

        What has a problem comes last; else the oldest event's first, its manifest before its pictures, a clip at last.
        """
        rows = self._read(
            "SELECT f.event_id, f.name, f.path, f.sha256, f.size_bytes, f.problem FROM files f "
            "JOIN messages m USING (event_id) WHERE f.uploaded = 0 AND m.state = 'delivered' "
            "ORDER BY f.problem IS NOT NULL, m.number, CASE WHEN f.name = 'manifest.json' THEN 0 "
            "WHEN f.name LIKE '%.jpg' THEN 1 WHEN f.name LIKE '%.mp4' THEN 3 ELSE 2 END, f.name LIMIT ?",
            (limit,),
        )
        return tuple(WaitingFile(event, name, Path(path), *rest) for event, name, path, *rest in rows)

    def uploaded(self, file: WaitingFile) -> None:
        """The centre has this file."""
        self._note(
            "UPDATE files SET uploaded = 1, problem = NULL WHERE event_id = ? AND name = ?", (file.event_id, file.name)
        )

    def stuck(self, file: WaitingFile, problem: str) -> None:
        """This file cannot be brought now, and why."""
        self._note(
            "UPDATE files SET problem = ? WHERE event_id = ? AND name = ?", (problem[:300], file.event_id, file.name)
        )

    def counts(self) -> Counts:
        """Count what is in the outbox, by state. A refused event's files wait for nobody."""
        by_state: dict[str, int] = dict(self._read("SELECT state, count(*) FROM messages GROUP BY state"))
        files, stuck = self._read(
            "SELECT count(*), count(problem) FROM files JOIN messages USING (event_id) "
            "WHERE uploaded = 0 AND state != 'refused'"
        )[0]
        delivered, waiting, refused = (by_state.get(state, 0) for state in ("delivered", "waiting", "refused"))
        return Counts(delivered, waiting, refused, files, stuck)

    def oldest_waiting_ms(self) -> int | None:
        """Return when the oldest event that still waits was seen, by the box's clock; None where none waits."""
        rows = self._read(
            "SELECT payload FROM messages WHERE state = 'waiting' AND event_id IS NOT NULL ORDER BY number LIMIT 1"
        )
        return int(json.loads(rows[0][0])["body"]["seen_at_ms"]) if rows else None

    def violations(self) -> int:
        """Count the violations ever put in."""
        return int(self._read("SELECT count(*) FROM messages WHERE event_id IS NOT NULL")[0][0])

    def note_progress(self, camera_id: str, progress: Progress) -> None:
        """Leave word of how a camera's process is, for the heartbeat."""
        self._note("INSERT OR REPLACE INTO cameras VALUES (?, ?)", (camera_id, json.dumps(asdict(progress))))

    def progress(self) -> dict[str, Progress]:
        """Return the last word of every camera."""
        rows = self._read("SELECT camera_id, progress FROM cameras")
        return {camera: Progress(**json.loads(text)) for camera, text in rows}

    def _knows(self, event_id: str) -> bool:
        return self._database.execute("SELECT 1 FROM messages WHERE event_id = ?", (event_id,)).fetchone() is not None

    def _note(self, statement: str, parameters: tuple[object, ...]) -> int:
        """Note what comes again where it is lost: a receipt, an upload, a word. Return the rows; 0 on a full disk.

        The event is then sent again, the file asked for again: both are taken once.
        """
        try:
            with self._lock, self._transaction() as database:
                rows = database.execute(statement, parameters).rowcount
        except sqlite3.OperationalError as error:
            if not disk_full(error):
                raise
            if not self.full:
                log.error("outbox.full", why=str(error))
            self.full = True
            return 0
        if self.full:
            log.info("outbox.well_again")
        self.full = False
        return rows

    def _read(self, query: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(query, parameters).fetchall()

    def _transaction(self) -> "_Immediate":
        return _Immediate(self._database)


def _cannot_open(path: Path, error: sqlite3.Error) -> Exception:
    if not disk_full(error):
        return error
    return PartMissingError(f"{path}", f"the disk is full ({error})", "Make room: the box starts again by itself")


class _Immediate:
    """BEGIN IMMEDIATE ... COMMIT: a writer waits for its turn instead of failing half-way."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> sqlite3.Connection:
        self._database.execute("BEGIN IMMEDIATE")
        return self._database

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._database.execute("COMMIT")
        finally:
            if self._database.in_transaction:  # a full disk may have rolled it back already, or left a COMMIT undone
                self._database.execute("ROLLBACK")
