"""The pictures of the last minute, compressed, so that the memory of a camera is bounded by bytes and seconds.

A picture is kept when it comes; who is in it is known a little later, when the tracker is sure of that instant.
"""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import cv2

from contract.fields import ClockSource
from edge.observations import Observation
from edge.pipeline import Frame, PictureBgr


@dataclass(frozen=True, slots=True)
class RingSettings:
    """How much is kept."""

    interval_ms: int = 200
    span_ms: int = 60_000
    bytes_max: int = 96 * 1024 * 1024
    jpeg_quality: int = 92


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept picture, its width and height, and who was in it."""

    observation: Observation
    jpeg: bytes
    size_px: tuple[int, int]
    clock_source: ClockSource = "footage"


@dataclass(slots=True)
class _Picture:
    t_ms: int
    jpeg: "Future[bytes]"
    size_px: tuple[int, int]
    clock_source: ClockSource
    observation: Observation | None = None


class Ring:
    """Keeps a picture every ``interval_ms``; the oldest leave first. A thread of its own compresses them."""

    def __init__(self, settings: RingSettings | None = None) -> None:
        self._settings = settings or RingSettings()
        self._pictures: deque[_Picture] = deque()
        self._encoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ring")
        self._bytes = 0  # of all pictures but the newest

    def offer(self, frame: Frame) -> None:
        """Keep the picture if the last one is old enough."""
        if self._pictures and frame.t_ms - self._pictures[-1].t_ms < self._settings.interval_ms:
            return
        height_px, width_px = frame.picture_bgr.shape[:2]
        if self._pictures:
            self._bytes += len(self._pictures[-1].jpeg.result())  # by now it is done; so at most one is under way
        jpeg = self._encoder.submit(encode_jpeg, frame.picture_bgr, self._settings.jpeg_quality)
        self._pictures.append(_Picture(frame.t_ms, jpeg, (width_px, height_px), frame.clock_source))
        self._forget(frame.t_ms)

    def describe(self, observation: Observation) -> bool:
        """Say who is in the picture of that instant; return whether there is one."""
        for picture in reversed(self._pictures):
            if picture.t_ms == observation.t_ms:
                picture.observation = observation
                return True
            if picture.t_ms < observation.t_ms:
                break
        return False

    def kept(self) -> tuple[Kept, ...]:
        """Return the pictures of which it is known who is in them, oldest first."""
        return tuple(
            Kept(p.observation, p.jpeg.result(), p.size_px, p.clock_source)
            for p in self._pictures
            if p.observation is not None
        )

    def _forget(self, now_ms: int) -> None:
        settings = self._settings
        while len(self._pictures) > 1 and (
            self._bytes > settings.bytes_max or self._pictures[0].t_ms < now_ms - settings.span_ms
        ):
            self._bytes -= len(self._pictures.popleft().jpeg.result())


def encode_jpeg(picture_bgr: PictureBgr, quality: int) -> bytes:
    """Return a baseline JPEG."""
    done, encoded = cv2.imencode(".jpg", picture_bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"expected a picture that JPEG can hold, found shape {picture_bgr.shape}")
    return encoded.tobytes()
