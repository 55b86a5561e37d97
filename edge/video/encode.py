"""H.264 by x264 (PyAV): one encoder a camera, no B-frames, so every picture leaves at once and in order.

It knows the band and the colours; when a picture stands by itself, and what becomes of the bytes, others decide.
"""

import io
from fractions import Fraction
from typing import Final

import av
import cv2
import numpy as np
from av import VideoFrame
from av.codec.context import Flags
from av.video.frame import PictureType
from av.video.plane import VideoPlane
from av.video.stream import VideoStream

from edge.pipeline import PictureBgr
from edge.video.band import Band, Luma
from edge.video.ring import Coded
from edge.video.settings import VideoSettings

MS: Final = Fraction(1, 1000)
BT601: Final = 6
"""SMPTE 170M in the tables of H.264 annex E: what OpenCV's conversion to YUV computes."""
NO_COLOUR: Final = 128


class _Nowhere(io.RawIOBase):
    """PyAV wants a container around an encoder's stream; this one is kept nowhere."""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return memoryview(data).nbytes  # type: ignore[arg-type]  # whatever has a buffer


class Encoder:
    """Codes pictures of one size. ``stream`` is the template of every file that its bytes are put into."""

    def __init__(self, size_px: tuple[int, int], band: Band, settings: VideoSettings) -> None:
        """Start x264. ``size_px`` is a picture's width and height; an odd one is filled up by a line."""
        self.width_px, picture_px = (side + side % 2 for side in size_px)
        self.height_px = picture_px + band.height_px
        self._band = band
        self._container = av.open(_Nowhere(), "w", format="matroska")
        self.stream = self._opened(settings)

    def code(self, picture_bgr: PictureBgr, number: int, t_ms: int, *, key: bool) -> Coded:
        """Code the next picture, (height, width, 3) uint8. Its bytes need the pictures since the last ``key``."""
        frame = with_band(i420(picture_bgr), self._band.draw(number, t_ms))
        frame.pts, frame.time_base = t_ms, MS
        if key:
            frame.pict_type = PictureType.I
        (packet,) = self.stream.encode(frame)
        return Coded(number, t_ms, bytes(packet), packet.is_keyframe)

    def close(self) -> None:
        """Let x264 go."""
        self.stream.encode(None)
        self._container.close()

    def _opened(self, settings: VideoSettings) -> VideoStream:
        options = {
            "preset": settings.preset,
            "tune": "zerolatency",
            "crf": str(settings.crf),
            "forced-idr": "1",
            "x264-params": "keyint=infinite:scenecut=0:bframes=0:open-gop=0",
        }
        stream = self._container.add_stream("libx264", rate=round(settings.fps_max), options=options)
        context = stream.codec_context
        context.width, context.height, context.pix_fmt = self.width_px, self.height_px, "yuv420p"
        context.time_base, context.thread_count = MS, 1
        context.colorspace = context.color_primaries = context.color_trc = BT601
        context.color_range = 1  # video range
        context.flags |= Flags.global_header.value
        self._container.start_encoding()
        return stream


def i420(picture_bgr: PictureBgr) -> Luma:
    """Return a picture as I420 planes, (height * 3 / 2, width) uint8, both sides even."""
    height_px, width_px = picture_bgr.shape[:2]
    if height_px % 2 or width_px % 2:
        filled = cv2.copyMakeBorder(picture_bgr, 0, height_px % 2, 0, width_px % 2, cv2.BORDER_REPLICATE)
        picture_bgr = np.asarray(filled, dtype=np.uint8)
    return np.asarray(cv2.cvtColor(picture_bgr, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)


def with_band(planes: Luma, band: Luma) -> VideoFrame:
    """Return I420 planes with a grey band below the picture, each byte copied once."""
    height_px, width_px = planes.shape[0] * 2 // 3, planes.shape[1]
    frame = VideoFrame(width_px, height_px + band.shape[0], "yuv420p")
    luma, *colours = (_bytes_of(plane) for plane in frame.planes)
    luma[:height_px, :width_px] = planes[:height_px]
    luma[height_px:, :width_px] = band
    halves = planes[height_px:].reshape(2, height_px // 2, width_px // 2)
    for colour, half in zip(colours, halves, strict=True):
        colour[: height_px // 2, : width_px // 2] = half
        colour[height_px // 2 :, : width_px // 2] = NO_COLOUR
    return frame


def _bytes_of(plane: VideoPlane) -> Luma:
    """Return a plane's own bytes, (height, line size) uint8, to be written."""
    shared = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]  # it has a buffer, which its stub cannot say
    return np.asarray(shared).reshape(-1, plane.line_size)
