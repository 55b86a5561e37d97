"""One picture of a camera, to be drawn on: out of a picture file, a video, or a stream."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.camera.file import VideoFile
from edge.camera.stream import LiveStream
from edge.errors import InputProblemError, PartMissingError

PICTURES: Final = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".webp"})
WAIT_S: Final = 15
JPEG_QUALITY: Final = 95
PictureBgr = NDArray[np.uint8]


def still_of_file(path: Path, at_s: float) -> PictureBgr:
    """Return a picture file, or a video's frame at a time. Raises InputProblemError."""
    if path.suffix.lower() in PICTURES:
        read = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if read is None:
            raise InputProblemError(f"{path}: expected a picture, found none that can be read")
        return np.asarray(read, dtype=np.uint8)
    last = None
    for frame in VideoFile(path).frames():
        last = frame
        if frame.t_ms >= at_s * 1000:
            return frame.picture_bgr
    found = "no frame" if last is None else f"only {last.t_ms / 1000:.1f} s"
    raise InputProblemError(f"{path}: expected a frame at {at_s:g} s, found {found}")


def still_of_stream(address: str, shown: str, now_ms: Callable[[], int], wait_s: int = WAIT_S) -> PictureBgr:
    """Return the newest frame of a stream.

    Args:
        address: where it is, with its password.
        shown: the same without it, for people.
        now_ms: the clock.
        wait_s: so many seconds, about, are enough for a camera.

    Raises:
        PartMissingError: none has come for a while.
    """
    waited = 0

    def idle() -> None:
        nonlocal waited
        waited += 1
        if waited >= wait_s:
            raise PartMissingError(
                shown, f"no picture came within {wait_s} s", "Is the camera on, and its address right?"
            )

    stream = LiveStream(address, now_ms, idle)
    try:
        stream.wait_first()
        return next(stream.frames()).picture_bgr
    finally:
        stream.stop()


def as_jpeg(picture_bgr: PictureBgr) -> bytes:
    """Return a picture as JPEG."""
    _, data = cv2.imencode(".jpg", picture_bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return data.tobytes()
