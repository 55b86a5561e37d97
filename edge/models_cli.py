"""``lukou models``: the catalog's commands, and those that need the box's own eyes."""

import hashlib
import os
import resource
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track as progress_bar

from edge.detect import letterboxed, open_detector
from edge.evidence.ring import encode_jpeg
from edge.observations import Detection
from edge.terminal import show, side_of, size_of, text_of, written
from edge.trial import SURE, Seen, Still, compared, drawn, look_at, pictures, truth_of
from models import export as exporting
from models import train as training
from models.cli import models
from models.describe import HEAD_NAMES
from models.locate import located
from models.pull import cache_folder
from models.quantize import SUFFIX, quantized
from models.runtime import describe_file, open_model
from models.sidecar import sidecar_path

CALIBRATION_PICTURES = 64
TRIAL_PICTURES = 100
DRAWN_PICTURES = 6
EVERY = 5
"""Pictures that follow at once show the same."""

NameOrPath = Annotated[str, typer.Argument(help="a name of `lukou models list`, or a path to an .onnx")]
Footage = Annotated[Path, typer.Option(help="a video of the kind that the cameras give")]
AsJson = Annotated[bool, typer.Option("--json", help="as JSON")]
Side = Annotated[int, typer.Option(min=32, help="side of the square input, a multiple of 32")]
Threads = Annotated[int, typer.Option(min=1, help="threads of the detector")]


@models.command("describe")
def describe(
    path: Annotated[Path, typer.Argument(help="an .onnx")],
    head: Annotated[str | None, typer.Option(help=", ".join(HEAD_NAMES))] = None,
    classes: Annotated[
        Path | None, typer.Option(help="a file with a class name a line, in the order of scores")
    ] = None,
    size: Annotated[str | None, typer.Option(help="WIDTHxHEIGHT of the input, where the graph leaves it open")] = None,
) -> None:
    """Write the sidecar of an .onnx: from its metadata and outputs, and what is said here."""
    names = None if classes is None else tuple(line.strip() for line in text_of(classes).splitlines() if line.strip())
    kept = describe_file(path, head, names, None if size is None else size_of(size))
    beside = sidecar_path(path)
    written(beside, kept.model_dump_json(indent=1).encode())
    width_px, height_px = kept.input.wh_px
    typer.echo(f"{beside}: head {kept.head}, {len(kept.classes)} classes, input {width_px}x{height_px}")


