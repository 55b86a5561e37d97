"""One connection to a stream, decoded by FFmpeg: its frames, each with the sender's wall-clock time where it tells it.

PyAV opens it: OpenCV's face of FFmpeg neither tells the sender's wall clock nor keeps to a time limit on a dead link.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import av
from av import VideoFrame
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

OPEN_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 3.0
TOLD_MAX: Final = 64
PRODUCER_REFERENCE_TIME: Final = "prft"
OPTIONS: Final = {"fflags": "nobuffer", "analyzeduration": "500000"}
"""What came while FFmpeg was still looking is let go: its time of arrival would be that of the burst."""
RTSP_OPTIONS: Final = {"rtsp_transport": "tcp"}
RTSP_READS: Final = 2
"""FFmpeg's RTSP begins a read that was cut off once more before it gives up (measured, FFmpeg 8)."""


class LinkError(Exception):
    """The stream cannot be opened, or has broken; the text says why, and never the address with its password."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A frame, None where what came was broken; and when the sender says that it was taken, ms since the epoch."""

    frame: VideoFrame | None
    stream_ms: int | None = None


@contextmanager
def connection(address: str) -> Iterator[Iterator[Decoded]]:
    """Connect, and give the frames as they come, until the stream ends. Raises LinkError."""
    rtsp = address.startswith("rtsp")
    options = OPTIONS | (RTSP_OPTIONS if rtsp else {})
    read_s = READ_TIMEOUT_S / (RTSP_READS if rtsp else 1)
    try:
        with av.open(address, options=options, timeout=(OPEN_TIMEOUT_S, read_s)) as container:
            yield _decoded(container)
    except av.error.ExitError as error:
        raise LinkError(f"no answer for {OPEN_TIMEOUT_S:.0f} s, or no data for {READ_TIMEOUT_S:.0f} s") from error
    except (av.error.FFmpegError, OSError) as error:
        raise LinkError(error.strerror or type(error).__name__) from error  # str(error) repeats the whole address


def _decoded(container: InputContainer) -> Iterator[Decoded]:
    if not container.streams.video:
        raise LinkError("it holds no video")
    video = container.streams.video[0]
    video.thread_type = "NONE"  # frame threads would hold frames back, and one core is enough for one camera
    told_ms: dict[int | None, int] = {}
    for packet in container.demux(video):
        wall_ms = _wall_clock_ms(packet)
        if wall_ms is not None and packet.pts is not None:
            told_ms[packet.pts] = wall_ms
        for frame in _frames_of(packet):  # a decoder may give an earlier packet's frame: its number tells which
            yield Decoded(frame, None if frame is None else told_ms.pop(frame.pts, None))
        while len(told_ms) > TOLD_MAX:
            del told_ms[next(iter(told_ms))]


def _frames_of(packet: "Packet[VideoStream]") -> list[VideoFrame | None]:
    """Decode; what is broken is None: packets were lost, or we came in between two whole pictures."""
    try:
        return [None if frame.is_corrupt else frame for frame in packet.decode()]
    except av.error.InvalidDataError:
        return [None]


def _wall_clock_ms(packet: "Packet[VideoStream]") -> int | None:
    """Return the sender's wall-clock time of a packet, ms since the Unix epoch, where the stream tells it."""
    if not packet.has_sidedata(PRODUCER_REFERENCE_TIME):
        return None
    (microseconds,) = struct.unpack_from("<q", bytes(packet.get_sidedata(PRODUCER_REFERENCE_TIME)))
    return int(microseconds // 1000)
