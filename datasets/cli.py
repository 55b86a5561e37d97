"""`lukou demo`, `lukou footage`, `lukou assets`, `lukou bench`: what plays and measures the whole."""

import os
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from datasets.assets import assets as fetch_assets
from datasets.benchmark import console as console_bench
from datasets.benchmark import cost, day, ingest, rules, speed, video
from datasets.benchmark.demo import bench_demo
from datasets.benchmark.tracking import Wanted, bench_tracking
from datasets.cache import cache_folder
from datasets.demo.run import SCENE, Wish, play
from datasets.footage import footage as fetch_footage
from datasets.histories_cli import histories_figures
from datasets.lamps import bench as lamps
from datasets.lamps.backgrounds import open_backgrounds
from datasets.progress import telling
from datasets.proof_cli import remix_figures
from datasets.remix.run import cast_of
from datasets.remix.run import remix as make_remix
from datasets.remix.staging import Wish as RemixWish
from datasets.riders.bench import bench_riders
from datasets.riders.pictures import rider_pictures
from edge.detect import open_detector
from edge.tracking.settings import TrackerSettings
from models.npm import find_npm
from models.pull import cache_folder as model_cache

demo = typer.Typer(add_completion=False)
footage = typer.Typer(no_args_is_help=True, add_completion=False)
assets = typer.Typer(no_args_is_help=True, add_completion=False)
bench = typer.Typer(no_args_is_help=True, add_completion=False)
bench.command("remix")(remix_figures)
bench.command("histories")(histories_figures)
remix = typer.Typer(add_completion=False)


class Pace(StrEnum):
    """How fast the footage is played."""

    FOOTAGE = "footage"
    FASTEST = "fastest"


class Preset(StrEnum):
    """x264's effort."""

    ULTRAFAST = "ultrafast"
    SUPERFAST = "superfast"
    VERYFAST = "veryfast"


