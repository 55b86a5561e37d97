"""Publishes the day's head by itself, and walks the chain behind it. What fails is told, and tried again."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from server.db import Sessions, unit_of_work
from server.errors import ServerError
from server.ledger.checking import StoppedError, check, newest_check
from server.ledger.heads import publish

log = structlog.get_logger()
EVERY_S: Final = 60.0


@dataclass(slots=True)
class Publisher:
    """One thread that looks every ``every_s`` whether a day is over."""

    sessions: Sessions
    key: Ed25519PrivateKey
    now_ms: Callable[[], int]
    every_s: float = EVERY_S
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread = threading.Thread(target=self._run, name="ledger heads", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End when the look that is under way is done."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while True:
            try:
                with unit_of_work(self.sessions) as session:
                    head = publish(session, self.key, self.now_ms())
            except (SQLAlchemyError, ServerError) as error:
                log.error("ledger.head_not_published", why=str(error).splitlines()[0])
            else:
                if head is not None:
                    log.info("ledger.head", day=str(head.day), size=head.size, root=head.root)
            self._check()
            if self._stopping.wait(self.every_s):
                return

    def _check(self) -> None:
        """Walk the chain behind a new head; a break is told until somebody looks."""
        try:
            check(self.sessions, self.now_ms, self._stopping.is_set)
            with self.sessions.reading() as session:
                found = newest_check(session)
        except StoppedError:
            return
        except (SQLAlchemyError, ServerError) as error:
            log.error("ledger.not_checked", why=str(error).splitlines()[0])
            return
        if found is not None and (found.broken_at is not None or not found.fits_head):
            log.error("ledger.broken", day=str(found.day), at=found.broken_at, fits_head=found.fits_head)
