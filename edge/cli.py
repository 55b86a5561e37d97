"""`lukou watch`, `lukou judge`, `lukou edge`: the composition roots of the box, and the only readers of its clock."""

import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO

import structlog
import typer
from rich.console import Console
from rich.progress import track as progress_bar

from calibration.reader import load_scene
from edge.assembly import Seeing, assemble, open_file
from edge.box import run_box
from edge.config import CameraConfig, load_config
from edge.evidence.package import Package
from edge.judge import judge as judge_files
from edge.observations import Observation, Passage, Violation
from edge.signals.plan import PlannedSignals
from edge.signals.timeline import Signals
from edge.trajectories import (
    OPTIONAL_COLUMNS,
    SIGNAL_COLUMNS,
    TRACK_COLUMNS,
    csv_writer,
    json_line,
    signal_rows,
    track_rows,
)

watch = typer.Typer(add_completion=False)
judge = typer.Typer(add_completion=False)
edge = typer.Typer(add_completion=False)

SceneOption = Annotated[Path, typer.Option(help="scene.yaml")]


def wall_clock_ms() -> int:
    """Read the clock: the one place where the box does."""
    return time.time_ns() // 1_000_000


class _FolderSink:
    """Writes what a watch sees into the files of docs/formats.md."""

    def __init__(self, tracks: TextIO, violations: TextIO, passages: TextIO) -> None:
        self._row = csv_writer(tracks, (*TRACK_COLUMNS, *OPTIONAL_COLUMNS))
        self._violations, self._passages = violations, passages
        self.verdicts: Counter[str] = Counter()
        self.found = 0
        self.last_ms = 0

    def observed(self, observation: Observation) -> None:
        self.last_ms = observation.t_ms
        for row in track_rows(observation):
            self._row(row)

    def violated(self, violation: Violation, package: Package) -> None:  # noqa: ARG002 - it lies in its folder already
        self.found += 1
        self._violations.write(json_line(violation))

    def passed(self, passages: tuple[Passage, ...]) -> None:
        self.verdicts.update(passage.verdict.value for passage in passages)
        self._passages.writelines(json_line(passage) for passage in passages)


@watch.command()
def watch_video(
    scene: SceneOption,
    source: Annotated[str, typer.Option(help="a video file")],
    out: Annotated[Path, typer.Option(help="the folder to write into")],
    signals: Annotated[Path | None, typer.Option(help="signals.csv, instead of the scene's own plans")] = None,
    model: Annotated[str, typer.Option(help="a name of `lukou models list`, or a path to an .onnx")] = "nanodet-g",
    start: Annotated[
        datetime | None, typer.Option(help="capture time of the first frame, ISO 8601 (UTC if naive)")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="threads of the detector")] = 2,
) -> None:
    """Watch one video, without broker and centre: tracks, violations, passages and evidence into a folder."""
    video = open_file(source)
    start_ms = 0 if start is None else round((start if start.tzinfo else start.replace(tzinfo=UTC)).timestamp() * 1000)
    built = assemble(
        scene_path=scene,
        seeing=Seeing(model, threads),
        start_ms=start_ms,
        signals_path=signals,
        evidence_root=out / "evidence",
        device_id=None,
    )
    out.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    with ExitStack() as stack:
        files = [
            stack.enter_context((out / name).open("w", encoding="utf-8", newline=""))
            for name in ("tracks.csv", "violations.jsonl", "passages.jsonl")
        ]
        sink = _FolderSink(*files)
        frames = progress_bar(
            video.frames(), f"watching {Path(source).name}", video.frames_expected or None, console=console
        )
        built.run(frames, sink)
    _write_signals(built.signals, signals, sink.last_ms, out / "signals.csv")
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(sink.verdicts.items())) or "none"
    typer.echo(f"{sink.found} violations; passages: {counted}; written to {out}")
    if start is None:
        typer.echo("no --start was given: times count from 1970-01-01, the beginning of the footage", err=True)
    if video.problem is not None:
        typer.echo(video.problem, err=True)
        raise typer.Exit(2)


def _write_signals(signals: Signals, given: Path | None, until_ms: int, out: Path) -> None:
    """Say what the lamps showed: the given file as it was, or what the plans came to."""
    if given is not None:
        out.write_bytes(given.read_bytes())
        return
    if isinstance(signals, PlannedSignals):
        with out.open("w", encoding="utf-8", newline="") as file:
            row = csv_writer(file, SIGNAL_COLUMNS)
            for values in signal_rows(signals.changes(until_ms)):
                row(values)


@judge.command()
def judge_tracks(
    scene: SceneOption,
    tracks: Annotated[Path, typer.Option(help="tracks.csv")],
    signals: Annotated[Path, typer.Option(help="signals.csv")],
    out: Annotated[Path, typer.Option(help="violations.jsonl to write")],
    passages: Annotated[Path | None, typer.Option(help="passages.jsonl to write")] = None,
) -> None:
    """Judge trajectories by the rules alone."""
    found = judge_files(scene, tracks, signals, out, passages)
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(found.passages.items())) or "none"
    typer.echo(f"{found.violations} violations in {found.observations} observations; passages: {counted}")


def _site_and_camera(camera: CameraConfig) -> tuple[str, str]:
    scene = load_scene(camera.scene)
    return scene.site_id, scene.camera_id


@edge.command()
def run(config: Annotated[Path, typer.Option(help="edge.yaml (docs/formats.md)")]) -> None:
    """Run the box: cameras, outbox, publisher, uploads."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    raise typer.Exit(run_box(load_config(config), _site_and_camera, wall_clock_ms))
