"""`lukou bench riders`: what the edge makes of the labelled stories, as a table, JSON and pictures to look at."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from calibration.reader import load_scene
from calibration.scene import Scene
from datasets.demo.run import SCENE
from datasets.remix.silhouette import empty_scene
from datasets.riders.cutting import cut_figures
from datasets.riders.measure import Told, tell
from datasets.riders.pictures import Pictures
from datasets.riders.playing import Story
from datasets.riders.stories import PARKED_FRAMES, stories
from edge.camera.file import VideoFile
from edge.pipeline import Detector

EMPTY_EVERY: Final = 16


def composed(pictures: Pictures, footage: Path) -> tuple[Scene, tuple[Story, ...]]:
    """Return the scene and its stories, drawn over the footage."""
    scene = load_scene(SCENE)
    begin, end = PARKED_FRAMES
    sampled, walked_past = [], []
    for number, frame in enumerate(VideoFile(footage).frames()):
        if number % EMPTY_EVERY == 0:
            sampled.append(frame.picture_bgr)
        if begin <= number < end:
            walked_past.append(frame.picture_bgr)
    return scene, stories(scene, cut_figures(pictures), empty_scene(np.stack(sampled)), walked_past)


def bench_riders(
    pictures: Pictures,
    footage: Path,
    detector: Callable[[tuple[int, int]], Detector],
    console: Console,
    *,
    as_json: bool,
    out: Path | None,
) -> None:
    """Measure and print; with ``out``, keep a picture of each story."""
    scene, played = composed(pictures, footage)
    told = [tell(story, scene, detector(scene.size_px)) for story in played]
    if as_json:
        print(json.dumps([asdict(one) for one in told], indent=2))
    else:
        _show(told, console)
    for number, story in enumerate(played if out is not None else (), start=1):
        _keep(story, Path(out or ".") / f"riders-{number}.png")


def _show(told: list[Told], console: Console) -> None:
    table = Table(title="Composed riders: what the detector saw (shares of frames), what they were settled to be")
    for heading in ("story", "person", "machine", "both", "none", "after s", "wrong", "foot m", "settled as"):
        table.add_column(heading, justify="left" if heading == "story" else "right")
    for one in told:
        shares = [f"{one.seen_as[name]:.2f}" for name in ("person", "machine", "both", "neither")]
        settled = "-" if one.settled_s is None else f"{one.settled_s:.1f}"
        foot = "-" if one.foot_error_m is None else f"{one.foot_error_m:.2f}"
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(one.kinds.items()))
        table.add_row(one.name, *shares, settled, str(one.wrong), foot, kinds)
    console.print(table)


def _keep(story: Story, path: Path) -> None:
    """Write three moments of a story, one below the other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frames = [frame.picture_bgr for frame in story.frames()]
    chosen = [frames[round(share * (len(frames) - 1))] for share in (0.1, 0.5, 0.9)]
    cv2.imwrite(str(path), np.concatenate(chosen))
