"""Work that the centre does by itself, again and again, in a thread of its own, as long as it runs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from server.errors import ServerError

log = structlog.get_logger()


@dataclass(slots=True)
class Background:
    """One thread that works every ``every_s``, the first time at once; 0: never.

    What fails is told under the name ``failed``, and tried again at the next time. ``stopping`` is for work that must
    end early when the centre does.
    """

    name: str
    work: Callable[[], None]
    failed: str
    every_s: float
    stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        if self.every_s > 0:
            self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End when the work that is under way is done."""
        self.stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while True:
            try:
                self.work()
            except (SQLAlchemyError, ServerError) as error:
                log.error(self.failed, why=str(error).splitlines()[0])
            if self.stopping.wait(self.every_s):
                return
