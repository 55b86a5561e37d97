"""The centre's words on the hand-off switch, kept in the outbox's database: taken once, there after a restart.

The box's publisher takes them; each camera's process follows them. The newest 50 of a site are kept: whoever judges
looks back by minutes.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from contract.hand_off import HandOffSwitched
from contract.words import HandOffCause
from edge.signals.hand_off import HandOff, Word, switched

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS hand_offs (
  site_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  is_set INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  until_ms INTEGER,
  cause TEXT NOT NULL DEFAULT 'directed',
  PRIMARY KEY (site_id, sequence)
)
"""
KEPT: Final = 50
LOOK_S: Final = 1.0
T = TypeVar("T")


class HandOffs:
    """The words of one box; several threads and processes of it may use them at once. The caller closes it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", SCHEMA):
            self._database.execute(statement)
        self._know_causes()

    def _know_causes(self) -> None:
        """Add the causes to a table that an older version has made: then every word was of an officer's direction."""
        if "cause" not in {column[1] for column in self._database.execute("PRAGMA table_info(hand_offs)")}:
            with suppress(sqlite3.OperationalError):  # another process of the box was faster
                self._database.execute("ALTER TABLE hand_offs ADD COLUMN cause TEXT NOT NULL DEFAULT 'directed'")

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._database.close()

    def take(self, word: HandOffSwitched) -> bool:
        """Keep a word; return False for one that is not newer than the last: it changes nothing."""
        with self._lock:
            added = self._database.execute(  # one statement: it is whole or it is not, between processes as well
                "INSERT INTO hand_offs (site_id, sequence, is_set, at_ms, until_ms, cause) SELECT ?, ?, ?, ?, ?, ? "
                "WHERE ? > (SELECT coalesce(max(sequence), 0) FROM hand_offs WHERE site_id = ?)",
                (
                    word.site_id,
                    word.sequence,
                    word.is_set,
                    word.at_ms,
                    word.until_ms,
                    word.cause.value,
                    word.sequence,
                    word.site_id,
                ),
            )
            self._database.execute(
                "DELETE FROM hand_offs WHERE site_id = ? AND sequence NOT IN "
                "(SELECT sequence FROM hand_offs WHERE site_id = ? ORDER BY sequence DESC LIMIT ?)",
                (word.site_id, word.site_id, KEPT),
            )
            return added.rowcount == 1

    def words(self, site_id: str) -> tuple[HandOffSwitched, ...]:
        """Return what is kept of a site, in the centre's order."""
        with self._lock:
            rows = self._database.execute(
                "SELECT sequence, is_set, at_ms, until_ms, cause FROM hand_offs WHERE site_id = ? ORDER BY 1",
                (site_id,),
            ).fetchall()
        return tuple(
            HandOffSwitched(
                site_id=site_id,
                sequence=number,
                is_set=bool(is_set),
                at_ms=at_ms,
                until_ms=until_ms,
                cause=HandOffCause(cause),
            )
            for number, is_set, at_ms, until_ms, cause in rows
        )


@dataclass(slots=True)
class FollowedHandOff:
    """One camera's view of the switch: ``hand_off`` on the axis of its frames, looked up at most once a second."""

    path: Path
    site_id: str
    start_ms: int
    now_s: Callable[[], float] = time.monotonic
    hand_off: HandOff = field(default_factory=HandOff)
    _looked_s: float = -LOOK_S

    def look(self) -> None:
        """Take in what has been said meanwhile."""
        now_s = self.now_s()
        if now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        with closing(HandOffs(self.path)) as kept:
            words = kept.words(self.site_id)
        times = switched([Word(word.at_ms, word.cause if word.is_set else None, word.until_ms) for word in words])
        self.hand_off.tell((at_ms - self.start_ms, cause) for at_ms, cause in times)

    def before(self, then: Callable[[T], None]) -> Callable[[T], None]:
        """Return what looks first and then does ``then``: for each frame, before it is judged."""

        def done(given: T) -> None:
            self.look()
            then(given)

        return done
