"""The outbox's file: its tables, how it is opened, and how it is read and written by several threads and processes.

SQLite in WAL mode with synchronous FULL: what was put in survives a power cut
(sqlite.org/pragma.html#pragma_synchronous).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import structlog

from edge.errors import InputProblemError, PartMissingError
from edge.full_disk import disk_full, give_back

log = structlog.get_logger()

VERSION: Final = 3
SCHEMA: Final = f"""
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
``chain`` is the name of the device's key (contract.identity): under a new key the numbers begin anew.
``done_at_ms`` and ``purged`` are edge.outbox_sweep's."""


class OutboxDatabase:
    """One connection to the file; one thread at a time uses it, the others wait for their turn."""

    def __init__(self, path: Path) -> None:
        """Open or create it. The caller closes it. Raises InputProblemError, PartMissingError on a full disk."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._full = False
        try:
            self._open(path)
        except sqlite3.Error as error:  # its log's index takes some room, and a start must not need what is not there
            if not (disk_full(error) and give_back(path.parent)):
                raise _cannot_open(path, error) from error
            self._open(path)
        self._prepare(path)

    def _open(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # of a new file: edge.outbox_sweep shrinks it
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA journal_size_limit = 4194304")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")

    def _prepare(self, path: Path) -> None:
        """Make the tables. Raises InputProblemError for an outbox that another version has made."""
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        old = self._connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'messages'").fetchone()
        if version not in {0, VERSION} or (version == 0 and old is not None):
            self._connection.close()
            raise InputProblemError(
                f"{path}: expected an outbox of version {VERSION}, found {version}: let the version of lukou that made "
                "it deliver what waits, then move the file away"
            )
        if version == 0:  # else nothing is written: a box whose disk is full must start
            self._connection.executescript(SCHEMA)

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    def read(self, query: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Return the rows."""
        with self._lock:
            return self._connection.execute(query, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """BEGIN IMMEDIATE ... COMMIT: a writer waits for its turn instead of failing half-way."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:  # a full disk may have rolled it back, or left a COMMIT undone
                    self._connection.execute("ROLLBACK")

    def note(self, statement: str, parameters: tuple[object, ...]) -> int:
        """Note what comes again where it is lost: a receipt, an upload, a word. Return the rows; 0 on a full disk.

        The event is then sent again, the file asked for again: both are taken once.
        """
        try:
            with self.transaction() as connection:
                rows = connection.execute(statement, parameters).rowcount
        except sqlite3.OperationalError as error:
            if not disk_full(error):
                raise
            if not self._full:
                log.error("outbox.full", why=str(error))
            self._full = True
            return 0
        if self._full:
            log.info("outbox.well_again")
        self._full = False
        return rows


def _cannot_open(path: Path, error: sqlite3.Error) -> Exception:
    if not disk_full(error):
        return error
    return PartMissingError(f"{path}", f"the disk is full ({error})", "Make room: the box starts again by itself")