@demo.command()
def run(
    once: Annotated[bool, typer.Option("--once", help="end when the footage ends")] = False,
    auto_review: Annotated[
        bool, typer.Option("--auto-review", help="an officer account named demo decides every case")
    ] = False,
    pace: Annotated[Pace, typer.Option(help="as it was taken, or as fast as the machine can")] = Pace.FOOTAGE,
    data: Annotated[Path, typer.Option(help="where the run keeps its data; emptied first")] = Path("var/demo"),
    source: Annotated[Path | None, typer.Option(help="another video of the same camera")] = None,
) -> None:
    """Play real footage from the camera to the public list: broker, centre and box on this machine."""
    wish = Wish(once, auto_review, pace.value, data.resolve(), source)
    play(wish, Console(), time.time_ns() // 1_000_000)


@footage.command("pull")
def pull_footage() -> None:
    """Fetch the footage, unless it is there; print its path."""
    with telling(Console(stderr=True), "footage") as say:
        path = fetch_footage(cache_folder("footage"), say)
    typer.echo(path)


@footage.callback()
def _footage() -> None:
    """The footage of the demonstration."""


@assets.command("pull")
def pull_assets() -> None:
    """Fetch the pages' script and the stamps' font, unless they are there; print their folder."""
    with telling(Console(stderr=True), "assets") as say:
        path = fetch_assets(cache_folder("assets"), find_npm(), say)
    typer.echo(path)


@assets.callback()
def _assets() -> None:
    """What the pages and the pictures need."""


@remix.command()
def make(
    out: Annotated[Path, typer.Option(help="the folder to write into")],
    seed: Annotated[int, typer.Option(min=0, help="another seed, another crossing, lamp and cast")] = 1,
    seconds: Annotated[float, typer.Option(min=20, max=3600, help="how long the video is")] = 120,
    crowded: Annotated[bool, typer.Option("--crowded", help="people may cover each other")] = False,
) -> None:
    """Play real people again on their empty scene, with a lamp drawn in: a video and the exact truth about it."""
    with telling(Console(stderr=True), "remix") as say:
        source = fetch_footage(cache_folder("footage"), say)
        made = make_remix(cast_of(source, cache_folder("remix"), say), RemixWish(seed, seconds, crowded), out, say)
    typer.echo(f"{made.acts} people, {made.violations} violations; written to {out}")


@bench.callback()
def _bench() -> None:
    """The benchmarks, each figure beside what it is measured against."""


@bench.command("demo")
def demo_figures(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    frames: Annotated[int, typer.Option(help="how many frames; 0 is all")] = 0,
) -> None:
    """Measure the chain: ms a frame by part beside the bare detector, and event seen to case visible."""
    bench_demo(Console(stderr=as_json), as_json=as_json, frames=frames)


@bench.command("tracking")
def tracking_figures(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    truth: Annotated[
        Path | None, typer.Option(help="frame,id,x1,y1,x2,y2 of the footage; without, streets only")
    ] = None,
    source: Annotated[Path | None, typer.Option(help="the footage; else the demonstration's")] = None,
    scene: Annotated[Path, typer.Option(help="scene.yaml of the footage")] = SCENE,
    model: Annotated[str, typer.Option(help="a name of `lukou models list`, or a path to an .onnx")] = "nanodet-g",
    frames: Annotated[int, typer.Option(help="how many frames; 0 is all")] = 0,
) -> None:
    """Measure the tracker beside plain ByteTrack on the same detections: CLEAR-MOT, IDF1, HOTA at IoU 0.5."""
    console = Console(stderr=as_json)
    if truth is not None and source is None:
        with telling(console, "footage") as say:
            source = fetch_footage(cache_folder("footage"), say)
    wanted = Wanted(truth, source or Path(), scene, frames)
    score_min = TrackerSettings().weak_score_min
    bench_tracking(
        wanted,
        lambda size_px: open_detector(model, model_cache(os.environ), 2, score_min, size_px),
        console,
        as_json=as_json,
    )


@bench.command("riders")
def rider_figures(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    model: Annotated[str, typer.Option(help="a name of `lukou models list`, or a path to an .onnx")] = "nanodet-g",
    out: Annotated[Path | None, typer.Option(help="a folder for a picture of each story")] = None,
) -> None:
    """Measure what becomes of a real cyclist, a composed motorcyclist and a parked motorbike on the empty scene."""
    console = Console(stderr=as_json)
    with telling(console, "riders") as say:
        source = fetch_footage(cache_folder("footage"), say)
        pictures = rider_pictures(cache_folder("riders"), say)
    score_min = TrackerSettings().weak_score_min
    bench_riders(
        pictures,
        source,
        lambda size_px: open_detector(model, model_cache(os.environ), 2, score_min, size_px),
        console,
        as_json=as_json,
        out=out,
    )


@bench.command("lamps")
def lamp_figures(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    pictures: Annotated[int, typer.Option(min=1, max=100_000, help="how many drawn lamps")] = 2000,
    stories: Annotated[int, typer.Option(min=0, max=10_000, help="how many lamps over some seconds")] = 203,
    seed: Annotated[int, typer.Option(min=0, help="31 to 36 are what the reader was built on")] = 41,
    out: Annotated[Path | None, typer.Option(help="a folder for a sheet of pictures, the wrong ones first")] = None,
) -> None:
    """Measure the reading of lamps: drawn over real streets, by day, night, glare, rain, flicker, covers."""
    console = Console(stderr=as_json)
    with telling(console, "lamps") as say:
        backgrounds = open_backgrounds(fetch_footage(cache_folder("footage"), say), cache_folder("riders"), say)
    lamps.bench_lamps(backgrounds, lamps.Wanted(pictures, stories, seed, out), console, as_json=as_json)


@bench.command("pipeline")
def pipeline_speed(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    model: Annotated[str, typer.Option(help="a name of `lukou models list`, or a path to an .onnx")] = "nanodet-g",
    frames: Annotated[int, typer.Option(help="how many frames; 0 is all")] = 0,
    ultralytics: Annotated[Path | None, typer.Option(help="a .pt to track with by Ultralytics in the same run")] = None,
    truth: Annotated[Path | None, typer.Option(help="frame,id,x1,y1,x2,y2, for its IDF1")] = None,
) -> None:
    """Measure frames a second with 1 and 2 threads, the cost over the bare detector, and one camera's peak memory."""
    console = Console(stderr=as_json)
    with telling(console, "footage") as say:
        source = fetch_footage(cache_folder("footage"), say)
    speed.bench_pipeline(speed.Wanted(source, model, frames, ultralytics, truth), console, as_json=as_json)


@bench.command("video")
def video_cost(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    frames: Annotated[int, typer.Option(min=140, help="how many frames of each size")] = 200,
    preset: Annotated[Preset, typer.Option(help="x264's effort")] = Preset.ULTRAFAST,
) -> None:
    """Measure what filming a camera costs at 768x576 and 1920x1080: ms a frame, bytes a second, ring, clip."""
    console = Console(stderr=as_json)
    with telling(console, "footage") as say:
        source = fetch_footage(cache_folder("footage"), say)
    video.bench_video(video.Wanted(source, frames, preset.value), console, as_json=as_json)


@bench.command("rules")
def rules_figures(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    seeds: Annotated[int, typer.Option(min=1, help="how many intersections")] = 20,
    minutes: Annotated[float, typer.Option(min=1, help="minutes of each")] = 10,
    first: Annotated[int, typer.Option(min=0, help="the first seed")] = 1,
    misses_file: Annotated[
        Path | None, typer.Option("--misses", help="where to list what was missed and who was accused wrongly")
    ] = None,
    gate: Annotated[
        bool,
        typer.Option("--gate", help="exit 1 where capture or valid is under 0.99 (a tracker's faults: 0.97, 0.99)"),
    ] = False,
) -> None:
    """Measure the rules on simulated intersections: capture and valid rate per kind, exact tracks and a tracker's."""
    wanted = rules.Wanted(seeds, minutes, first, misses_file)
    scores = rules.bench_rules(wanted, Console(stderr=as_json), as_json=as_json)
    if gate:
        rules.gate(scores)


@bench.command("cost")
def rules_cost(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    seed: Annotated[int, typer.Option(min=0, help="which simulated intersection")] = 2,
    frames: Annotated[int, typer.Option(min=100, help="how many frames, ten a second")] = 1800,
    whole_day: Annotated[bool, typer.Option("--day", help="instead: what is kept in memory, hour by hour")] = False,
    hours: Annotated[float, typer.Option(min=0.1, max=240, help="with --day: how long it is")] = 24,
) -> None:
    """Measure the rules' cost a frame with 100 road users; with --day, what they keep in memory (a day: 20 minutes)."""
    console = Console(stderr=as_json)
    if whole_day:
        day.bench_day(day.Wanted(hours, seed), console, as_json=as_json)
    else:
        cost.bench_cost(cost.Wanted(seed, frames), console, as_json=as_json)


@bench.command("ingest")
def bench_ingest_command(
    as_json: Annotated[bool, typer.Option("--json", help="the figures as JSON, and nothing else")] = False,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="for how long each pace is kept")] = 10.0,
    count: Annotated[int, typer.Option(min=200, max=100_000, help="events that are drained for a rate")] = 5000,
) -> None:
    """Events a second into PostgreSQL with seals verified, beside a bare subscriber and bare INSERTs; latency."""
    wanted = ingest.Wanted(count, seconds)
    ingest.bench_ingest(wanted, Console(stderr=as_json), time.time_ns() // 1_000_000, as_json=as_json)


@bench.command("console")
def console_figures(
    as_json: Annotated[bool, typer.Option("--json", help="the figures as JSON, and nothing else")] = False,
    cases: Annotated[
        list[int] | None, typer.Option(min=300, max=5_000_000, help="how many; again for another size")
    ] = None,
    rounds: Annotated[int, typer.Option(min=5, max=1000, help="how often each page is asked for")] = 40,
    out: Annotated[Path | None, typer.Option(help="a folder for the chart")] = None,
) -> None:
    """Measure the console's pages on PostgreSQL: queue, case, decision, ledger; 10,000 to 1,000,000 cases."""
    wanted = console_bench.Wanted(cases or console_bench.SIZES, rounds, out)
    console_bench.bench_console(wanted, Console(stderr=as_json), time.time_ns() // 1_000_000, as_json=as_json)
