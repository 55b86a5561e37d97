"""`lukou bench video`: what filming a camera costs: ms a frame, bytes a second, memory of the ring, a cut clip."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final

import cv2
import numpy as np
from rich.console import Console

from datasets.benchmark.demo import show
from datasets.benchmark.pipeline import Figures
from edge.camera.file import VideoFile
from edge.pipeline import Frame
from edge.video.band import Band
from edge.video.clip import CLIP, Reached, clip_files
from edge.video.encode import Encoder, i420, with_band
from edge.video.ring import Coded, GroupRing
from edge.video.settings import GOP_MS, Preset, VideoSettings
from edge.video.spans import Span

SIZES_PX: Final = ((768, 576), (1920, 1080))
CLIP_MS: Final = 13_000
"""5 s before an act of 3 s, and 5 s after it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: so many frames of the footage, enlarged to each size."""

    footage: Path
    frames: int = 200
    preset: Preset = VideoSettings().preset


def bench_video(wanted: Wanted, console: Console, *, as_json: bool) -> None:
    """Measure and print."""
    figures: Figures = {}
    for size_px in SIZES_PX:
        measured = video_figures(wanted, size_px)
        figures |= {f"{size_px[0]}x{size_px[1]}_{name}": value for name, value in measured.items()}
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        show(figures, console)


def video_figures(wanted: Wanted, size_px: tuple[int, int]) -> Figures:
    """Film the footage at one size, each part timed apart, one thread."""
    settings = replace(VideoSettings(), preset=wanted.preset)
    band = Band(size_px[0], "bench", 0)
    encoder, ring = Encoder(size_px, band, settings), GroupRing(settings.ring_ms, settings.ring_bytes_max)
    frames = list(_enlarged(wanted, size_px))
    each_s, size_bytes, begun_ms, cpu_s = [], 0, -GOP_MS, time.process_time()
    for number, frame in enumerate(frames, 1):
        begins = frame.t_ms - begun_ms >= GOP_MS
        begun_ms = frame.t_ms if begins else begun_ms
        began_s = time.perf_counter()
        coded = encoder.code(frame.picture_bgr, number, frame.t_ms, key=begins)
        ring.add(coded)
        each_s.append(time.perf_counter() - began_s)
        size_bytes += len(coded.data)
    cpu_s = time.process_time() - cpu_s
    shown_s = (frames[-1].t_ms - frames[0].t_ms) / 1000
    bytes_a_second = size_bytes / shown_s
    clip_ms, clip_bytes = _clip(encoder, ring.frames(Span(frames[-1].t_ms - CLIP_MS, frames[-1].t_ms)))
    return {
        "frames": len(frames),
        "band_and_encode_median_ms": round(median(each_s) * 1000, 2),
        "band_and_encode_cpu_ms": round(cpu_s * 1000 / len(frames), 2),
        "band_median_ms": round(_band_ms(frames, band), 3),
        "bytes_a_second": round(bytes_a_second),
        "gb_a_day": round(bytes_a_second * 86_400 / 1e9, 1),
        "ring_mb": round(min(bytes_a_second * settings.ring_ms / 1000, settings.ring_bytes_max) / 2**20, 1),
        "cut_clip_ms": round(clip_ms, 1),
        "clip_mb": round(clip_bytes / 1e6, 2),
    }


def _enlarged(wanted: Wanted, size_px: tuple[int, int]) -> Iterator[Frame]:
    """Yield the footage's frames at one size, with the noise of a sensor of that size, which an enlargement lacks."""
    noise = np.random.default_rng(1)
    for frame in islice(VideoFile(wanted.footage).frames(), wanted.frames):
        if frame.picture_bgr.shape[1::-1] == size_px:
            yield frame
            continue
        large = cv2.resize(frame.picture_bgr, size_px, interpolation=cv2.INTER_CUBIC)
        grain = noise.integers(-3, 4, large.shape, np.int16)
        yield replace(frame, picture_bgr=np.clip(large + grain, 0, 255).astype(np.uint8))


def _band_ms(frames: list[Frame], band: Band) -> float:
    """Return what putting the band under the picture takes, with the copy that the encoder needs in any case."""
    each_s = []
    for number, frame in enumerate(frames, 1):
        planes = i420(frame.picture_bgr)
        began_s = time.perf_counter()
        with_band(planes, band.draw(number, frame.t_ms))
        each_s.append(time.perf_counter() - began_s)
    return median(each_s) * 1000


def _clip(encoder: Encoder, cut: tuple[Coded, ...]) -> tuple[float, int]:
    began_s = time.perf_counter()
    span = Span(cut[0].t_ms, cut[-1].t_ms)
    files = clip_files(encoder.stream, [(span, cut)], 0, 83, Reached(span.to_ms))
    return (time.perf_counter() - began_s) * 1000, len(files[CLIP])
