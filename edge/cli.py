"""`lukou watch`, `lukou judge`, `lukou edge`: the composition roots of the box, and the only readers of its clock."""

import os
import sys
import time
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import structlog
import typer

from calibration.reader import load_scene
from edge.assembly import Seeing, address_of
from edge.box import Surroundings
from edge.camera.source import is_stream
from edge.clock_records import recorded_clock
from edge.config import CameraConfig, load_config
from edge.errors import InputProblemError
from edge.folder_watch import Wanted, watch_file, watch_stream
from edge.judge import Wanted as Verdicts
from edge.judge import judge as judge_files
from edge.open_box import run_box
from edge.replay_report import judge_again
from edge.service_manager import ServiceManager
from edge.source_checks import scene_problems

watch = typer.Typer(add_completion=False)
judge = typer.Typer(add_completion=False)
edge = typer.Typer(add_completion=False)

SceneOption = Annotated[Path, typer.Option(help="scene.yaml")]
HandOffOption = Annotated[Path | None, typer.Option(help="hand_off.csv: when an officer directed the traffic")]


def wall_clock_ms() -> int:
    """Read the clock: the one place where the box does."""
    return time.time_ns() // 1_000_000


@watch.command()
def watch_video(  # noqa: PLR0913, PLR0917 - a command takes its options as arguments
    scene: SceneOption,
    source: Annotated[str, typer.Option(help="a video file, or an rtsp:// or http:// address")],
    out: Annotated[Path, typer.Option(help="the folder to write into")],
    signals: Annotated[Path | None, typer.Option(help="signals.csv, not the scene's own lamps and plans")] = None,
    model: Annotated[str, typer.Option(help="a name of `lukou models list`, or a path to an .onnx")] = "nanodet-g",
    start: Annotated[
        datetime | None, typer.Option(help="a file's: capture time of the first frame, ISO 8601 (UTC if naive)")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="threads of the detector")] = 2,
    username: Annotated[str | None, typer.Option(help="a stream's; never in its address, which is logged")] = None,
    password_file: Annotated[Path | None, typer.Option(help="a stream's")] = None,
    seconds: Annotated[float | None, typer.Option(min=1, help="a stream's: end after so long; else on Ctrl-C")] = None,
    trust_camera: Annotated[
        bool, typer.Option("--trust-camera", help="accuse also where the picture looks frozen, moved, covered, ...")
    ] = False,
    hand_off: HandOffOption = None,
    shadow: Annotated[
        Path | None, typer.Option(help="a second scene whose rules judge beside, into shadow.jsonl; it accuses nobody")
    ] = None,
) -> None:
    """Watch one video or stream, without broker and centre: tracks, violations, passages, evidence into a folder."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    wanted = Wanted(scene, Seeing(model, threads), signals, out, trust_camera, hand_off, shadow)
    given = {"--username": username, "--password-file": password_file, "--seconds": seconds, "--start": start}
    for_other = ("--start",) if is_stream(source) else ("--username", "--password-file", "--seconds")
    problems = [f"{name}: is for a {'file' if name == '--start' else 'stream'}" for name in for_other if given[name]]
    if problems:
        raise InputProblemError(*problems)
    if is_stream(source):
        watch_stream(wanted, address_of(source, username, password_file), seconds, wall_clock_ms)
    else:
        watch_file(wanted, source, start)


@judge.command()
def judge_tracks(  # noqa: PLR0913, PLR0917 - a command takes its options as arguments
    packages: Annotated[
        list[Path] | None, typer.Argument(help="evidence packages, or folders of them: their verdicts judged again")
    ] = None,
    scene: Annotated[Path | None, typer.Option(help="scene.yaml")] = None,
    tracks: Annotated[Path | None, typer.Option(help="tracks.csv")] = None,
    signals: Annotated[Path | None, typer.Option(help="signals.csv")] = None,
    out: Annotated[Path | None, typer.Option(help="violations.jsonl to write")] = None,
    passages: Annotated[Path | None, typer.Option(help="passages.jsonl to write")] = None,
    yields: Annotated[Path | None, typer.Option(help="yields.jsonl to write: who let people go first")] = None,
    hand_off: HandOffOption = None,
) -> None:
    """Judge trajectories by the rules alone, or evidence packages again (1 where a verdict is not the same)."""
    needed = {"--scene": scene, "--tracks": tracks, "--signals": signals, "--out": out}
    others = {"--passages": passages, "--yields": yields, "--hand-off": hand_off}
    given = [name for name, value in (needed | others).items() if value]
    if packages and given:
        raise InputProblemError(f"{', '.join(given)}: is for trajectories; a package brings its own files")
    if packages:
        raise typer.Exit(judge_again(packages, version("lukou")))
    if scene is None or tracks is None or signals is None or out is None:
        lacking = ", ".join(name for name, value in needed.items() if value is None)
        raise InputProblemError(f"expected {lacking}; or the folders of evidence packages, to judge them again")
    found = judge_files(scene, tracks, signals, Verdicts(out, passages, yields), hand_off_path=hand_off)
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(found.passages.items())) or "none"
    typer.echo(f"{found.violations} violations in {found.observations} observations; passages: {counted}")


def _site_and_camera(camera: CameraConfig) -> tuple[str, str]:
    scene = load_scene(camera.scene)
    problems = scene_problems(scene, camera.signals)
    if problems:
        raise InputProblemError(*(f"{camera.scene}: signals.{problem}" for problem in problems))
    return scene.site_id, scene.camera_id


@edge.command()
def run(config: Annotated[Path, typer.Option(help="edge.yaml (docs/formats.md)")]) -> None:
    """Run the box: cameras, outbox, publisher, uploads."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    box = load_config(config)
    clock = recorded_clock(box.data, box.clock.source, box.clock.drift_ppm, wall_clock_ms)
    around = Surroundings(wall_clock_ms, ServiceManager.of(os.environ), clock.current_proof)
    raise typer.Exit(run_box(box, _site_and_camera, around))
