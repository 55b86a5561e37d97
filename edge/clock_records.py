"""The newest measurements of the box's clock, in the outbox's database: one thread measures, every process asks.

Measurements of another start of the machine are not read: between two starts nobody knows what the clock did.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.evidence import ClockProof
from contract.words import ClockReference
from edge.both_clocks import boot_id, looking
from edge.clock import NO_REFERENCE, Clock, Instant, Look, Measurement

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS clock_measurements (
  number INTEGER PRIMARY KEY,
  boot TEXT NOT NULL,
  source TEXT NOT NULL,
  wall_ms INTEGER NOT NULL,
  monotonic_ms REAL NOT NULL,
  offset_ms REAL NOT NULL,
  doubt_ms REAL NOT NULL,
  leap_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS clock_failures (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  count INTEGER NOT NULL,
  problem TEXT
);
"""
KEPT: Final = 64
"""An act is proved by the measurement before it was seen, some seconds later: an hour at the usual pace is plenty."""
PROBLEM_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Failures:
    """How often the clock could not be measured, and why not the last time; None where the last time went well."""

    count: int
    problem: str | None


class ClockRecords:
    """The measurements of one box. To read them writes nothing, so that a full disk stops no proof.

    Several threads and processes of the box may use them at once. The caller closes it.
    """

    def __init__(self, path: Path, boot: str | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._boot = boot_id() if boot is None else boot
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    def keep(self, measured: Measurement) -> None:
        """Keep a measurement, and forget the oldest."""
        said, at = measured, measured.at
        row = (self._boot, said.source.value, at.wall_ms, at.monotonic_ms, said.offset_ms, said.doubt_ms, said.leap_ms)
        with self._writing() as database:
            database.execute("INSERT INTO clock_measurements VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", row)
            database.execute(
                "DELETE FROM clock_measurements WHERE number NOT IN "
                "(SELECT number FROM clock_measurements ORDER BY number DESC LIMIT ?)",
                (KEPT,),
            )

    def went_well(self) -> None:
        """Note that the reference has answered, also where nothing new was learnt."""
        with self._writing() as database:
            database.execute("UPDATE clock_failures SET problem = NULL")

    def failed(self, problem: str) -> None:
        """Count that the clock could not be measured."""
        with self._writing() as database:
            database.execute(
                "INSERT INTO clock_failures VALUES (1, 1, ?) "
                "ON CONFLICT (only) DO UPDATE SET count = count + 1, problem = excluded.problem",
                (problem[:PROBLEM_MAX],),
            )

    def failures(self) -> Failures:
        """Return what has gone wrong."""
        with self._lock:
            row = self._database.execute("SELECT count, problem FROM clock_failures").fetchone()
        return Failures(*row) if row else Failures(0, None)

    def measurements(self) -> tuple[Measurement, ...]:
        """Return those of this start of the machine, the oldest first."""
        with self._lock:
            rows = self._database.execute(
                "SELECT source, wall_ms, monotonic_ms, offset_ms, doubt_ms, leap_ms FROM clock_measurements "
                "WHERE boot = ? ORDER BY number",
                (self._boot,),
            ).fetchall()
        return tuple(
            Measurement(ClockReference(source), Instant(wall_ms, monotonic_ms), offset_ms, doubt_ms, leap_ms)
            for source, wall_ms, monotonic_ms, offset_ms, doubt_ms, leap_ms in rows
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Write one transaction: whole or not at all, and behind whoever writes already."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")


@dataclass(frozen=True, slots=True)
class RecordedClock:
    """What the records at ``path`` prove. Every process of a box has one, and opens the file only when it is asked."""

    path: Path
    source: ClockReference
    drift_ppm: float
    look: Look

    def proof_at(self, seen: Instant, camera_offset_ms: float | None = None) -> ClockProof:
        """Return how far the box's clock could be believed at an instant (``Clock.proof_at``)."""
        if self.source is ClockReference.NONE:
            return NO_REFERENCE
        return self.known().proof_at(seen, camera_offset_ms)

    def current_proof(self) -> ClockProof:
        """Return how far it can be believed now."""
        return self.proof_at(self.look())

    def known(self) -> Clock:
        """Return all that is recorded of this start of the machine."""
        with closing(ClockRecords(self.path)) as records:
            measurements, failures = records.measurements(), records.failures()
        return Clock(self.source, self.drift_ppm, measurements, failures.problem)


def recorded_clock(data: Path, source: ClockReference, drift_ppm: float, now_ms: Callable[[], int]) -> RecordedClock:
    """Return what proves the clock of the box whose data lies there."""
    return RecordedClock(data / "outbox.sqlite", source, drift_ppm, looking(now_ms))
