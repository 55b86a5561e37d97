"""SIGTERM to a camera's process: its source ends as footage does, so that acts which wait for their clip are packed."""

import signal
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, TypeVar

T = TypeVar("T")
EXIT_STATUS: Final = 128 + signal.SIGTERM
"""As a shell tells it. The box starts a camera again that was not its own to stop."""


@dataclass(slots=True)
class Ending:
    """Whether the process was asked to end. Asking twice changes nothing: a service manager and the box both do."""

    _asked: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def on_sigterm(cls) -> "Ending":
        """Listen, in the main thread."""
        ending = cls()

        def end(_number: int, _frame: FrameType | None) -> None:
            ending._asked.set()

        signal.signal(signal.SIGTERM, end)
        return ending

    @property
    def asked(self) -> bool:
        """Tell whether it was asked."""
        return self._asked.is_set()

    def until(self, frames: Iterable[T]) -> Iterator[T]:
        """Hand on until it was asked."""
        for frame in frames:
            if self.asked:
                return
            yield frame
