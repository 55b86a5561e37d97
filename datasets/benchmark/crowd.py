"""What the rules' cost is measured on: a hundred at once, of a simulated intersection's traffic and in its zones."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from math import cos, pi
from pathlib import Path
from typing import Final

import numpy as np

from calibration.reader import load_scene
from calibration.scene import Scene
from contract.words import RoadUserKind
from datasets.simulation.files import write
from datasets.simulation.run import Simulated
from datasets.simulation.seen import Faults
from datasets.simulation.states import STEP_MS
from edge.observations import Observation, RoadUser
from edge.signals.timeline import SignalTimeline
from edge.trajectories import read_signals, read_tracks

WARM_UP_MS: Final = 60_000
"""By then SUMO's first road users have come to the junction."""
EACH_LAYER: Final = 1_000_000
"""By so much do the numbers of one layer differ from the next."""
KINDS: Final = (
    RoadUserKind.PEDESTRIAN,
    RoadUserKind.RIDER,
    RoadUserKind.PEDESTRIAN,
    RoadUserKind.RIDER,
    RoadUserKind.CAR,
)
REACH_M: Final = 7.0
"""In the worst case everybody goes so far to and fro about the middle of a zone."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one engine is fed with."""

    scene: Scene
    signals: SignalTimeline
    observations: tuple[Observation, ...]


def traffic_of(simulated: Simulated, faults: Faults | None) -> Traffic:
    """Return a simulation as `lukou judge` reads it."""
    with tempfile.TemporaryDirectory(prefix="lukou-bench-") as name:
        folder = Path(name)
        write(simulated, folder, faults)
        scene = load_scene(folder / "scene.yaml")
        signals = read_signals(folder / "signals.csv", {signal.id for signal in scene.signals})
        return Traffic(scene, signals, tuple(read_tracks(folder / "tracks.csv")))


def crowded(traffic: Traffic, cycle_s: int, at_once: int, frames: int) -> Traffic:
    """Return the traffic with ``at_once`` rows at every time, or with all there are.

    Later cycles of the same signals are laid over one: everybody goes by the lamps. Who has been let in stays.
    """
    shifts = range(WARM_UP_MS, traffic.observations[-1].t_ms - frames * STEP_MS, cycle_s * 1000)
    at = {observation.t_ms: observation.road_users for observation in traffic.observations}
    first_ms, inside, crowd = WARM_UP_MS, set[int](), list[Observation]()
    for t_ms in range(first_ms, first_ms + frames * STEP_MS, STEP_MS):
        users = [
            replace(user, track_id=user.track_id + layer * EACH_LAYER)
            for layer, shift_ms in enumerate(shifts)
            for user in at.get(t_ms - first_ms + shift_ms, ())
        ]
        users.sort(key=lambda user: user.track_id not in inside)
        crowd.append(Observation(t_ms, tuple(users[:at_once])))
        inside |= {user.track_id for user in users[:at_once]}
    return replace(traffic, observations=tuple(crowd))


def in_zones(traffic: Traffic, at_once: int, frames: int, noise_m: float) -> Traffic:
    """Return the worst case: everybody in or at a zone all the time, to and fro, at different paces."""
    scene, random = traffic.scene, np.random.default_rng(at_once)
    places = list(islice(cycle(_zones(scene)), at_once))
    paces_s = random.uniform(8, 20, at_once)
    aside_m = random.uniform(-1.5, 1.5, at_once)

    def everybody(step: int) -> Iterator[RoadUser]:
        for number, ((x, y), (ax, ay)) in enumerate(places):
            along_m = REACH_M * cos(2 * pi * (step * STEP_MS / 1000 / paces_s[number] + number / at_once))
            dx, dy = random.normal(0, noise_m, 2)
            px, py = x + ax * along_m - ay * aside_m[number], y + ay * along_m + ax * aside_m[number]
            yield RoadUser(number, KINDS[number % len(KINDS)], float(px + dx), float(py + dy))

    steps = range(frames)
    crowd = (Observation(WARM_UP_MS + step * STEP_MS, tuple(everybody(step))) for step in steps)
    return replace(traffic, observations=tuple(crowd))


def _zones(scene: Scene) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the middle of every zone and the way through it."""
    for crosswalk in scene.crosswalks:
        yield _middle(crosswalk.polygon_m), crosswalk.across
    for lane in scene.lanes:
        yield _middle(lane.polygon_m), lane.direction
    for line in scene.stop_lines:
        (x1, y1), (x2, y2) = line.line_m
        length_m = np.hypot(x2 - x1, y2 - y1)
        yield _middle(line.line_m), ((y1 - y2) / length_m, (x2 - x1) / length_m)


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
