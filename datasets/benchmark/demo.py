"""`lukou bench demo`: what a frame costs, part by part, beside the bare detector on the same frames in the same run."""

import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from calibration.reader import load_scene
from datasets.cache import cache_folder
from datasets.demo.run import SCENE, Wish, play
from datasets.demo.summary import percentile
from datasets.footage import footage
from edge.assembly import Seeing, assemble
from edge.camera.file import VideoFile
from edge.detect import open_detector
from edge.evidence.package import Package
from edge.observations import Detection, Followed, Judged, Observation, Passage, Violation
from edge.pipeline import Detector, Frame, PictureBgr, Rules, Tracker
from edge.tracking.settings import TrackerSettings
from models.pull import cache_folder as model_cache

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

    def violated(self, violation: Violation, package: Package) -> None:
        """Keep nothing: the evidence is on disk already."""

    def passed(self, passages: tuple[Passage, ...]) -> None:
        """Keep nothing."""


def bench_demo(console: Console, *, as_json: bool, frames: int) -> None:
    """Measure and print: the pipeline alone, then the whole chain at the footage's own pace."""
    source = footage(cache_folder("footage"), console.print)
    figures = _pipeline(source, frames)
    with tempfile.TemporaryDirectory(prefix="lukou-bench-") as folder:
        wish = Wish(once=True, auto_review=True, pace="footage", folder=Path(folder) / "demo")
        summary = play(wish, Console(stderr=True), time.time_ns() // 1_000_000)
    if summary is not None:
        events, pictures = summary.centre.event_latencies_ms, summary.centre.evidence_latencies_ms
        figures |= {
            "chain_frames": summary.frames,
            "chain_frames_expected": summary.frames_expected,
            "events": len(events),
            "event_to_case_p50_ms": percentile(events, 0.5),
            "event_to_case_p95_ms": percentile(events, 0.95),
            "event_to_pictures_p50_ms": percentile(pictures, 0.5),
            "event_to_pictures_p95_ms": percentile(pictures, 0.95),
        }
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        _show(figures, console)


def _pipeline(source: Path, limit: int) -> Figures:
    """Run the pipeline and the bare detector over the same decoded frames, frame by frame in turn."""
    with tempfile.TemporaryDirectory(prefix="lukou-bench-") as folder:
        watch = assemble(
            scene_path=SCENE,
            seeing=Seeing("nanodet-g", 2),
            start_ms=0,
            signals_path=None,
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
        bare = open_detector(
            "nanodet-g", model_cache(os.environ), 2, TrackerSettings().weak_score_min, load_scene(SCENE).size_px
        )
        clock = _Clock(VideoFile(source).frames(), bare, limit)
        sink = _Nowhere()
        began_s = time.perf_counter()
        watch.run(clock.frames(), sink)
        total_s = time.perf_counter() - began_s - clock.outside_s
    count = max(sink.frames, 1)
    each = {f"{name}_ms": round(seconds * 1000 / count, 3) for name, seconds in spent_s.items()}
    total_ms, bare_ms = total_s * 1000 / count, clock.bare_s * 1000 / count
    everything_else = total_ms - sum(each.values())
    return {
        "frames": sink.frames,
        **each,
        "everything_else_ms": round(everything_else, 3),
        "pipeline_ms": round(total_ms, 3),
        "bare_detector_ms": round(bare_ms, 3),
        "bare_detector_median_ms": round(median(clock.each_bare_ms), 3),
        "decode_ms": round(clock.decode_s * 1000 / count, 3),
        "pipeline_over_bare_detector": round(total_ms / bare_ms - 1, 4),
    }


@dataclass(slots=True)
class _Clock:
    """Hands out frames, and runs the bare detector on each before; that time and the decoding's are kept apart."""

    source: Iterator[Frame]
    bare: Detector
    limit: int
    outside_s: float = 0.0
    bare_s: float = 0.0
    decode_s: float = 0.0
    each_bare_ms: list[float] = field(default_factory=list)

    def frames(self) -> Iterator[Frame]:
        """Yield the frames."""
        count = 0
        while not self.limit or count < self.limit:
            began_s = time.perf_counter()
            frame = next(self.source, None)
            decoded_s = time.perf_counter()
            if frame is None:
                self.outside_s += decoded_s - began_s
                return
            self.bare.detect(frame.picture_bgr)
            ended_s = time.perf_counter()
            self.decode_s += decoded_s - began_s
            self.bare_s += ended_s - decoded_s
            self.each_bare_ms.append((ended_s - decoded_s) * 1000)
            self.outside_s += ended_s - began_s
            count += 1
            yield frame


def _show(figures: Figures, console: Console) -> None:
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
