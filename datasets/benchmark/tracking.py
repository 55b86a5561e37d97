"""`lukou bench tracking`: who is who, ours beside plain ByteTrack on the same detections in the same run."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track as progress_bar
from rich.table import Table

from calibration.reader import load_scene
from datasets.benchmark.bytetrack import PlainByteTrack
from datasets.benchmark.mot import Said, score
from datasets.benchmark.sequences import Filmed, StreetSettings, read_truth, street
from datasets.benchmark.transfers import transfers
from datasets.demo.run import SCENE
from edge.assembly import view_of
from edge.camera.file import VideoFile
from edge.colours import ClothesColours
from edge.detect import OnnxDetector
from edge.errors import InputProblemError
from edge.observations import Followed
from edge.tracking.tracker import GroundTracker
from edge.tracking.view import View

STREETS = (("street-12", 12), ("street-40", 40))
SEEDS = (1, 2, 3)
Figures = dict[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure. Without a truth for the footage, only the simulated streets are measured."""

    truth: Path | None
    footage: Path
    scene: Path = SCENE
    frames: int = 0


def bench_tracking(
    wanted: Wanted, detector: Callable[[tuple[int, int]], OnnxDetector], console: Console, *, as_json: bool
) -> None:
    """Measure and print."""
    scene = load_scene(wanted.scene)
    if scene.ground is None:
        raise InputProblemError(f"{wanted.scene}: ground: is missing, needs points to turn pixels into metres")
    view = view_of(scene, scene.ground)
    sequences = [] if wanted.truth is None else [_filmed(wanted, detector(scene.size_px), view, console)]
    everywhere = View(view.perspective, view.size_px, lambda _place: True)
    sequences += [
        street(f"{name}-{seed}", everywhere, StreetSettings(people), seed) for name, people in STREETS for seed in SEEDS
    ]
    figures = [row for sequence in sequences for row in _measured(sequence)]
    if as_json:
        print(json.dumps({"iou": 0.5, "sequences": figures}, indent=2))
    else:
        _show(figures, console)


def _filmed(wanted: Wanted, detector: OnnxDetector, view: View, console: Console) -> Filmed:
    """Run the detector over the footage once; both trackers get the same detections."""
    video, colours, frames = VideoFile(wanted.footage), ClothesColours(), []
    bar = progress_bar(video.frames(), "detecting", video.frames_expected or None, console=console)
    for index, frame in enumerate(bar):
        if wanted.frames and index >= wanted.frames:
            break
        frames.append((frame.t_ms, colours.measured(frame.picture_bgr, detector.detect(frame.picture_bgr))))
    truth = {} if wanted.truth is None else read_truth(wanted.truth)
    return Filmed(wanted.footage.stem, view, frames, {f: rows for f, rows in truth.items() if f < len(frames)})


def _measured(filmed: Filmed) -> list[Figures]:
    """Return one row a tracker."""
    said, ms = _ours(filmed)
    boxes = {frame: [(b.track_id, b.box_xyxy_px) for b in instant.boxes] for frame, instant in said.items()}
    passed_on = transfers(filmed.truth, {frame: instant.boxes for frame, instant in said.items()})
    ours: Figures = {
        "sequence": filmed.name,
        "tracker": "lukou",
        **score(filmed.truth, boxes),
        "transfers": passed_on.all,
        "transfers_unsaid": passed_on.unsaid,
        "ms_a_frame": ms,
    }
    plain, plain_ms = _bytetrack(filmed)
    return [
        ours,
        {"sequence": filmed.name, "tracker": "bytetrack", **score(filmed.truth, plain), "ms_a_frame": plain_ms},
    ]


def _ours(filmed: Filmed) -> tuple[dict[int, Followed], float]:
    tracker = GroundTracker(filmed.view)
    said: list[Followed] = []
    began_s = time.perf_counter()
    for t_ms, detections in filmed.frames:
        said += tracker.update(t_ms, detections)
    said += tracker.finish()
    ms = (time.perf_counter() - began_s) * 1000 / max(len(filmed.frames), 1)
    frame_at = {t_ms: index for index, (t_ms, _) in enumerate(filmed.frames)}
    return {frame_at[instant.t_ms]: instant for instant in said}, round(ms, 3)


def _bytetrack(filmed: Filmed) -> tuple[Said, float]:
    tracker = PlainByteTrack()
    began_s = time.perf_counter()
    said = {
        index: tracker.update(t_ms, [d for d in detections if d.label == "person"])
        for index, (t_ms, detections) in enumerate(filmed.frames)
    }
    ms = (time.perf_counter() - began_s) * 1000 / max(len(filmed.frames), 1)
    return said, round(ms, 3)


def _show(figures: list[Figures], console: Console) -> None:
    table = Table("sequence", "tracker", "MOTA", "IDF1", "HOTA", "switches", "mostly", "passed on", "ms")
    for row in figures:
        passed_on = f"{row['transfers']}, {row['transfers_unsaid']} unsaid" if "transfers" in row else ""
        mostly = f"{row['mostly_tracked']} of {row['people']}"
        figure = [str(row[name]) for name in ("sequence", "tracker", "mota", "idf1", "hota", "id_switches")]
        table.add_row(*figure, mostly, passed_on, str(row["ms_a_frame"]))
    console.print(table)
