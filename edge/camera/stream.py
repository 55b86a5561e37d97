"""A live stream (RTSP, HTTP): decoded in a thread of its own, the newest frame wins, reconnected with growing pauses.

PyAV opens it: OpenCV's face of FFmpeg neither tells the sender's wall clock nor keeps to a time limit on a dead link.
"""

import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
import structlog
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from edge.camera.source import without_secret
from edge.camera.timing import FrameClock
from edge.pipeline import Frame

log = structlog.get_logger()

OPEN_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 3.0
PAUSES_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Between two tries to connect; the last one repeats. A frame starts again at the first."""
IDLE_S: Final = 1.0
TOLD_MAX: Final = 64
PRODUCER_REFERENCE_TIME: Final = "prft"
OPTIONS: Final = {"rtsp_transport": "tcp", "fflags": "nobuffer"}

NowMs = Callable[[], int]


@dataclass(slots=True)
class Counts:
    """What has come of a stream so far."""

    decoded: int = 0
    dropped: int = 0
    connections: int = 0


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
        self._newest: Frame | None = None
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
    def size_px(self) -> tuple[int, int]:
        """Return width and height of the newest frame, (0, 0) before it has come."""
        frame = self._newest
        return (0, 0) if frame is None else (frame.picture_bgr.shape[1], frame.picture_bgr.shape[0])

    def wait_first(self) -> bool:
        """Wait for the first frame; False if it was stopped before one came."""
        with self._changed:
            while self._newest is None and not self._stopping.is_set():
                if not self._changed.wait(IDLE_S):
                    self._idle()
        return self._newest is not None

    def frames(self) -> Iterator[Frame]:
        """Yield the newest frame whenever there is one that was not yielded before, until ``stop``."""
        while not self._stopping.is_set():
            with self._changed:
                self._changed.wait_for(self._is_over_or_fresh, IDLE_S)
                frame = self._newest
                fresh = frame is not None and frame.t_ms > self._taken_ms
                self._taken_ms = frame.t_ms if frame is not None and fresh else self._taken_ms
            if frame is not None and fresh:
                yield frame
            else:
                self._idle()

    def stop(self) -> None:
        """End: the thread lets go of the stream."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(timeout=OPEN_TIMEOUT_S + READ_TIMEOUT_S)

    def _is_over_or_fresh(self) -> bool:
        fresh = self._newest is not None and self._newest.t_ms > self._taken_ms
        return fresh or self._stopping.is_set()

    def _run(self) -> None:
        tries = 0
        while not self._stopping.is_set():
            before = self.counts.decoded
            self._watch_once()
            tries = 0 if self.counts.decoded > before else tries + 1
            self._stopping.wait(PAUSES_S[min(tries, len(PAUSES_S) - 1)])

    def _watch_once(self) -> None:
        """Connect and decode until the stream ends or breaks."""
        place = without_secret(self._address)
        try:
            with av.open(
                self._address,
                options=OPTIONS if self._address.startswith("rtsp") else {},
                timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
            ) as container:
                self.counts.connections += 1
                log.info("camera.connected", source=place, connections=self.counts.connections)
                self._decode(container)
                log.warning("camera.ended", source=place)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            # FFmpeg repeats the whole address in its message, password included: only what went wrong is told.
            log.warning("camera.lost", source=place, why=getattr(error, "strerror", None) or type(error).__name__)

    def _decode(self, container: InputContainer) -> None:
        video = container.streams.video[0]
        wall_ms: dict[int | None, int] = {}
        video.thread_type = "NONE"  # frame threads would hold frames back, and one core is enough for one camera
        for packet in container.demux(video):
            if self._stopping.is_set():
                return
            told_ms = _wall_clock_ms(packet)
            if told_ms is not None and packet.pts is not None:
                wall_ms[packet.pts] = told_ms
            for frame in packet.decode():  # a decoder may give an earlier packet's frame: the time goes by its number
                self._put(frame.to_ndarray(format="bgr24"), wall_ms.pop(frame.pts, None))
            while len(wall_ms) > TOLD_MAX:
                del wall_ms[next(iter(wall_ms))]

    def _put(self, picture: np.ndarray, stream_ms: int | None) -> None:
        arrived_ms = self._now_ms()
        with self._changed:
            t_ms, whose = self._clock.time_of(stream_ms, arrived_ms)
            if self._newest is not None and self._newest.t_ms > self._taken_ms:
                self.counts.dropped += 1
            self._newest = Frame(t_ms, np.asarray(picture, dtype=np.uint8), whose)
            self.counts.decoded += 1
            self.last_frame_ms = arrived_ms
            self._changed.notify_all()


def _wall_clock_ms(packet: "Packet[VideoStream]") -> int | None:
    """Return the sender's wall-clock time of a packet, ms since the Unix epoch, where the stream tells it."""
    if not packet.has_sidedata(PRODUCER_REFERENCE_TIME):
        return None
    (microseconds,) = struct.unpack_from("<q", bytes(packet.get_sidedata(PRODUCER_REFERENCE_TIME)))
    return int(microseconds // 1000)
