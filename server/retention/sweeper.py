"""Sweeps what is over by itself, as long as the centre runs. What fails is told, and tried again at the next time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.db import Sessions
from server.errors import ServerError
from server.evidence_store import EvidenceStore
from server.law.periods import Retention
from server.retention.service import sweep

log = structlog.get_logger()


@dataclass(slots=True)
class Sweeper:
    """One thread that sweeps every ``every_s``; 0: never."""

    sessions: Sessions
    store: EvidenceStore
    retention: Retention
    now_ms: Callable[[], int]
    every_s: float
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; the first sweep is at once."""
        if self.every_s > 0:
            self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End when the sweep that is under way is done."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while True:
            try:
                swept = sweep(self.sessions, self.store, self.retention, self.now_ms())
            except (SQLAlchemyError, ServerError) as error:
                log.error("retention.not_swept", why=str(error).splitlines()[0])
            else:
                if swept.events or swept.files:
                    log.info("retention.swept", events=swept.events, files=swept.files)
            if self._stopping.wait(self.every_s):
                return
