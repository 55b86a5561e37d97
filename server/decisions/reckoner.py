"""Keeps the queue true as long as the centre runs: its order as days go by, and cases of suspended sites reopened.

What fails is told, and tried again.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.cases.house import House
from server.db import Sessions
from server.decisions.due import reckon_anew
from server.decisions.reopening import reopen_suspended
from server.errors import ServerError

log = structlog.get_logger()
EVERY_S: Final = 300.0


@dataclass(slots=True)
class Reckoner:
    """One thread that looks every ``every_s`` whose day has gone by."""

    sessions: Sessions
    house: House
    now_ms: Callable[[], int]
    every_s: float = EVERY_S
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread = threading.Thread(target=self._run, name="due days", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End when the look that is under way is done."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while True:
            try:
                changed = reckon_anew(self.sessions, self.house, self.now_ms())
                reopened = reopen_suspended(self.sessions, self.house, self.now_ms())
            except (SQLAlchemyError, ServerError) as error:
                log.error("due.not_reckoned", why=str(error).splitlines()[0])
            else:
                if changed or reopened:
                    log.info("due.reckoned", cases=changed, reopened=reopened)
            if self._stopping.wait(self.every_s):
                return
