"""Raw video as a part of the filming: whatever becomes of the disk, the clips go on."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from av.error import FFmpegError
from av.video.stream import VideoStream

from edge.video.ring import Coded
from edge.video.shelf import SEGMENT_MS, Shelf

log = structlog.get_logger()


@dataclass(slots=True)
class Recording:
    """Records by a shelf, which is opened by the thread that writes; after a fault of the disk it tries each minute."""

    opened: Callable[[], Shelf]
    failures: int = 0
    _shelf: Shelf | None = None
    _resume_ms: int = 0
    _acts: deque[tuple[int, int, str]] = field(default_factory=deque)

    def keep(self, from_ms: int, to_ms: int, event_id: str) -> None:
        """Have what shows an act kept (epoch ms). Any thread may call it."""
        self._acts.append((from_ms, to_ms, event_id))

    def add(self, coded: Coded, template: VideoStream) -> None:
        """Record a picture, or say why not."""
        if coded.t_ms < self._resume_ms:
            return
        try:
            if self._shelf is None:
                self._shelf = self.opened()
            self._shelf.add(coded, template)
            self._mark(self._shelf)
        except (OSError, FFmpegError) as error:
            self._failed(error, coded.t_ms)

    def close(self) -> None:
        """End the file that is open."""
        if self._shelf is None:
            return
        try:
            self._mark(self._shelf)
            self._shelf.close()
        except (OSError, FFmpegError) as error:
            self._failed(error, self._resume_ms)

    def _mark(self, shelf: Shelf) -> None:
        while self._acts:
            shelf.keep(*self._acts.popleft())

    def _failed(self, error: Exception, t_ms: int) -> None:
        self.failures += 1
        self._resume_ms = t_ms + SEGMENT_MS
        log.error("video.not_recorded", problem=str(error), again_in_s=SEGMENT_MS // 1000)
        shelf, self._shelf = self._shelf, None
        try:
            if shelf is not None:
                shelf.close()
        except (OSError, FFmpegError) as further:
            log.error("video.not_closed", problem=str(further))