@models.command("check")
def check(
    name: NameOrPath,
    footage: Footage,
    out: Annotated[Path | None, typer.Option(help="a folder for pictures with the boxes drawn")] = None,
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Let a detector look at footage: boxes drawn, milliseconds a frame, memory."""
    path = located(name, cache_folder(os.environ))
    bar = progress_bar(
        pictures(footage, every=EVERY, limit=TRIAL_PICTURES), "looking", TRIAL_PICTURES, console=Console(stderr=True)
    )
    first = next(pictures(footage, every=1, limit=1)).picture_bgr
    detector = open_detector(path, cache_folder(os.environ), threads, SURE, (first.shape[1], first.shape[0]))

    def draw(still: Still, detections: tuple[Detection, ...]) -> None:
        if out is not None and still.frame % (EVERY * (TRIAL_PICTURES // DRAWN_PICTURES)) == 0:
            picture = drawn(still.picture_bgr, detections)
            written(out / f"frame-{still.frame:05d}.jpg", encode_jpeg(picture, 90))

    seen = look_at(detector, bar, draw)
    labels = [detection.label for detections in seen.detections for detection in detections]
    show(
        {
            "model": detector.name,
            "input": "x".join(map(str, detector.input_wh_px)),
            "provider": detector.provider,
            "pictures": len(seen.detections),
            "ms_p50": round(seen.percentile_ms(0.5), 2),
            "ms_p95": round(seen.percentile_ms(0.95), 2),
            "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            **{f"boxes_{label}": labels.count(label) for label in sorted(set(labels))},
        },
        as_json=as_json,
    )


@models.command("quantize")
def quantize(
    name: NameOrPath,
    footage: Annotated[Path, typer.Option("--frames", "--footage", help="a video of the kind that the cameras give")],
    margin: Annotated[float, typer.Option(min=0, max=1, help="how much recall and precision may be lost")] = 0.02,
    truth: Annotated[
        Path | None, typer.Option(help="who really was there, as CSV frame,id,x1,y1,x2,y2: the loss is measured by it")
    ] = None,
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Make the int8 form of a detector, measure it beside the original, and keep it if it loses no more than that."""
    path = located(name, cache_folder(os.environ))
    original, real = open_model(path, threads), None if truth is None else truth_of(truth)
    taught = pictures(footage, every=EVERY + 1, limit=CALIBRATION_PICTURES)
    bar = progress_bar(taught, "calibrating", CALIBRATION_PICTURES, console=Console(stderr=True))
    content = quantized(path, (letterboxed(still.picture_bgr, original.sidecar.input)[0] for still in bar))
    out = path.with_name(f"{path.stem}{SUFFIX}.onnx")
    part = out.with_name(f".{out.name}")
    sidecar = original.sidecar.model_copy(
        update={"name": out.stem, "onnx_sha256": hashlib.sha256(content).hexdigest(), "any_size": False}
    )
    try:
        written(part, content)
        written(sidecar_path(part), sidecar.model_dump_json(indent=1).encode())
        before, after = (_held_out(each, footage, threads) for each in (path, part))
        figures, lost = compared(before, after, real)
        kept = lost <= margin
        if kept:
            sidecar_path(part).replace(sidecar_path(out))
            part.replace(out)
    finally:
        sidecar_path(part).unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    show(
        {
            "model": out.stem,
            **figures,
            "lost": round(lost, 4),
            "ms_p50": round(after.percentile_ms(0.5), 2),
            "ms_p50_original": round(before.percentile_ms(0.5), 2),
            "megabytes": round(len(content) / 1e6, 1),
            "megabytes_original": round(path.stat().st_size / 1e6, 1),
            "kept": str(out) if kept else f"no: it loses more than {margin}",
        },
        as_json=as_json,
    )
    raise typer.Exit(0 if kept else 1)


def _held_out(model: Path, footage: Path, threads: int) -> Seen:
    """Let a model look at pictures that it was not calibrated on."""
    detector = open_detector(str(model), cache_folder(os.environ), threads, SURE)
    shown = pictures(footage, every=EVERY + 1, limit=TRIAL_PICTURES, start=(EVERY + 1) // 2)
    return look_at(detector, progress_bar(shown, model.stem.lstrip("."), TRIAL_PICTURES, console=Console(stderr=True)))


@models.command("export")
def export(
    model: Annotated[str, typer.Argument(help="a name as Ultralytics knows it, or a path to a .pt or .yaml")],
    size: Side = 640,
    name: Annotated[str | None, typer.Option(help="what it is called in the cache; else the model's own name")] = None,
) -> None:
    """Export a model by Ultralytics to ONNX, compare it with the original, and put it into the cache."""
    made = exporting.export(model, side_of(size), cache_folder(os.environ), name)
    typer.echo(
        f"{made.path}: differs from the original by at most {made.differs:.6f} on {made.pictures} pictures; "
        f"use it with --model {made.path.stem}"
    )


@models.command("train")
def train(
    data: Annotated[Path, typer.Option(help="data.yaml of labelled footage in the YOLO layout (docs/models.md)")],
    model: Annotated[str, typer.Option(help="what to start from: a name, a .pt or a .yaml")] = "yolo11n",
    epochs: Annotated[int, typer.Option(min=1)] = 100,
    size: Side = 640,
    out: Annotated[Path, typer.Option(help="where the runs go")] = Path("runs"),
    name: Annotated[str, typer.Option(help="of this run")] = "detector",
) -> None:
    """Train a detector on footage of your own, by Ultralytics; print the path of the best weights."""
    best = training.train(data, model, epochs, side_of(size), out, name)
    typer.echo(f"{best}: next, lukou models export {best} --name {name}")
