"""``lukou models``: the catalog's commands, and those that need the box's own eyes."""

import hashlib
import json
import os
import resource
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track as progress_bar
from rich.table import Table

from edge.detect import letterboxed, open_detector
from edge.errors import InputProblemError
from edge.evidence.ring import encode_jpeg
from edge.trial import SURE, agreement, drawn, look_at, pictures
from models import export as exporting
from models import train as training
from models.cli import models
from models.pull import cache_folder
from models.quantize import SUFFIX, quantized
from models.runtime import describe_session, open_model, session_of
from models.sidecar import Sidecar, sidecar_path

CALIBRATION_PICTURES = 64
TRIAL_PICTURES = 100
DRAWN_PICTURES = 6

NameOrPath = Annotated[str, typer.Argument(help="a name of `lukou models list`, or a path to an .onnx")]
Footage = Annotated[Path, typer.Option(help="a video of the kind that the cameras give")]
AsJson = Annotated[bool, typer.Option("--json", help="as JSON")]
Threads = Annotated[int, typer.Option(min=1, help="threads of the detector")]


def model_path(name: str) -> Path:
    """Return the .onnx of a name or a path. Raises PartMissingError, ModelError."""
    return Path(name) if name.endswith(".onnx") else cache_folder(os.environ) / f"{name}.onnx"


@models.command("describe")
def describe(
    path: Annotated[Path, typer.Argument(help="an .onnx")],
    head: Annotated[str | None, typer.Option(help="nanodet, yolo, yolo-end2end, yolox")] = None,
    classes: Annotated[
        Path | None, typer.Option(help="a file with a class name a line, in the order of scores")
    ] = None,
    size: Annotated[str | None, typer.Option(help="WIDTHxHEIGHT of the input, where the graph leaves it open")] = None,
) -> None:
    """Write the sidecar of an .onnx: from its metadata and outputs, and what is said here."""
    given: dict[str, object] = {"head": head}
    if classes is not None:
        given["classes"] = tuple(line.strip() for line in _text(classes).splitlines() if line.strip())
    if size is not None:
        given["size_wh_px"] = _size(size)
    if not path.is_file():
        raise InputProblemError(f"{path}: expected an .onnx, found nothing there")
    content = path.read_bytes()
    sidecar = describe_session(path, session_of(content, 1), **given)
    kept = Sidecar.model_validate(sidecar.model_dump() | {"onnx_sha256": hashlib.sha256(content).hexdigest()})
    sidecar_path(path).write_text(kept.model_dump_json(indent=1), encoding="utf-8")
    typer.echo(f"{sidecar_path(path)}: head {kept.head}, {len(kept.classes)} classes, input {kept.input.wh_px}")


