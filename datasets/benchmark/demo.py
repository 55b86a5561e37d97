"""`lukou bench demo`: what a frame costs, and how long an event takes from the camera to a case."""

import json
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from datasets.benchmark.pipeline import Figures, pipeline_figures
from datasets.cache import cache_folder
from datasets.demo.run import Wish, play
from datasets.demo.summary import percentile
from datasets.footage import footage


def bench_demo(console: Console, *, as_json: bool, frames: int) -> None:
    """Measure and print: the pipeline alone, then the whole chain at the footage's own pace."""
    source = footage(cache_folder("footage"), console.print)
    figures = pipeline_figures(source, frames)
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
        show(figures, console)


def show(figures: Figures, console: Console) -> None:
    """Print figures as a table."""
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, str(value))
    console.print(table)
