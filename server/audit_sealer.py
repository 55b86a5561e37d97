"""Seals the days of the audit log by itself, as long as the centre runs; several processes seal each day once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from server import audit_heads
from server.db import Sessions, unit_of_work

log = structlog.get_logger()
EVERY_S: Final = 1800.0


def seal_all(made: Sessions, key: Ed25519PrivateKey, now_ms: int) -> int:
    """Seal every day that is over, each in its own unit of work; return how many."""
    days = 0
    while True:
        with unit_of_work(made) as session:
            if not audit_heads.seal_next(session, key, now_ms):
                return days
        days += 1


@dataclass(slots=True)
class Sealer:
    """One thread that looks every half hour whether a day is to be sealed."""

    sessions: Sessions
    key: Ed25519PrivateKey
    now_ms: Callable[[], int]
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End when the look that is under way is done."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while True:
            try:
                days = seal_all(self.sessions, self.key, self.now_ms())
            except SQLAlchemyError as error:
                log.error("audit.not_sealed", why=str(error).splitlines()[0])
            else:
                if days:
                    log.info("audit.sealed", days=days)
            if self._stopping.wait(EVERY_S):
                return
