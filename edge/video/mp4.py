"""Coded pictures into one MP4 that browsers play: nothing is coded again, and the index stands in front."""

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

import av
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from edge.video.ring import Coded

MS: Final = Fraction(1, 1000)


class _Kept(io.BytesIO):
    """Memory that outlives its being closed by the muxer."""

    def close(self) -> None:
        """Stay."""


def mp4(template: VideoStream, frames: Sequence[Coded], frame_ms: int) -> bytes:
    """Return an MP4. Its time runs as the capture time does, from 0 at the first picture; the last lasts ``frame_ms``.

    The first frame must stand by itself.
    """
    file = _Kept()

    def opened(_address: str, _flags: int, _options: Mapping[str, str]) -> io.BytesIO:
        return io.BytesIO(file.getvalue())  # the muxer reads what it has written to put the index in front

    with av.open(file, "w", format="mp4", options={"movflags": "faststart"}, io_open=opened) as container:
        stream = container.add_stream_from_template(template, opaque=True)
        stream.time_base = MS
        ends_ms = [frame.t_ms for frame in frames[1:]] + [frames[-1].t_ms + frame_ms]
        for frame, end_ms in zip(frames, ends_ms, strict=True):
            packet = packet_of(frame, stream, frames[0].t_ms)
            packet.duration = end_ms - frame.t_ms
            container.mux(packet)
    return file.getvalue()


def packet_of(frame: Coded, stream: VideoStream, from_ms: int) -> "Packet[Stream]":
    """Return a coded picture as a packet of a file whose time begins at ``from_ms``."""
    packet = Packet(frame.data)
    packet.stream = stream
    packet.time_base = MS
    packet.pts = packet.dts = frame.t_ms - from_ms
    packet.is_keyframe = frame.key
    return packet
