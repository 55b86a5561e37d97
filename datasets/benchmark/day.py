"""`lukou bench cost --day`: what the rules keep in memory, hour by hour, while the same traffic comes again."""

import gc
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Final

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from datasets.benchmark.crowd import Traffic, traffic_of
from datasets.simulation.run import simulate
from datasets.simulation.seen import Faults
from edge.observations import Observation
from edge.rules.engine import RuleEngine
from edge.signals.timeline import Said, Shown, SignalTimeline

Figures = dict[str, Any]
HOUR_MS: Final = 3_600_000
PAUSE_MS: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many hours made of ``minutes`` of one seed's traffic, with a tracker's faults."""

    hours: float
    seed: int = 2
    minutes: float = 10


class AgainAndAgain:
    """Signals that show the same every ``period_ms`` (edge.signals.timeline.Signals); nothing is kept of the past."""

    def __init__(self, once: SignalTimeline, period_ms: int) -> None:
        self._once = once
        self._period_ms = period_ms

    def shown(self, signal_id: str, t_ms: int) -> Shown:
        """Return what was shown in the one period, moved."""
        begun_ms = t_ms - t_ms % self._period_ms
        shown = self._once.shown(signal_id, t_ms - begun_ms)
        until_ms = self._period_ms if shown.until_ms is None else shown.until_ms
        return Shown(shown.state, None if shown.since_ms is None else shown.since_ms + begun_ms, until_ms + begun_ms)

    def said(self, signal_id: str, t_ms: int) -> tuple[Said, ...]:
        """Return what the one period's file says."""
        return self._once.said(signal_id, t_ms % self._period_ms)


def bench_day(wanted: Wanted, console: Console, *, as_json: bool) -> list[Figures]:
    """Run, print and return a line an hour."""
    with console.status("simulating"):
        traffic = traffic_of(simulate(wanted.seed, wanted.minutes), Faults())
    hours: list[Figures] = []
    with Progress(console=console, transient=True) as bars:
        bar = bars.add_task("hours", total=wanted.hours)
        for hour in hours_of(traffic, wanted.hours):
            hours.append(hour)
            bars.update(bar, completed=hour["hour"])
    _print(hours, console, as_json=as_json)
    return hours


def hours_of(traffic: Traffic, hours: float) -> Iterator[Figures]:
    """Yield after each hour (and at the end) what is kept by then.

    ``blocks`` are all objects that Python keeps in memory, ``peak_mb`` is the largest the process ever was.
    """
    period_ms = traffic.observations[-1].t_ms + PAUSE_MS
    engine = RuleEngine(traffic.scene, AgainAndAgain(traffic.signals, period_ms))
    numbers, passages, held = 0, 0, 0
    next_ms, end_ms = min(HOUR_MS, hours * HOUR_MS), hours * HOUR_MS
    for observation in again(traffic.observations, period_ms):
        if observation.t_ms >= next_ms:
            yield _hour(next_ms / HOUR_MS, {"tracks": numbers, "passages": passages, "tracks_held_most": held})
            if next_ms >= end_ms:
                return
            next_ms, held = min(next_ms + HOUR_MS, end_ms), 0
        numbers = max(numbers, *(user.track_id for user in observation.road_users), 0)
        passages += len(engine.observe(observation).passages)
        held = max(held, engine.tracks_held)


def again(observations: Sequence[Observation], period_ms: int) -> Iterator[Observation]:
    """Yield the same instants again and again, later and under new numbers, without an end."""
    most = max(user.track_id for observation in observations for user in observation.road_users) + 1
    for turn in count():
        for once in observations:
            users = (replace(user, track_id=user.track_id + turn * most) for user in once.road_users)
            yield Observation(once.t_ms + turn * period_ms, tuple(users))


def _hour(hour: float, counted: Figures) -> Figures:
    gc.collect()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"hour": round(hour, 2), **counted, "blocks": sys.getallocatedblocks(), "peak_mb": round(peak_mb, 1)}


def _print(hours: Sequence[Figures], console: Console, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(hours, indent=2))
        return
    table = Table(*hours[0])
    for hour in hours:
        table.add_row(*(str(value) for value in hour.values()))
    console.print(table)
