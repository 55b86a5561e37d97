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


def reckoner(sessions: Sessions, house: House, now_ms: Callable[[], int], every_s: float = EVERY_S) -> Background:
    """Return what looks every ``every_s`` whose day has gone by."""

    def work() -> None:
        changed = reckon_anew(sessions, house, now_ms())
        reopened = reopen_suspended(sessions, house, now_ms())
        if changed or reopened:
            log.info("due.reckoned", cases=changed, reopened=reopened)

    return Background("due days", work, "due.not_reckoned", every_s)
