"""`lukou bench pipeline`: frames a second, the cost over the bare detector, memory; beside int8 and Ultralytics."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console

from datasets.benchmark.bytetrack import needed
from datasets.benchmark.demo import show
from datasets.benchmark.mot import score
from datasets.benchmark.pipeline import Figures, pipeline_figures
from datasets.benchmark.sequences import read_truth
from datasets.demo.run import SCENE
from datasets.errors import PartMissingError
from edge.camera.file import VideoFile
from edge.observations import BoxXyxyPx
from models.catalog import load_catalog
from models.pull import cache_folder as model_cache
from models.sidecar import sidecar_path

PERSON: Final = 0
POLL_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure. ``ultralytics`` is a .pt to track with in the same run; ``truth`` gives its IDF1."""

    footage: Path
    model: str = "nanodet-g"
    frames: int = 0
    ultralytics: Path | None = None
    truth: Path | None = None


def bench_pipeline(wanted: Wanted, console: Console, *, as_json: bool) -> None:
    """Measure and print."""
    figures: Figures = {}
    for threads in (1, 2):
        measured = pipeline_figures(wanted.footage, wanted.frames, model=wanted.model, threads=threads)
        pipeline_ms, decode_ms = measured["pipeline_ms"], measured["decode_ms"]
        figures[f"threads_{threads}_frames_per_second"] = round(1000 / ((pipeline_ms or 0) + (decode_ms or 0)), 2)
        figures |= {f"threads_{threads}_{name}": value for name, value in measured.items()}
    figures["peak_memory_mb"] = _peak_memory_mb(wanted)
    figures |= _int8(wanted) | _ultralytics(wanted)
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        show(figures, console)


def _peak_memory_mb(wanted: Wanted) -> float:
    """Return the largest resident size of a process that watches the footage, as a camera's process does."""
    with tempfile.TemporaryDirectory(prefix="lukou-bench-") as folder:
        words = [
            "watch",
            "--scene",
            str(SCENE),
            "--source",
            str(wanted.footage),
            "--out",
            folder,
            "--model",
            wanted.model,
        ]
        process = subprocess.Popen(
            [sys.executable, "-m", "lukou", *words, "--start", "2026-01-01T00:00:00Z"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        peak_kb = 0
        while process.poll() is None:
            peak_kb = max(peak_kb, _peak_so_far_kb(process.pid))
            time.sleep(POLL_S)
    if process.returncode != 0:
        raise PartMissingError("lukou watch", f"it ended with {process.returncode}", "Run it by hand to see why")
    return round(peak_kb / 1024, 1)


def _peak_so_far_kb(pid: int) -> int:
    """Return a process's largest resident size so far; rusage would count what the parent had when it was forked."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(line.split()[1])


def _int8(wanted: Wanted) -> Figures:
    """Return the quantized model's figures, None where there is none (`lukou models quantize`)."""
    name = f"{wanted.model}-int8"
    if wanted.model not in load_catalog().models or not sidecar_path(model_cache(os.environ) / f"{name}.onnx").exists():
        return {"int8_pipeline_ms": None}
    path = str(model_cache(os.environ) / f"{name}.onnx")
    measured = pipeline_figures(wanted.footage, wanted.frames, model=path, threads=2)
    return {"int8_pipeline_ms": measured["pipeline_ms"], "int8_detector_ms": measured["detector_ms"]}


def _ultralytics(wanted: Wanted) -> Figures:
    """Return the same job done by ``YOLO.track``, where it is asked for."""
    if wanted.ultralytics is None:
        return {"ultralytics_frames_per_second": None}
    model = needed("ultralytics").YOLO(str(wanted.ultralytics))
    said: dict[int, list[tuple[int, BoxXyxyPx]]] = {}
    spent_s, count = 0.0, 0
    for index, frame in enumerate(VideoFile(wanted.footage).frames()):
        if wanted.frames and index >= wanted.frames:
            break
        began_s = time.perf_counter()
        boxes = model.track(frame.picture_bgr, persist=True, verbose=False, classes=[PERSON])[0].boxes
        spent_s += time.perf_counter() - began_s
        count += 1
        if boxes.id is not None:
            said[index] = list(zip(boxes.id.int().tolist(), map(tuple, boxes.xyxy.tolist()), strict=True))
    figures: Figures = {"ultralytics_frames_per_second": round(count / spent_s, 2)}
    if wanted.truth is not None:
        truth = {frame: rows for frame, rows in read_truth(wanted.truth).items() if frame < count}
        figures["ultralytics_idf1"] = score(truth, said)["idf1"]
    return figures
