"""Publishes the day's head by itself, and walks the chain behind it. What fails is told, and tried again."""

import threading
from collections.abc import Callable
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from server.background import Background
from server.db import Sessions, unit_of_work
from server.errors import ServerError
from server.ledger.checking import StoppedError, check, newest_check
from server.ledger.heads import publish

log = structlog.get_logger()
EVERY_S: Final = 60.0


def publisher(
    sessions: Sessions, key: Ed25519PrivateKey, now_ms: Callable[[], int], every_s: float = EVERY_S
) -> Background:
    """Return what looks every ``every_s`` whether a day is over."""
    stopping = threading.Event()

    def work() -> None:
        _publish(sessions, key, now_ms())
        _check(sessions, now_ms, stopping.is_set)

    return Background("ledger heads", work, "ledger.not_checked", every_s, stopping)


def _publish(sessions: Sessions, key: Ed25519PrivateKey, now_ms: int) -> None:
    """Publish a head where a day is over; the chain is walked also where that fails."""
    try:
        with unit_of_work(sessions) as session:
            head = publish(session, key, now_ms)
    except (SQLAlchemyError, ServerError) as error:
        log.error("ledger.head_not_published", why=str(error).splitlines()[0])
    else:
        if head is not None:
            log.info("ledger.head", day=str(head.day), size=head.size, root=head.root)


def _check(sessions: Sessions, now_ms: Callable[[], int], is_stopping: Callable[[], bool]) -> None:
    """Walk the chain behind a new head; a break is told until somebody looks."""
    try:
        check(sessions, now_ms, is_stopping)
    except StoppedError:
        return
    with sessions.reading() as session:
        found = newest_check(session)
    if found is not None and (found.broken_at is not None or not found.fits_head):
        log.error("ledger.broken", day=str(found.day), at=found.broken_at, fits_head=found.fits_head)
