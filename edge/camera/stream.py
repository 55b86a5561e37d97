"""A live stream (RTSP, HTTP): decoded in a thread, the newest frame wins, opened again with growing pauses."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import structlog
from av import VideoFrame

from edge.camera.decode import OPEN_TIMEOUT_S, READ_TIMEOUT_S, Decoded, LinkError, connection
from edge.camera.source import without_secret
from edge.camera.timing import FrameClock, Stamp
from edge.pipeline import Frame

log = structlog.get_logger()

PAUSES_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Between two tries to connect; the last one repeats. A frame starts again at the first."""
IDLE_S: Final = 1.0

NowMs = Callable[[], int]


@dataclass(slots=True)
class Counts:
    """What has come of a stream so far.

    ``dropped`` frames were not looked at: the watcher was busy, or two clocks overlapped. ``broken`` ones could not be
    decoded whole.
    """

    decoded: int = 0
    dropped: int = 0
    broken: int = 0
    connections: int = 0


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest frame. It is turned into a picture only when somebody takes it: most may be dropped."""

    stamp: Stamp
    frame: VideoFrame

    def picture(self) -> Frame:
        picture_bgr = np.asarray(self.frame.to_ndarray(format="bgr24"), dtype=np.uint8)
        return Frame(self.stamp.t_ms, picture_bgr, self.stamp.clock_source)


class LiveStream:
    """A stream that is watched until ``stop``; every frame that the watcher was too slow for is counted."""

    frames_expected = 0
    problem: str | None = None

    def __init__(self, address: str, now_ms: NowMs, idle: Callable[[], None] = lambda: None) -> None:
        """Start connecting. ``idle`` is called about once a second while no frame comes."""
        self._address = address
        self._now_ms = now_ms
        self._idle = idle
        self._clock = FrameClock()
        self._changed = threading.Condition()
        self._newest: _Newest | None = None
        self._failed: Exception | None = None
        self._taken_ms = -1
        self._stopping = threading.Event()
        self.counts = Counts()
        self.last_frame_ms: int | None = None
        self._thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self._thread.start()

    @property
    def start_ms(self) -> int | None:
        """Return when the first frame was taken, ms since the Unix epoch; None before it has come."""
        return self._clock.start_ms

    @property
    def camera_offset_ms(self) -> int | None:
        """Return how far the camera's clock is off the box's by the newest frame; None where it does not say."""
        return self._clock.camera_offset_ms

    @property
    def size_px(self) -> tuple[int, int]:
        """Return width and height of the newest frame, (0, 0) before it has come."""
        newest = self._newest
        return (0, 0) if newest is None else (newest.frame.width, newest.frame.height)

    def wait_first(self) -> bool:
        """Wait for the first frame; False if it was stopped before one came."""
        while self._newest is None and not self._stopping.is_set():
            if not self._wait():
                self._idle()
        return self._newest is not None

    def frames(self) -> Iterator[Frame]:
        """Yield the newest frame whenever there is one that was not yielded before, until ``stop``.

        Raises:
            PartMissingError: the box's clock was set back.
        """
        while not self._stopping.is_set():
            self._wait()
            with self._changed:
                newest = self._newest if self._is_fresh() else None
                if newest is not None:
                    self._taken_ms = newest.stamp.t_ms
            if newest is None:
                self._idle()
            else:
                yield newest.picture()

    def stop(self) -> None:
        """End: the thread lets go of the stream."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(timeout=OPEN_TIMEOUT_S + READ_TIMEOUT_S)

    def _wait(self) -> bool:
        """Wait a second for a frame; raise here what has ended the thread."""
        with self._changed:
            come = self._changed.wait_for(self._is_over_or_fresh, IDLE_S)
        if self._failed is not None:
            raise self._failed
        return come

    def _is_fresh(self) -> bool:
        return self._newest is not None and self._newest.stamp.t_ms > self._taken_ms

    def _is_over_or_fresh(self) -> bool:
        return self._is_fresh() or self._stopping.is_set() or self._failed is not None

    def _run(self) -> None:
        """Be the thread: whatever ends it is raised where frames are waited for."""
        try:
            self._keep_watching()
        except Exception as error:
            with self._changed:
                self._failed = error
                self._changed.notify_all()

    def _keep_watching(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            before = self.counts.decoded
            self._watch_once()
            tries = 0 if self.counts.decoded > before else tries + 1
            self._stopping.wait(PAUSES_S[min(tries, len(PAUSES_S) - 1)])

    def _watch_once(self) -> None:
        """Connect and take frames until the stream ends or breaks."""
        place = without_secret(self._address)
        try:
            with connection(self._address) as frames:
                self.counts.connections += 1
                self._clock.connected()
                log.info("camera.connected", source=place, connections=self.counts.connections)
                for decoded in frames:
                    if self._stopping.is_set():
                        return
                    self._put(decoded)
            log.warning("camera.lost", source=place, why="the stream ended")
        except LinkError as error:
            log.warning("camera.lost", source=place, why=str(error))

    def _put(self, decoded: Decoded) -> None:
        if decoded.frame is None:
            self.counts.broken += 1
            return
        arrived_ms = self._now_ms()
        with self._changed:
            self.counts.decoded += 1
            self.last_frame_ms = arrived_ms
            stamp = self._clock.time_of(decoded.stream_ms, arrived_ms)
            if stamp is None or self._is_fresh():
                self.counts.dropped += 1
            if stamp is not None:
                self._newest = _Newest(stamp, decoded.frame)
                self._changed.notify_all()
