"""The outbox: what the box must deliver, on disk until the centre says that it has it.

A violation leaves only on the centre's signed receipt (a broker's PUBACK only says that the broker had it). Its
files leave when the centre has taken them by their hash. Passage counts leave on PUBACK.
"""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from contract.words import ReceiptOutcome
from edge.chain import Link
from edge.outbox_database import OutboxDatabase
from edge.outbox_values import Counts, Progress, Sealed, Waiting, WaitingFile


class Outbox:
    """One device's outbox; several threads and processes of the box may use it at once."""

    def __init__(self, path: Path) -> None:
        """Open or create it. The caller closes it. Raises InputProblemError, PartMissingError on a full disk."""
        self._database = OutboxDatabase(path)

    def close(self) -> None:
        """Close its file."""
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
        with self._database.transaction() as connection:
            if _knows(connection, event_id):
                return False
            link = _next(connection, chain)
            done = sealed(link)
            connection.execute(
                "INSERT INTO messages (sequence, chain, event_id, topic, payload, manifest_sha256, state) "
                "VALUES (?, ?, ?, ?, ?, ?, 'waiting')",
                (link.sequence, chain, event_id, topic, done.payload, done.manifest_sha256),
            )
            connection.executemany(
                "INSERT INTO files (event_id, name, path, sha256, size_bytes) VALUES (?, ?, ?, ?, ?)",
                [(event_id, file.name, str(path), file.sha256, file.size_bytes) for file, path in done.files],
            )
            return True

    def put_counts(self, topic: str, chain: str, sealed: Callable[[int], bytes]) -> None:
        """Store passage counts; ``sealed`` makes the wire form for the running number that they get."""
        with self._database.transaction() as connection:
            last = "SELECT coalesce(max(sequence), 0) + 1 FROM messages WHERE chain = ? AND event_id IS NULL"
            sequence = connection.execute(last, (chain,)).fetchone()[0]
            connection.execute(
                "INSERT INTO messages (sequence, chain, topic, payload, state) VALUES (?, ?, ?, ?, 'waiting')",
                (sequence, chain, topic, sealed(sequence)),
            )

    def knows(self, event_id: str) -> bool:
        """Tell whether an event was ever put in."""
        return bool(self._database.read("SELECT 1 FROM messages WHERE event_id = ?", (event_id,)))

    def waiting(self, after: int = 0, limit: int = 100) -> tuple[Waiting, ...]:
        """Return undelivered messages in the order of their numbers, beginning behind ``after``."""
        rows = self._database.read(
            "SELECT number, event_id, topic, payload FROM messages WHERE state = 'waiting' AND number > ? "
            "ORDER BY number LIMIT ?",
            (after, limit),
        )
        return tuple(Waiting(*row) for row in rows)

    def settle(self, event_id: str, outcome: ReceiptOutcome, reason: str | None) -> bool:
        """Take the centre's receipt into account. Return False if no such event was waiting."""
        state = "delivered" if outcome is ReceiptOutcome.ACCEPTED else "refused"
        settle = "UPDATE messages SET state = ?, reason = ? WHERE event_id = ? AND state = 'waiting'"
        return self._database.note(settle, (state, reason, event_id)) == 1

    def settle_counts(self, number: int) -> None:
        """Passage counts have reached the broker."""
        self._database.note("UPDATE messages SET state = 'delivered' WHERE number = ? AND event_id IS NULL", (number,))

    def waiting_files(self, limit: int = 100) -> tuple[WaitingFile, ...]:
        """Return files to upload: only those of accepted events, since the centre takes no others.

        What has a problem comes last; else the oldest event's first, its manifest before its pictures, a clip at last.
        """
        rows = self._database.read(
            "SELECT f.event_id, f.name, f.path, f.sha256, f.size_bytes, f.problem FROM files f "
            "JOIN messages m USING (event_id) WHERE f.uploaded = 0 AND m.state = 'delivered' "
            "ORDER BY f.problem IS NOT NULL, m.number, CASE WHEN f.name = 'manifest.json' THEN 0 "
            "WHEN f.name LIKE '%.jpg' THEN 1 WHEN f.name LIKE '%.mp4' THEN 3 ELSE 2 END, f.name LIMIT ?",
            (limit,),
        )
        return tuple(WaitingFile(event, name, Path(path), *rest) for event, name, path, *rest in rows)

    def uploaded(self, file: WaitingFile) -> None:
        """The centre has this file."""
        self._database.note(
            "UPDATE files SET uploaded = 1, problem = NULL WHERE event_id = ? AND name = ?", (file.event_id, file.name)
        )

    def stuck(self, file: WaitingFile, problem: str) -> None:
        """This file cannot be brought now, and why."""
        self._database.note(
            "UPDATE files SET problem = ? WHERE event_id = ? AND name = ?", (problem[:300], file.event_id, file.name)
        )

    def counts(self) -> Counts:
        """Count what is in the outbox, by state. A refused event's files wait for nobody."""
        by_state: dict[str, int] = dict(self._database.read("SELECT state, count(*) FROM messages GROUP BY state"))
        files, stuck = self._database.read(
            "SELECT count(*), count(problem) FROM files JOIN messages USING (event_id) "
            "WHERE uploaded = 0 AND state != 'refused'"
        )[0]
        delivered, waiting, refused = (by_state.get(state, 0) for state in ("delivered", "waiting", "refused"))
        return Counts(delivered, waiting, refused, files, stuck)

    def oldest_waiting_ms(self) -> int | None:
        """Return when the oldest event that still waits was seen, by the box's clock; None where none waits."""
        rows = self._database.read(
            "SELECT payload FROM messages WHERE state = 'waiting' AND event_id IS NOT NULL ORDER BY number LIMIT 1"
        )
        return int(json.loads(rows[0][0])["body"]["seen_at_ms"]) if rows else None

    def violations(self) -> int:
        """Count the violations ever put in."""
        return int(self._database.read("SELECT count(*) FROM messages WHERE event_id IS NOT NULL")[0][0])

    def note_progress(self, camera_id: str, progress: Progress) -> None:
        """Leave word of how a camera's process is, for the heartbeat."""
        self._database.note("INSERT OR REPLACE INTO cameras VALUES (?, ?)", (camera_id, json.dumps(asdict(progress))))

    def progress(self) -> dict[str, Progress]:
        """Return the last word of every camera."""
        rows = self._database.read("SELECT camera_id, progress FROM cameras")
        return {camera: Progress(**json.loads(text)) for camera, text in rows}


def _knows(connection: sqlite3.Connection, event_id: str) -> bool:
    return connection.execute("SELECT 1 FROM messages WHERE event_id = ?", (event_id,)).fetchone() is not None


def _next(connection: sqlite3.Connection, chain: str) -> Link:
    last = connection.execute(
        "SELECT sequence, manifest_sha256 FROM messages WHERE chain = ? AND event_id IS NOT NULL "
        "ORDER BY sequence DESC LIMIT 1",
        (chain,),
    ).fetchone()
    return Link() if last is None else Link(last[0] + 1, last[1])
