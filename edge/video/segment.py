"""One file of raw video while it is written: Matroska, so that a kill costs at most the second that is open.

A group of pictures is handed to the kernel when the next one begins; the file is made to last (fsync) when it is
closed. Until then a power cut may cost what Linux has not written by itself, some 30 s.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import av
from av.video.stream import VideoStream

from edge.video.mp4 import MS, packet_of
from edge.video.ring import Coded

MODE: Final = 0o600
OPTIONS: Final = {"cluster_time_limit": "1000"}


class OpenSegment:
    """A file that grows; nobody but the box's user may read it."""

    def __init__(self, path: Path, template: VideoStream, from_ms: int, start_ms: int) -> None:
        """Make the file, which must not be there yet. ``from_ms`` is the capture time of its first picture."""
        self.path, self.from_ms = path, from_ms
        self._file = os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE), "wb", buffering=0)
        try:
            self._container = av.open(self._file, "w", format="matroska", options=OPTIONS)
            self._container.metadata["creation_time"] = _iso(start_ms + from_ms)
            self._stream = self._container.add_stream_from_template(template, opaque=True)
            self._stream.time_base = MS
        except BaseException:
            self._file.close()
            raise

    def write(self, coded: Coded) -> None:
        """Append the next picture; the first one must stand by itself. Raises OSError where the disk is full."""
        self._container.mux(packet_of(coded, self._stream, self.from_ms))

    def close(self) -> None:
        """Write the index and make the file last. Raises OSError where the disk is full."""
        try:
            self._container.close()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()


def _iso(epoch_ms: int) -> str:
    return datetime.fromtimestamp(epoch_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
