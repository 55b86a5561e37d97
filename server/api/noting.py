"""Whose file it is by the token that brings it, and the note that it is here: an event may then be complete."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from contract.evidence import MANIFEST
from server import devices
from server.cases import repository
from server.cases.manifests import check_manifest
from server.cases.models import Event, EventFile
from server.db import unit_of_work
from server.errors import NoRoomError, NotFoundError, NotLoggedInError
from server.service import Service

NO_ROOM: Final = ("is full", "No space left")
"""What SQLite and PostgreSQL say of a full disk."""


def awaited(session: Session, token: str, digest: str) -> tuple[str, list[EventFile]]:
    """Return the device that holds a token, and the mentions of a file by its accepted events."""
    device = devices.by_token(session, token)
    if device is None:
        raise NotLoggedInError("expected the token of an active device")
    files = list(repository.awaited_file(session, device.id, digest))
    if not files:
        raise NotFoundError(f"no accepted event of {device.id} names a file {digest[:64]}")
    return device.id, files


def note_stored(service: Service, token: str, digest: str) -> None:
    """Note that a file is in the store; an event whose last file this was is complete. Raises NoRoomError."""
    try:
        with unit_of_work(service.sessions) as session:
            now_ms = service.now_ms()
            for file in sorted(awaited(session, token, digest)[1], key=lambda file: file.event_id):
                file.stored_at_ms = file.stored_at_ms or now_ms
                if file.name == MANIFEST:
                    check_manifest(session, file.event, service.store.read(digest))
                _complete(session, file.event_id, now_ms)
    except OperationalError as error:
        if not any(words in str(error.orig) for words in NO_ROOM):
            raise
        raise NoRoomError(f"the centre's database has no room now: {error.orig}") from error


def _complete(session: Session, event_id: str, now_ms: int) -> None:
    """Two last files may come at once: each waits for the other here, so that one of them sees that it is the last."""
    session.flush()
    missing = select(EventFile.name).where(EventFile.event_id == event_id, EventFile.stored_at_ms.is_(None)).limit(1)
    event = session.get(Event, event_id, with_for_update={"key_share": True})
    if event is not None and event.evidence_complete_at_ms is None and session.scalar(missing) is None:
        event.evidence_complete_at_ms = now_ms
