"""`lukou bench rules`: the rules on simulated intersections, with exact tracks and with a tracker's faults."""

import json
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import track as progress_bar

from datasets.claims import compare_simulated
from datasets.rows import write_lines
from datasets.score_report import Scores, TooLowError, as_figures, misses, show, show_yields, too_low, yield_figures
from datasets.scoring import Compared, together
from datasets.simulation.files import write
from datasets.simulation.run import simulate
from datasets.simulation.seen import Faults
from datasets.yield_claims import compare_simulated_yields
from datasets.yield_scoring import YieldsCompared, YieldScore, yield_misses
from datasets.yield_scoring import together as all_meetings
from edge.judge import Wanted as Verdicts
from edge.judge import judge

CLEAN, NOISY = "clean", "noisy"
LEAST: Final = {CLEAN: (0.99, 0.99), NOISY: (0.97, 0.99)}
"""Capture and valid rate that every kind must reach (--gate)."""
FOUND_YIELDS: Final = "found-yields.jsonl"
"""Where the judge leaves the meetings that it found, in the folder of the simulation; without it none are scored."""
TITLES: Final = {CLEAN: "exact tracks", NOISY: "with a tracker's faults"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: seeds from ``first`` on, so many minutes each."""

    seeds: int
    minutes: float
    first: int = 1
    misses: Path | None = None


@dataclass(slots=True)
class _Measured:
    """What came out: one comparison a seed and kind of tracks, and who was missed or accused wrongly."""

    compared: dict[str, list[Compared]] = field(default_factory=lambda: {CLEAN: [], NOISY: []})
    met: dict[str, list[YieldsCompared]] = field(default_factory=lambda: {CLEAN: [], NOISY: []})
    listed: list[dict[str, Any]] = field(default_factory=list)
    judge_s: float = 0.0
    observations: int = 0


def bench_rules(wanted: Wanted, console: Console, *, as_json: bool) -> dict[str, Scores]:
    """Simulate, judge, score, print; return the scores of both kinds of tracks."""
    measured = _Measured()
    seeds = range(wanted.first, wanted.first + wanted.seeds)
    for seed in progress_bar(seeds, "intersections", console=console, transient=True):
        _measure(seed, wanted.minutes, measured)
    if wanted.misses is not None:
        write_lines(wanted.misses, measured.listed)
    scores: dict[str, Scores] = {name: together(compared) for name, compared in measured.compared.items()}
    if as_json:
        figures = {name: as_figures(score) for name, score in scores.items()}
        yields = {name: yield_figures(total) for name, total in _yields(measured).items()}
        print(json.dumps({**_settings(wanted, measured), **figures, "yields": yields}, indent=2))
    else:
        _show(scores, _yields(measured), wanted, console)
    return scores


def _yields(measured: _Measured) -> dict[str, YieldScore]:
    """Return the score of the meetings on both kinds of tracks; empty where the judge writes none."""
    return {name: all_meetings(compared) for name, compared in measured.met.items() if compared}


def _show(scores: Mapping[str, Scores], yields: Mapping[str, YieldScore], wanted: Wanted, console: Console) -> None:
    for name, score in scores.items():
        title = f"{wanted.seeds} intersections of {wanted.minutes:g} min, {TITLES[name]}"
        show(score, title, console)
        if name in yields:
            show_yields(yields[name], title, console)


def gate(scores: Mapping[str, Scores]) -> None:
    """Raise TooLowError with every rate that is under what the project promises."""
    low = [f"{TITLES[name]}: {line}" for name, least in LEAST.items() for line in too_low(scores[name], *least)]
    if low:
        raise TooLowError("\n".join(low))


def _settings(wanted: Wanted, measured: _Measured) -> dict[str, Any]:
    faults = {name: getattr(Faults(), name) for name in Faults.__dataclass_fields__}
    ms = round(measured.judge_s * 1000 / max(1, measured.observations), 4)
    return {"seeds": wanted.seeds, "first": wanted.first, "minutes": wanted.minutes, "faults": faults, "judge_ms": ms}


def _measure(seed: int, minutes: float, measured: _Measured) -> None:
    simulated = simulate(seed, minutes)
    for name, faults in ((CLEAN, None), (NOISY, Faults())):
        with tempfile.TemporaryDirectory(prefix="lukou-bench-") as folder:
            out = Path(folder)
            write(simulated, out, faults)
            began_s = time.perf_counter()
            summary = judge(
                out / "scene.yaml",
                out / "tracks.csv",
                out / "signals.csv",
                Verdicts(out / "found.jsonl", yields=out / FOUND_YIELDS),
            )
            measured.judge_s += time.perf_counter() - began_s
            measured.observations += summary.observations
            compared = compare_simulated(out, out / "found.jsonl")
            measured.compared[name].append(compared)
            wrong = misses(compared)
            if (out / FOUND_YIELDS).is_file():
                met = compare_simulated_yields(out, out / FOUND_YIELDS)
                measured.met[name].append(met)
                wrong += yield_misses(met)
            measured.listed += [{"seed": seed, "tracks": name, **line} for line in wrong]
