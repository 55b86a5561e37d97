"""Keeps the queue true as long as the centre runs: its order as days go by, and cases of suspended sites reopened."""

from collections.abc import Callable
from typing import Final

import structlog

from server.background import Background
from server.cases.house import House
from server.db import Sessions
from server.decisions.due import reckon_anew
from server.decisions.reopening import reopen_suspended

log = structlog.get_logger()
EVERY_S: Final = 300.0
MARGIN_MS: Final = 3_600_000
"""So much is looked at twice: an act that was under way while we looked writes a day that may have gone by since."""


def reckoner(sessions: Sessions, house: House, now_ms: Callable[[], int], every_s: float = EVERY_S) -> Background:
    """Return what looks every ``every_s`` whose day has gone by; the first time at all that are late."""
    looked_ms = -1

    def work() -> None:
        nonlocal looked_ms
        at_ms = now_ms()
        changed = reckon_anew(sessions, house, at_ms, looked_ms)
        looked_ms = at_ms - MARGIN_MS
        reopened = reopen_suspended(sessions, house, now_ms())
        if changed or reopened:
            log.info("due.reckoned", cases=changed, reopened=reopened)

    return Background("due days", work, "due.not_reckoned", every_s)
