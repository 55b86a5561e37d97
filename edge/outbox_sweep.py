"""The outbox swept: what is done is dated, then slimmed, then forgotten, and the file shrinks with it.

It has a connection of its own to the outbox's file. What waits is never touched. The last of each chain stays for ever:
the next package hangs on it (edge.chain).
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from edge.civil_time import DAY_MS
from edge.disk_policy import Kept, Stored

SLIM_DAYS: Final = 7
"""So long after it was done a message keeps its payload."""
FORGET_DAYS: Final = 400
"""So long after that an event is known: judging the same footage again must not report it twice."""
PAGES_MAX: Final = 2000
DATE: Final = """
UPDATE messages SET done_at_ms = ? WHERE done_at_ms IS NULL AND (state = 'refused' OR (state = 'delivered'
AND NOT EXISTS (SELECT 1 FROM files f WHERE f.event_id = messages.event_id AND f.uploaded = 0)))"""
SLIM: Final = "UPDATE messages SET payload = x'' WHERE state = 'delivered' AND done_at_ms < ? AND payload != x''"
FORGET_COUNTS: Final = """
DELETE FROM messages WHERE event_id IS NULL AND done_at_ms < ?
AND number NOT IN (SELECT max(number) FROM messages WHERE event_id IS NULL GROUP BY chain)"""
FORGET_EVENTS: Final = """
DELETE FROM messages WHERE event_id IS NOT NULL AND state = 'delivered' AND done_at_ms < ?
AND NOT EXISTS (SELECT 1 FROM files f WHERE f.event_id = messages.event_id)
AND number NOT IN (SELECT max(number) FROM messages WHERE event_id IS NOT NULL GROUP BY chain)"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did, in rows."""

    dated: int
    slimmed: int
    forgotten: int


class Sweep:
    """Sweeps one outbox."""

    def __init__(self, path: Path) -> None:
        """Open it; edge.outbox has made it. The caller closes it."""
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA synchronous = FULL")

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def sweep(self, now_ms: int) -> Swept:
        """Date what was done since the last sweep, slim and forget what was done long ago, give its space back.

        Raises sqlite3.OperationalError, also on a full disk: nothing is half done.
        """
        slim_ms, forget_ms = now_ms - SLIM_DAYS * DAY_MS, now_ms - FORGET_DAYS * DAY_MS
        dated = self._change(DATE, now_ms)
        slimmed = self._change(SLIM, slim_ms)
        forgotten = self._change(FORGET_COUNTS, slim_ms) + self._change(FORGET_EVENTS, forget_ms)
        self._database.executescript(f"PRAGMA incremental_vacuum({PAGES_MAX})")  # execute() would free one page
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return Swept(dated, slimmed, forgotten)

    def stored(self) -> Iterator[Stored]:
        """Yield every package of which a file is on the box, oldest first."""
        rows = self._database.execute(
            "SELECT m.event_id, m.state = 'refused', m.done_at_ms, f.name, f.size_bytes, f.uploaded "
            "FROM messages m JOIN files f USING (event_id) WHERE f.purged = 0 ORDER BY m.number, f.name"
        ).fetchall()
        for (event_id, refused, done_at_ms), files in groupby(rows, key=lambda row: row[:3]):
            kept = tuple(Kept(name, size_bytes, bool(uploaded)) for *_, name, size_bytes, uploaded in files)
            yield Stored(event_id, bool(refused), done_at_ms, kept)

    def path_of(self, event_id: str, name: str) -> Path:
        """Return where a file lies."""
        return Path(
            self._database.execute(
                "SELECT path FROM files WHERE event_id = ? AND name = ?", (event_id, name)
            ).fetchone()[0]
        )

    def purged(self, event_id: str, names: Iterable[str]) -> None:
        """Note that files are gone; of what was delivered and has its manifest alone, no file is known any more."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            mark = "UPDATE files SET purged = 1 WHERE event_id = ? AND name = ?"
            self._database.executemany(mark, [(event_id, name) for name in names])
            self._database.execute(
                "DELETE FROM files WHERE event_id = ?1 AND NOT EXISTS (SELECT 1 FROM files WHERE event_id = ?1 "
                "AND (uploaded = 0 OR (purged = 0 AND name != 'manifest.json')))",
                (event_id,),
            )
            self._database.execute("COMMIT")
        finally:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")

    def _change(self, statement: str, at_ms: int) -> int:
        return self._database.execute(statement, (at_ms,)).rowcount