@models.command("check")
def check(
    name: NameOrPath,
    footage: Footage,
    out: Annotated[Path | None, typer.Option(help="a folder for pictures with the boxes drawn")] = None,
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Let a detector look at footage: boxes drawn, milliseconds a frame, memory."""
    shown = list(pictures(footage, every=5, limit=TRIAL_PICTURES))
    if not shown:
        raise InputProblemError(f"{footage}: expected pictures, found none")
    size_px = (shown[0].shape[1], shown[0].shape[0])
    detector = open_detector(name, cache_folder(os.environ), threads, SURE, size_px)
    seen = look_at(detector, list(progress_bar(shown, "looking", console=Console(stderr=True))))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for index in range(0, len(shown), max(1, len(shown) // DRAWN_PICTURES)):
            picture = drawn(shown[index], seen.detections[index])
            (out / f"frame-{index * 5:05d}.jpg").write_bytes(encode_jpeg(picture, 90))
    labels = [detection.label for detections in seen.detections for detection in detections]
    _print(
        {
            "model": detector.name,
            "input": "x".join(map(str, detector.input_wh_px)),
            "provider": detector.provider,
            "pictures": len(shown),
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
    footage: Footage,
    margin: Annotated[float, typer.Option(min=0, max=1, help="how much recall and precision may be lost")] = 0.02,
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Make the int8 form of a detector, measure it beside the original, and keep it if it loses no more than that."""
    console = Console(stderr=True)
    path = model_path(name)
    original = open_model(path, threads)
    taught = list(pictures(footage, every=6, limit=CALIBRATION_PICTURES))
    tried = list(pictures(footage, every=6, limit=TRIAL_PICTURES, start=3))  # none of those that it was taught with
    if not taught or not tried:
        raise InputProblemError(f"{footage}: expected pictures, found none")
    wanted = original.sidecar.input
    blobs = (letterboxed(picture, wanted)[0] for picture in progress_bar(taught, "calibrating", console=console))
    content = quantized(path, blobs)
    out = path.with_name(f"{path.stem}{SUFFIX}.onnx")
    part = out.with_name(f".{out.name}")
    part.write_bytes(content)
    sidecar = original.sidecar.model_copy(
        update={"name": out.stem, "onnx_sha256": hashlib.sha256(content).hexdigest(), "any_size": False}
    )
    sidecar_path(part).write_text(sidecar.model_dump_json(indent=1), encoding="utf-8")
    folder = cache_folder(os.environ)
    try:
        before = look_at(open_detector(str(path), folder, threads, SURE), tried)
        after = look_at(open_detector(str(part), folder, threads, SURE), tried)
        found = agreement(before, after)
        kept = min(found.recall, found.precision) >= 1 - margin
        if kept:
            sidecar_path(part).replace(sidecar_path(out))
            part.replace(out)
    finally:
        sidecar_path(part).unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    _print(
        {
            "model": out.stem,
            "recall_of_the_original": round(found.recall, 4),
            "precision_of_the_original": round(found.precision, 4),
            "boxes_compared": found.boxes,
            "ms_p50": round(after.percentile_ms(0.5), 2),
            "ms_p50_original": round(before.percentile_ms(0.5), 2),
            "megabytes": round(len(content) / 1e6, 1),
            "megabytes_original": round(path.stat().st_size / 1e6, 1),
            "kept": str(out) if kept else "no: it loses more than the margin",
        },
        as_json=as_json,
    )
    raise typer.Exit(0 if kept else 1)


@models.command("export")
def export(
    name: Annotated[str, typer.Argument(help="a name as Ultralytics knows it, or a path to a .pt or .yaml")],
    size: Annotated[int, typer.Option(min=32, help="side of the square input, a multiple of 32")] = 640,
) -> None:
    """Export a model by Ultralytics to ONNX, compare it with the original, and put it into the cache."""
    path, differs = exporting.export(name, size, cache_folder(os.environ))
    typer.echo(f"{path}: differs from the original by at most {differs:.6f}; use it with --model {path}")


@models.command("train")
def train(
    data: Annotated[Path, typer.Option(help="data.yaml of labelled footage in the YOLO layout (docs/models.md)")],
    model: Annotated[str, typer.Option(help="what to start from: a name, a .pt or a .yaml")] = "yolo11n",
    epochs: Annotated[int, typer.Option(min=1)] = 100,
    size: Annotated[int, typer.Option(min=32, help="side of the square input, a multiple of 32")] = 640,
    out: Annotated[Path, typer.Option(help="where the runs go")] = Path("runs"),
    name: Annotated[str, typer.Option(help="of this run")] = "detector",
) -> None:
    """Train a detector on footage of your own, by Ultralytics; print the path of the best weights."""
    best = training.train(data, model, epochs, size, out, name)
    typer.echo(f"{best}: next, lukou models export {best}")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputProblemError(f"{path}: expected a text file with a class name a line") from error


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise InputProblemError(f"--size: expected WIDTHxHEIGHT such as 640x384, found {text!r}")
    return int(width), int(height)


def _print(figures: dict[str, float | int | str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(figures, indent=2))
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, str(value))
    Console().print(table)
