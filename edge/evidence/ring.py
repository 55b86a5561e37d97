"""The pictures of the last minute, compressed, so that the memory of a camera is bounded by bytes and seconds."""

from collections import deque
from dataclasses import dataclass

import cv2

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


class Ring:
    """Keeps a picture every ``interval_ms``; the oldest leave first."""

    def __init__(self, settings: RingSettings | None = None) -> None:
        self._settings = settings or RingSettings()
        self._kept: deque[Kept] = deque()
        self._bytes = 0

    def offer(self, frame: Frame, observation: Observation, *, always: bool = False) -> None:
        """Keep the picture if the last one is old enough, or in any case when ``always``."""
        if self._kept:
            age_ms = frame.t_ms - self._kept[-1].observation.t_ms
            if age_ms == 0 or (age_ms < self._settings.interval_ms and not always):
                return
        height_px, width_px = frame.picture_bgr.shape[:2]
        jpeg = encode_jpeg(frame.picture_bgr, self._settings.jpeg_quality)
        kept = Kept(observation, jpeg, (width_px, height_px))
        self._kept.append(kept)
        self._bytes += len(kept.jpeg)
        self._forget(frame.t_ms)

    def kept(self) -> tuple[Kept, ...]:
        """Return what is kept, oldest first."""
        return tuple(self._kept)

    def _forget(self, now_ms: int) -> None:
        settings = self._settings
        while len(self._kept) > 1 and (
            self._bytes > settings.bytes_max or self._kept[0].observation.t_ms < now_ms - settings.span_ms
        ):
            self._bytes -= len(self._kept.popleft().jpeg)


def encode_jpeg(picture_bgr: PictureBgr, quality: int) -> bytes:
    """Return a baseline JPEG."""
    done, encoded = cv2.imencode(".jpg", picture_bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"expected a picture that JPEG can hold, found shape {picture_bgr.shape}")
    return encoded.tobytes()
