"""What a frame costs, part by part, beside the bare detector on the same frames in the same run."""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Final

from calibration.reader import load_scene
from datasets.demo.run import SCENE
from edge.assembly import Seeing, assemble
from edge.camera.file import VideoFile
from edge.detect import open_detector
from edge.evidence.package import Package
from edge.filming import film
from edge.observations import Detection, Followed, Judged, Observation, Passage, Violation, Yielding
from edge.open_signals import SignalsFrom
from edge.pipeline import Detector, Frame, PictureBgr, Rules, Tracker
from edge.tracking.settings import TrackerSettings
from edge.video.settings import VideoSettings
from models.pull import cache_folder as model_cache

BLOCK_FRAMES: Final = 50
SETTLE_S: Final = 0.05

Figures = dict[str, float | int | None]


@dataclass(frozen=True, slots=True)
class _TimedDetector:
    """Stands at the detector's port and adds up the seconds spent behind it."""

    behind: Detector
    spent_s: dict[str, float]

    def detect(self, picture_bgr: PictureBgr) -> tuple[Detection, ...]:
        with _timed(self.spent_s, "detector"):
            return self.behind.detect(picture_bgr)


@dataclass(frozen=True, slots=True)
class _TimedTracker:
    """The same at the tracker's port."""

    behind: Tracker
    spent_s: dict[str, float]

    def update(self, t_ms: int, detections: Sequence[Detection]) -> tuple[Followed, ...]:
        with _timed(self.spent_s, "tracker"):
            return self.behind.update(t_ms, detections)

    def finish(self) -> tuple[Followed, ...]:
        return self.behind.finish()


@dataclass(frozen=True, slots=True)
class _TimedRules:
    """The same at the rules' port."""

    behind: Rules
    spent_s: dict[str, float]

    def observe(self, observation: Observation) -> Judged:
        with _timed(self.spent_s, "rule"):
            return self.behind.observe(observation)

    def finish(self) -> Judged:
        return self.behind.finish()


@contextmanager
def _timed(spent_s: dict[str, float], name: str) -> Iterator[None]:
    began_s = time.perf_counter()
    yield
    spent_s[name] += time.perf_counter() - began_s


class _Nowhere:
    """A sink that keeps nothing but a count."""

    frames = 0

    def observed(self, observation: Observation) -> None:  # noqa: ARG002 - the port's form
        self.frames += 1

    def confirmed(self, violation: Violation) -> None:
        """Say nothing: nobody stands at the crossing."""

    def violated(self, violation: Violation, package: Package) -> None:
        """Keep nothing: the evidence is on disk already."""

    def passed(self, passages: tuple[Passage, ...], yields: tuple[Yielding, ...]) -> None:
        """Keep nothing."""


def pipeline_figures(source: Path, limit: int, *, model: str = "nanodet-g", threads: int = 2) -> Figures:
    """Run the pipeline and the bare detector over the same decoded frames, frame by frame in turn."""
    with tempfile.TemporaryDirectory(prefix="lukou-bench-") as folder:
        watch = assemble(
            scene_path=SCENE,
            seeing=Seeing(model, threads),
            start_ms=0,
            signals_from=SignalsFrom(),
            evidence_root=Path(folder),
            device_id=None,
        )
        parts = watch.pipeline
        spent_s = {"detector": 0.0, "tracker": 0.0, "rule": 0.0}
        timed = replace(
            parts,
            detector=_TimedDetector(parts.detector, spent_s),
            tracker=_TimedTracker(parts.tracker, spent_s),
            rules=_TimedRules(parts.rules, spent_s),
        )
        watch = replace(watch, pipeline=timed)
        filmed = film(watch, VideoSettings(), patient=False).counts
        bare = open_detector(
            model, model_cache(os.environ), threads, TrackerSettings().weak_score_min, load_scene(SCENE).size_px
        )
        clock = _Clock(VideoFile(source).frames(), bare, limit)
        sink = _Nowhere()
        began_s = time.perf_counter()
        watch.run(clock.frames(), sink)
        total_s = time.perf_counter() - began_s - clock.outside_s
    count = max(sink.frames, 1)
    each = {f"{name}_ms": round(seconds * 1000 / count, 3) for name, seconds in spent_s.items()}
    total_ms, bare_ms = total_s * 1000 / count, clock.bare_s * 1000 / count
    return {
        "frames": sink.frames,
        **each,
        "pipeline_ms": round(total_ms, 3),
        "bare_detector_ms": round(bare_ms, 3),
        "bare_detector_median_ms": round(median(clock.each_bare_ms), 3),
        "decode_ms": round(clock.decode_s * 1000 / count, 3),
        "pipeline_over_bare_detector": round(total_ms / bare_ms - 1, 4),
        "film_skipped": filmed.skipped,
    }


@dataclass(slots=True)
class _Clock:
    """Hands out frames in blocks, and runs the bare detector over each block before; that time is kept apart.

    Between two blocks the watch is let finish what it has under way, so that neither measures the other.
    """

    source: Iterator[Frame]
    bare: Detector
    limit: int
    outside_s: float = 0.0
    bare_s: float = 0.0
    decode_s: float = 0.0
    each_bare_ms: list[float] = field(default_factory=list)

    def frames(self) -> Iterator[Frame]:
        """Yield the frames."""
        left = self.limit or 10**9
        while left > 0:
            began_s = time.perf_counter()
            time.sleep(SETTLE_S)
            block = self._block(min(left, BLOCK_FRAMES))
            self.outside_s += time.perf_counter() - began_s
            if not block:
                return
            left -= len(block)
            yield from block

    def _block(self, count: int) -> list[Frame]:
        began_s = time.perf_counter()
        block = [frame for _, frame in zip(range(count), self.source, strict=False)]
        self.decode_s += time.perf_counter() - began_s
        for frame in block:
            began_s = time.perf_counter()
            self.bare.detect(frame.picture_bgr)
            self.each_bare_ms.append((time.perf_counter() - began_s) * 1000)
        self.bare_s = sum(self.each_bare_ms) / 1000
        return block
