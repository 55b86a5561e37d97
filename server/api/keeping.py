"""Whose file it is, where its beginning lies, and what follows when it is whole: hash, store, database, in this order.

A process that dies in between leaves the beginning whole: whoever asks for its offset has it finished.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Final

import structlog

from contract.evidence import FILE_BYTES_MAX
from server import audit
from server.api.noting import awaited, note_stored
from server.cases.models import RefusedEvent
from server.db import unit_of_work
from server.errors import (
    NoRoomError,
    NotFoundError,
    NotLoggedInError,
    ServerError,
    TooManyTriesError,
    TooSlowError,
    WrongInputError,
)
from server.service import Service
from server.uploads.partials import Begun, Partials, Room
from server.uploads.writing import Key, Writing, no_room

log = structlog.get_logger()

MB: Final = 10**6
DAY_MS: Final = 86_400_000
PURGE_EVERY_MS: Final = 3_600_000
REFUSALS: Final = {
    NotLoggedInError: "no_token",
    NotFoundError: "not_awaited",
    WrongInputError: "wrong_bytes",
    NoRoomError: "no_room",
    TooSlowError: "too_slow",
    TooManyTriesError: "too_many",
}
"""What the metrics call a refusal."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A file that a device may bring. ``stored``: it is here already."""

    token: str = field(repr=False)
    device_id: str
    sha256: str
    size_bytes: int
    stored: bool

    @property
    def key(self) -> Key:
        """Return the name of its beginning."""
        return Key(self.device_id, self.sha256, self.size_bytes)


class Keeping:
    """Keeps what devices bring."""

    def __init__(self, service: Service) -> None:
        settings = service.settings
        self._service = service
        room = Room(settings.partial_budget_mb * MB, settings.free_min_mb * MB)
        self.partials = Partials(settings.partial_dir or settings.data_dir / "partial", room)
        self.partials.folder.mkdir(parents=True, exist_ok=True)
        self._purged_at_ms = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count what is refused of an upload, by its reason."""
        try:
            yield
        except ServerError as error:
            self._service.meter.uploads.labels(REFUSALS.get(type(error), "refused")).inc()
            raise

    def awaited(self, token: str, digest: str) -> Awaited:
        """Return the file that a device asks for.

        Raises NotLoggedInError, or NotFoundError where no accepted event of this device names it.
        """
        with self._service.sessions.reading() as session:
            device_id, files = awaited(session, token, digest)
            size_bytes, noted = (
                max(file.size_bytes for file in files),
                [file.stored_at_ms is not None for file in files],
            )
        if any(noted) and not all(noted):  # an earlier event of this device has brought the same bytes
            note_stored(self._service, token, digest)
        return Awaited(token, device_id, digest, size_bytes, any(noted))

    def offset(self, awaited: Awaited) -> int:
        """Return how much is here, on the disk; what is whole but was not finished is finished now.

        Raises ConflictError while it is being written.
        """
        if awaited.stored or self.partials.offset(awaited.key) == 0:
            return awaited.size_bytes if awaited.stored else 0
        with self.writing(awaited) as writing:
            writing.settle()
            if writing.is_whole():
                self.finish(awaited, writing)
            return writing.offset

    def writing(self, awaited: Awaited) -> AbstractContextManager[Writing]:
        """Hold a file's beginning. Raises ConflictError, NoRoomError."""
        now_ms = self._service.now_ms()
        self._purge(now_ms)
        return self.partials.writing(awaited.key, now_ms)

    def finish(self, awaited: Awaited, writing: Writing) -> bool:
        """Store a file that has come whole; return whether it was new.

        Raises WrongInputError where it is not what its name says: it is thrown away and counted. NoRoomError.
        """
        found = writing.digest()
        if found != awaited.sha256:
            writing.forget()
            self._count_wrong(awaited, found)
            raise WrongInputError(f"expected bytes whose SHA-256 is {awaited.sha256}, found {found}")
        try:
            new = self._service.store.put_file(writing.path, awaited.sha256)
        except OSError as error:
            raise no_room(error) from error
        note_stored(self._service, awaited.token, awaited.sha256)
        writing.forget()
        self._service.meter.uploads.labels("new" if new else "again").inc()
        self._service.meter.evidence_bytes.inc(awaited.size_bytes if new else 0)
        return new

    def facts(self) -> dict[str, object]:
        """Return what /api/v1/health tells of uploads."""
        begun = list(self.partials.begun())
        free = [self.partials.free_bytes(), self._service.store.free_bytes()]
        free_bytes = min(each for each in free if each is not None)
        room = self.partials.room
        left = min(free_bytes - room.free_min_bytes, room.budget_bytes - sum(each.key.size_bytes for each in begun))
        state = "ok" if left >= FILE_BYTES_MAX else "no room"
        return {"state": state, "begun": len(begun), "free_bytes": free_bytes}

    def _count_wrong(self, awaited: Awaited, found: str) -> None:
        detail = f"{awaited.device_id} sent {awaited.size_bytes} bytes for {awaited.sha256}"
        log.warning("evidence.wrong_bytes", device=awaited.device_id, expected=awaited.sha256, found=found)
        with unit_of_work(self._service.sessions) as session:
            session.add(
                RefusedEvent(
                    at_ms=self._service.now_ms(),
                    topic=f"evidence/{awaited.sha256}",
                    reason="wrong_bytes",
                    detail=detail,
                    payload_sha256=found,
                    payload_bytes=awaited.size_bytes,
                )
            )

    def _purge(self, now_ms: int) -> None:
        """Remove the beginnings that nobody goes on with, and record it; at most once an hour."""
        if now_ms - self._purged_at_ms < PURGE_EVERY_MS:
            return
        self._purged_at_ms = now_ms
        purged = self.partials.purge(now_ms - self._service.settings.partial_days * DAY_MS)
        with unit_of_work(self._service.sessions) as session:
            for begun in purged:
                audit.record(session, now_ms, "service", "upload.purge", detail=_line(begun))


def _line(begun: Begun) -> str:
    return f"{begun.key.device_id}: {begun.offset} of {begun.key.size_bytes} bytes of {begun.key.sha256}"
