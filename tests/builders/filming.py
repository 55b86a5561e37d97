"""A film of made-up or real pictures, what a decoder finds in it, and what its bands say to whoever reads them."""

import io
from itertools import islice
from pathlib import Path

import av
import numpy as np

from contract.messages import ModelUsed
from contract.words import RoadUserKind, ViolationKind
from edge.camera.file import VideoFile
from edge.observations import Violation
from edge.pipeline import Frame
from edge.report import Place
from edge.video.band import Band
from edge.video.encode import Encoder
from edge.video.ring import Coded
from edge.video.settings import VideoSettings

START_MS = 1_767_225_602_000
"""2026-01-01 08:00:02 in China."""
DIGITS = "0123456789"


def place(start_ms: int = START_MS) -> Place:
    """Return a camera of a demonstration."""
    model = ModelUsed(name="m", sha256="0" * 64)
    return Place("box", "s", "site", "c-1", "north", start_ms, True, {}, model, "0" * 64, "0.1.0")


def act(entered_ms: int, confirmed_ms: int, track_id: int = 7) -> Violation:
    """Return somebody's walk on red."""
    return Violation(
        ViolationKind.PEDESTRIAN_RED_LIGHT,
        track_id,
        "n",
        "ped",
        entered_ms,
        confirmed_ms,
        3.0,
        RoadUserKind.PEDESTRIAN,
    )


def real_frames(footage: Path, count: int) -> list[Frame]:
    """Return the first frames of the real footage, ten a second."""
    return list(islice(VideoFile(footage).frames(), count))


def grey_frames(count: int, step_ms: int = 100, size_px: tuple[int, int] = (320, 240)) -> list[Frame]:
    """Return pictures that brighten from frame to frame."""
    width_px, height_px = size_px
    return [Frame(n * step_ms, np.full((height_px, width_px, 3), 40 + n % 160, np.uint8)) for n in range(count)]


def coded_seconds(seconds: int, from_ms: int = 0) -> tuple[Encoder, list[Coded]]:
    """Return an encoder and so many seconds of what it coded: four pictures a second, the first stands by itself."""
    encoder = Encoder((64, 48), Band(64, "c-1", START_MS), VideoSettings())
    frames = grey_frames(seconds * 4, 250, (64, 48))
    return encoder, [encoder.code(f.picture_bgr, n + 1, from_ms + f.t_ms, key=n % 4 == 0) for n, f in enumerate(frames)]


def decoded(source: bytes | Path) -> list[tuple[int, np.ndarray]]:
    """Return what a decoder finds: each picture's time in ms and its luma."""
    with av.open(io.BytesIO(source) if isinstance(source, bytes) else str(source)) as container:
        return [(round(f.pts * f.time_base * 1000), f.to_ndarray()[: f.height]) for f in container.decode(video=0)]


def read_band(luma: np.ndarray, band: Band, like: str) -> str:
    """Read the digits of a picture's band glyph by glyph, as a person would: the likest one; others as in ``like``."""
    row = luma[-band.height_px :].astype(float)
    return "".join(
        _likest(row[:, n * band.cell_px : (n + 1) * band.cell_px], band) if letter in DIGITS else letter
        for n, letter in enumerate(like)
    )


def _likest(cell: np.ndarray, band: Band) -> str:
    return min(DIGITS, key=lambda digit: float(np.abs(cell - band.glyphs[digit]).mean()))
