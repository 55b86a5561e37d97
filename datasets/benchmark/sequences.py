"""Sequences with truth: detections frame by frame, and who really stands where. Real footage, or a simulated street.

The street is simulated at the level of detections: people walk to and fro, hide each other, and are missed, doubled
and imagined as often as a small detector does on real footage. It is no proof, but it needs no annotation, and every
seed is another street.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge.errors import InputProblemError
from edge.observations import BoxXyxyPx, Detection
from edge.tracking.view import View

TRUTH_COLUMNS = ("frame", "id", "x1", "y1", "x2", "y2")
Truth = dict[int, list[tuple[int, BoxXyxyPx]]]
"""Frame number to (id, box) of everybody in it."""


@dataclass(frozen=True, slots=True)
class Filmed:
    """One sequence: detections with the time of each frame, and the truth of those frames that have one."""

    name: str
    view: View
    frames: Sequence[tuple[int, tuple[Detection, ...]]]
    truth: Truth


def read_truth(path: Path) -> Truth:
    """Read frame,id,x1,y1,x2,y2 (pixels). Raises InputProblemError with the line of each fault."""
    truth: Truth = {}
    problems: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if set(TRUTH_COLUMNS) - set(reader.fieldnames or ()):
                raise InputProblemError(f"{path}:1: expected the columns {','.join(TRUTH_COLUMNS)}")
            for row in reader:
                try:
                    x1, y1, x2, y2 = (float(row[side]) for side in TRUTH_COLUMNS[2:])
                    truth.setdefault(int(row["frame"]), []).append((int(row["id"]), (x1, y1, x2, y2)))
                except (TypeError, ValueError):
                    problems.append(f"{path}:{reader.line_num}: expected six numbers, found {list(row.values())}")
    except OSError as error:
        raise InputProblemError(f"{path}: expected a truth file: {error.strerror}") from error
    if problems or not truth:
        raise InputProblemError(*(problems[:20] or [f"{path}: expected rows, found none"]))
    return truth


@dataclass(frozen=True, slots=True)
class StreetSettings:
    """A simulated street; rates as a small detector has them on real footage of this size."""

    people: int
    centre_m: tuple[float, float] = (-8.5, -7.0)
    seconds: float = 60.0
    step_s: float = 0.1
    miss: float = 0.06
    double: float = 0.05
    ghost: float = 0.2
    jitter: float = 0.04
    hidden_from: float = 0.6


def street(name: str, view: View, settings: StreetSettings, seed: int) -> Filmed:
    """Simulate one street; the same seed gives the same street."""
    random = np.random.default_rng(seed)
    paths = [_path(random, settings) for _ in range(settings.people)]
    looks = [_look(random) for _ in paths]
    frames: list[tuple[int, tuple[Detection, ...]]] = []
    truth: Truth = {}
    for index in range(round(settings.seconds / settings.step_s)):
        t_s = index * settings.step_s
        there = [(number, place) for number, path in enumerate(paths) if (place := path(t_s)) is not None]
        truth[index], boxes = _truth(there, view)
        detections = [
            detection
            for position, (number, _) in enumerate(there)
            for detection in _seen(random, settings, boxes[position], _hidden(position, boxes), looks[number])
        ]
        if random.random() < settings.ghost:
            detections.append(Detection(_ghost(random, view), float(random.uniform(0.2, 0.6)), "person", _look(random)))
        frames.append((round(t_s * 1000), tuple(detections)))
    return Filmed(name, view, frames, truth)


Place = NDArray[np.float64]


def _path(random: np.random.Generator, settings: StreetSettings) -> Callable[[float], Place | None]:
    """Return a walk over the street; some stop in the middle, and some turn back."""
    begins = random.uniform(0, settings.seconds * 0.8)
    side, speed = random.choice([-1.0, 1.0]), random.uniform(0.9, 1.8)
    line, drift = random.uniform(-3, 4), random.uniform(-0.15, 0.15)
    stop_s, turns = random.choice([0.0, 0.0, 3.0]), random.random() < 0.15

    def place(t_s: float) -> Place | None:
        walked_s = t_s - begins
        if walked_s < 0:
            return None
        half_s = 4.5 / speed
        moving_s = walked_s if walked_s < half_s else max(half_s, walked_s - stop_s)
        way = speed * moving_s if not turns or moving_s < half_s else speed * (2 * half_s - moving_s)
        if way > 9 or way < 0:
            return None
        return np.array([settings.centre_m[0] + line + drift * way, settings.centre_m[1] + side * (way - 4.5)])

    return place


def _truth(there: list[tuple[int, Place]], view: View) -> tuple[list[tuple[int, BoxXyxyPx]], list[BoxXyxyPx]]:
    if not there:
        return [], []
    places = np.array([place for _, place in there])
    raw = view.perspective.boxes_px(places, np.tile([0.55, 1.7], (len(there), 1)))
    boxes: list[BoxXyxyPx] = [(float(a), float(b), float(c), float(d)) for a, b, c, d in raw]
    return [(number, box) for (number, _), box in zip(there, boxes, strict=True)], boxes


def _hidden(index: int, boxes: list[BoxXyxyPx]) -> float:
    """Return the share of a box that the nearest box in front covers."""
    x1, y1, x2, y2 = boxes[index]
    shares = [
        max(0.0, min(x2, c) - max(x1, a)) * max(0.0, min(y2, d) - max(y1, b)) / ((x2 - x1) * (y2 - y1))
        for a, b, c, d in boxes
        if d > y2
    ]
    return max(shares, default=0.0)


def _seen(
    random: np.random.Generator, settings: StreetSettings, box: BoxXyxyPx, hidden: float, look: NDArray[np.float32]
) -> list[Detection]:
    """Return what a detector makes of somebody: nothing, one box, or two."""
    if hidden > settings.hidden_from or random.random() < settings.miss + hidden / 2:
        return []
    score = float(np.clip(random.normal(0.72, 0.1) - 0.5 * hidden, 0.2, 0.95))
    found = [Detection(_jittered(random, settings, box), score, "person", look)]
    if random.random() < settings.double:
        found.append(Detection(_jittered(random, settings, box), float(random.uniform(0.2, 0.5)), "person", look))
    return found


def _jittered(random: np.random.Generator, settings: StreetSettings, box: BoxXyxyPx) -> BoxXyxyPx:
    x1, y1, x2, y2 = box
    a, b, c, d = random.normal(0, settings.jitter, 4) * (y2 - y1) * np.array([0.5, 1.0, 0.5, 1.0])
    return float(x1 + a), float(y1 + b), float(x2 + c), float(y2 + d)


def _ghost(random: np.random.Generator, view: View) -> BoxXyxyPx:
    width_px, height_px = view.size_px
    x1, y1 = random.uniform(0, width_px * 0.9), random.uniform(0, height_px * 0.7)
    tall = random.uniform(40, 120)
    return float(x1), float(y1), float(x1 + tall / 3), float(y1 + tall)


def _look(random: np.random.Generator) -> NDArray[np.float32]:
    """Return somebody's colours out of eight looks: in a crowd, several look alike."""
    colours = np.full(32, 0.01, np.float32)
    kind = int(random.integers(8))
    colours[kind * 4 : kind * 4 + 4] += random.uniform(0.2, 1.0, 4).astype(np.float32)
    whole: NDArray[np.float32] = (colours / colours.sum()).astype(np.float32)
    return whole
