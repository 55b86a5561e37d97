"""Seals the days of the audit log by itself, as long as the centre runs; several processes seal each day once."""

from collections.abc import Callable
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server import audit_heads
from server.background import Background
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


def sealer(sessions: Sessions, key: Ed25519PrivateKey, now_ms: Callable[[], int]) -> Background:
    """Return what looks every half hour whether a day is to be sealed."""

    def work() -> None:
        days = seal_all(sessions, key, now_ms())
        if days:
            log.info("audit.sealed", days=days)

    return Background("audit", work, "audit.not_sealed", EVERY_S)
