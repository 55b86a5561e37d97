"""Sweeps what is over by itself, as long as the centre runs."""

from collections.abc import Callable

import structlog

from server.background import Background
from server.db import Sessions
from server.evidence_store import EvidenceStore
from server.law.periods import Retention
from server.retention.service import sweep

log = structlog.get_logger()


def sweeper(
    sessions: Sessions, store: EvidenceStore, retention: Retention, now_ms: Callable[[], int], every_s: float
) -> Background:
    """Return what sweeps every ``every_s``; 0: never."""

    def work() -> None:
        swept = sweep(sessions, store, retention, now_ms())
        if swept.events or swept.files:
            log.info("retention.swept", events=swept.events, files=swept.files)

    return Background("retention", work, "retention.not_swept", every_s)
