"""Keeps a box's camera processes running: starts them, starts a dead one again, kills one that says nothing any more.

No time of day in here: a clock that is set must neither kill a camera nor keep a dead one waiting.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final, Protocol

import structlog

from edge.config import CameraConfig

log = structlog.get_logger()

BEGIN_S: Final = 120.0
"""Until its first frame: a large model is opened, packages are sealed that the last process had left."""
LOOK_S: Final = 0.5
PAUSE_FIRST_S: Final = 1.0
PAUSE_MAX_S: Final = 60.0
STEADY_S: Final = 60.0
"""A process that has run for so long was well: the next pause is the first one again."""
STOP_S: Final = 20.0
"""For all of them together: each packs what it holds. systemd waits longer (TimeoutStopSec)."""
FINAL: Final = frozenset({0, 2})
"""Exit statuses after which starting again would not mend it: the source has ended, or its input is wrong."""


class Process(Protocol):
    """A camera's process."""

    @property
    def exitcode(self) -> int | None:
        """None while it runs; below 0: the signal that ended it."""
        ...

    def kill(self) -> None:
        """End it at once, also where it hangs or is stopped."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        ...


@dataclass(slots=True)
class Kept:
    """One camera. ``ended`` is its process's last word: None while it runs or is to be started again."""

    config: CameraConfig
    camera_id: str
    process: Process | None = None
    prompts: Connection | None = None
    ended: int | None = None
    restarts: int = 0
    hung: int = 0
    pause_s: float = 0.0
    not_before_s: float = 0.0
    started_s: float = 0.0
    heard_s: float = 0.0
    last_word: object = None
    frames: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """The last word of a camera's process: when it was left, by the clock that may be set, and how many frames."""

    noted_at_ms: int
    frames: int


@dataclass(slots=True)
class Supervisor:
    """Watches over the cameras of one box.

    Attributes:
        start: starts a camera's process, and returns it with the end of the pipe on which its prompts come.
        words: gives the last word of each camera's process, also of one that is gone.
        silent_s: a process leaves word every second; after so long without one it hangs.
    """

    cameras: tuple[Kept, ...]
    start: Callable[[CameraConfig], tuple[Process, Connection]]
    words: Callable[[], Mapping[str, Word]]
    silent_s: float
    now_s: Callable[[], float] = time.monotonic
    _looked_s: float = field(default=float("-inf"), init=False)

    def pump(self) -> None:
        """Do what is due."""
        now_s = self.now_s()
        look = now_s - self._looked_s >= LOOK_S
        words = self.words() if look else {}
        if look:
            self._looked_s = now_s
        for camera in self.cameras:
            if camera.ended is None:
                self._pump(camera, now_s, words.get(camera.camera_id))

    def pipes(self) -> Iterator[Connection]:
        """Yield the pipes on which prompts come."""
        yield from (camera.prompts for camera in self.cameras if camera.prompts is not None)

    def all_ended(self) -> bool:
        """Tell whether no camera runs or will run again."""
        return all(camera.ended is not None for camera in self.cameras)

    def stop(self) -> None:
        """End every process; one that does not end is killed."""
        running = [camera.process for camera in self.cameras if camera.process is not None]
        for process in running:
            process.terminate()
        until_s = self.now_s() + STOP_S
        for process in running:
            process.join(max(0.0, until_s - self.now_s()))
            if process.exitcode is None:
                process.kill()
                process.join()

    def _pump(self, camera: Kept, now_s: float, word: Word | None) -> None:
        if camera.process is None:
            if now_s >= camera.not_before_s:
                self._begin(camera, now_s)
        elif camera.process.exitcode is not None:
            self._after(camera, camera.process.exitcode, now_s)
        elif self._hangs(camera, now_s, word):
            log.error("camera.hangs", camera=camera.camera_id, silent_s=round(now_s - camera.heard_s))
            camera.hung += 1
            camera.heard_s = now_s  # its end is seen at one of the next looks, and it is counted once
            camera.process.kill()

    def _begin(self, camera: Kept, now_s: float) -> None:
        camera.last_word, camera.frames = self.words().get(camera.camera_id), 0
        camera.process, camera.prompts = self.start(camera.config)
        camera.started_s = camera.heard_s = now_s

    def _hangs(self, camera: Kept, now_s: float, word: Word | None) -> bool:
        if word is not None and word != camera.last_word:
            camera.last_word, camera.heard_s, camera.frames = word, now_s, word.frames
        return now_s - camera.heard_s > (self.silent_s if camera.frames else BEGIN_S)

    def _after(self, camera: Kept, exit_status: int, now_s: float) -> None:
        """Decide what a process's end means."""
        camera.process = None
        if camera.prompts is not None:
            camera.prompts.close()
            camera.prompts = None
        if exit_status in FINAL:
            camera.ended = exit_status
            log.info("camera.ended", camera=camera.camera_id, status=exit_status)
            return
        camera.pause_s = pause_s(camera.pause_s, now_s - camera.started_s)
        camera.not_before_s = now_s + camera.pause_s
        camera.restarts += 1
        log.error("camera.died", camera=camera.camera_id, status=exit_status, restart_s=camera.pause_s)


def pause_s(last_s: float, ran_s: float) -> float:
    """Return how long to wait before a process is started again: twice as long each time, up to a minute."""
    return PAUSE_FIRST_S if ran_s >= STEADY_S or last_s == 0 else min(2 * last_s, PAUSE_MAX_S)
