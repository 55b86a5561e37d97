"""Where the threads of all sources leave their readings, and the watch takes them: the one lock between them."""

import threading
from collections import deque
from collections.abc import Iterable
from typing import Final

from edge.signals.reading import Reading

READINGS_MAX: Final = 20_000


class Inbox:
    """Readings that nobody has taken yet; the oldest go where they are too many (``lost``)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Reading] = deque(maxlen=READINGS_MAX)
        self.lost = 0

    def put(self, readings: Iterable[Reading]) -> None:
        """Leave readings."""
        with self._lock:
            for reading in readings:
                self.lost += len(self._waiting) == READINGS_MAX
                self._waiting.append(reading)

    def take(self) -> tuple[Reading, ...]:
        """Return what has come since the last time."""
        with self._lock:
            taken = tuple(self._waiting)
            self._waiting.clear()
        return taken
