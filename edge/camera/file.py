"""The camera adapter: frames with their capture time, out of a video file. Live streams come with a later source."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge.errors import InputProblemError
from edge.pipeline import Frame

INTERVAL_MAX_MS: Final = 60_000


class VideoFile:
    """A video file, every frame of it. ``problem`` says after the last frame what was wrong with the file, if so."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises InputProblemError (one line) if it is absent, empty or no video."""
        self._capture = _open(path)
        self._path = path
        self.frames_expected = max(0, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        self.frames_per_second = float(self._capture.get(cv2.CAP_PROP_FPS)) or 25.0
        self.size_px = (
            int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
        )
        self.problem: str | None = None

    def frames(self) -> Iterator[Frame]:
        """Yield the frames in order; times start at 0 ms and never stand still or go back."""
        count, last_ms = 0, -1
        while True:
            stream_ms = self._capture.get(cv2.CAP_PROP_POS_MSEC)
            there, picture = self._capture.read()
            if not there or picture is None:
                break
            last_ms = self._time_ms(count, stream_ms, last_ms)
            yield Frame(last_ms, np.asarray(picture, dtype=np.uint8))
            count += 1
        self._capture.release()
        if count < self.frames_expected:
            self.problem = f"{self._path}: expected {self.frames_expected} frames, found {count}: the file is truncated"

    def _time_ms(self, index: int, stream_ms: float, last_ms: int) -> int:
        """Prefer the stream's own time (uneven steps happen); fall back on the nominal rate where it has none."""
        if index == 0:
            return 0
        nominal_ms = round(index * 1000 / self.frames_per_second)
        stamped_ms = round(stream_ms)
        return stamped_ms if last_ms < stamped_ms <= last_ms + INTERVAL_MAX_MS else max(nominal_ms, last_ms + 1)


def _open(path: Path) -> cv2.VideoCapture:
    if not path.is_file():
        raise InputProblemError(f"{path}: expected a video file, found nothing there")
    if path.stat().st_size == 0:
        raise InputProblemError(f"{path}: expected a video file, found an empty one")
    cv2.utils.logging.setLogLevel(
        cv2.utils.logging.LOG_LEVEL_SILENT
    )  # its own warnings would stand beside our one line
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened() or capture.get(cv2.CAP_PROP_FRAME_WIDTH) < 1:
        raise InputProblemError(f"{path}: expected a video, found {_first_bytes(path)}, which cannot be decoded")
    return capture


def _first_bytes(path: Path) -> str:
    with path.open("rb") as file:
        return f"bytes {file.read(8).hex(' ')}"
