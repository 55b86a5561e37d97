"""`lukou bench cost`: what the rules cost a frame with a hundred road users, and what they keep over a day.

Measured is processor time of the one thread that judges, so that a machine shared with others does not add its own.
Beside it, in the same run, stands what the simplest question costs: which of the same places are in which zone, by
shapely, for all at once.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from rich.console import Console
from rich.progress import track as progress_bar

from datasets.benchmark.crowd import WARM_UP_MS, Traffic, crowded, in_zones, traffic_of
from datasets.benchmark.demo import show
from datasets.simulation.run import simulate
from datasets.simulation.seen import Faults
from datasets.simulation.states import STEP_MS
from edge.observations import Observation
from edge.rules.engine import RuleEngine

Figures = dict[str, Any]
NOISE_M: Final = 0.3
CYCLES: Final = 5
"""So many cycles of the signals are laid over each other, which is more than a hundred road users."""
SETTLED_FRAMES: Final = 50
"""The first frames are not counted: the tracks are young, and nothing is judged yet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: one seed's intersection with ``at_once`` road users for so many frames, ten a second."""

    seed: int = 2
    frames: int = 1800
    at_once: int = 100


def bench_cost(wanted: Wanted, console: Console, *, as_json: bool) -> Figures:
    """Measure, print and return the figures."""
    figures: Figures = {
        "seed": wanted.seed,
        "frames": wanted.frames,
        "road_users": wanted.at_once,
        "frames_a_second": 10,
    }
    for name, traffic in _cases(wanted, console):
        watched = progress_bar(traffic.observations, f"{name}: rules", console=console, transient=True)
        engine = RuleEngine(traffic.scene, traffic.signals)
        figures |= _told(f"{name}_ms", _costs_ms(engine.observe, watched))
        figures |= _told(f"{name}_contains_ms", _costs_ms(_contains(traffic), traffic.observations))
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        show(figures, console)
    return figures


def _cases(wanted: Wanted, console: Console) -> Iterator[tuple[str, Traffic]]:
    """Yield the streams by name: real traffic and the worst case, each exact and with a tracker's faults."""
    with console.status("simulating"):
        simulated = simulate(wanted.seed, _minutes(wanted))
    cycle_s = simulated.site.cycle_s
    for name, faults in (("clean", None), ("noisy", Faults())):
        with console.status(f"{name}: laying cycles over each other"):
            traffic = crowded(traffic_of(simulated, faults), cycle_s, wanted.at_once, wanted.frames)
        yield name, traffic
        yield f"{name}_in_zones", in_zones(traffic, wanted.at_once, wanted.frames, NOISE_M if faults else 0.0)


def _minutes(wanted: Wanted) -> float:
    """Return how much must be simulated: the frames asked for, and a cycle of 120 s at most for each further layer."""
    return (WARM_UP_MS + wanted.frames * STEP_MS) / 60_000 + 2 * CYCLES


def _costs_ms(step: Callable[[Observation], object], observations: Iterable[Observation]) -> list[float]:
    """Return what each frame costs."""
    costs_ms = []
    for observation in observations:
        began_ns = time.thread_time_ns()
        step(observation)
        costs_ms.append((time.thread_time_ns() - began_ns) / 1e6)
    return costs_ms[min(SETTLED_FRAMES, len(costs_ms) // 2) :]


def _told(name: str, costs_ms: Sequence[float]) -> Figures:
    return {
        f"{name}_median": round(float(np.median(costs_ms)), 3),
        f"{name}_p95": round(float(np.percentile(costs_ms, 95)), 3),
        f"{name}_mean": round(float(np.mean(costs_ms)), 3),
    }


def _contains(traffic: Traffic) -> Callable[[Observation], object]:
    """Return the simplest question: whether each place is in each crosswalk and lane."""
    scene = traffic.scene
    outlines = [crosswalk.polygon_m for crosswalk in scene.crosswalks] + [lane.polygon_m for lane in scene.lanes]
    zones = [shapely.Polygon(outline) for outline in outlines]
    shapely.prepare(zones)

    def ask(observation: Observation) -> object:
        places = np.array([(user.x_m, user.y_m) for user in observation.road_users]).reshape(-1, 2)
        return [shapely.contains_xy(zone, places[:, 0], places[:, 1]) for zone in zones]

    return ask
