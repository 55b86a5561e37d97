"""`lukou bench lamps`: the reader of lamps on drawn pictures and stories, beside a plain threshold, by condition."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.progress import track as progress_bar
from rich.table import Table

from contract.words import LampState
from datasets.lamps.backgrounds import Backgrounds
from datasets.lamps.measure import Counts, Told, Watched, read_all, read_plainly, watch_story
from datasets.lamps.pictures import draw
from datasets.lamps.sequences import PROGRAMMES, tell_story
from datasets.lamps.sheet import write_sheet
from datasets.scoring import Rate, rate

SHEET_PICTURES: Final = 240
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: so many pictures and stories of a seed; ``out`` is a folder for the sheet."""

    pictures: int
    stories: int
    seed: int
    out: Path | None = None


def bench_lamps(backgrounds: Backgrounds, wanted: Wanted, console: Console, *, as_json: bool) -> Figures:
    """Draw, read, print; return the figures."""
    numbers = progress_bar(range(wanted.pictures), "pictures", console=console, transient=True)
    pictures = [draw(backgrounds, np.random.default_rng([wanted.seed, number])) for number in numbers]
    told, plain = read_all(pictures), read_plainly(pictures)
    watched = Watched()
    for number in progress_bar(range(wanted.stories), "stories", console=console, transient=True):
        chance = int(np.random.SeedSequence([wanted.seed, number]).generate_state(1)[0])
        watch_story(tell_story(backgrounds, chance, PROGRAMMES[number % len(PROGRAMMES)]), watched)
    figures = {"seed": wanted.seed, "reader": _figures(told), "baseline": _figures(plain), "stories": _stories(watched)}
    if wanted.out is not None:
        write_sheet(told.judged, wanted.out / "lamps.png", SHEET_PICTURES)
        (wanted.out / "lamps.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")
    if as_json:
        print(json.dumps(figures, indent=2))
    else:
        _show(told, plain, console)
        console.print(_stories(watched))
    return figures


def _rates(counts: Counts) -> dict[str, Rate]:
    return {"answered": rate(counts.kept, counts.owed), "right": rate(counts.right, counts.answered)}


def _plain_rates(counts: Counts) -> Figures:
    return {
        name: {
            "right" if name == "right" else "kept": one.right,
            "of": one.of,
            **{key: None if share is None else round(share, 5) for key, share in _shares(one).items()},
        }
        for name, one in _rates(counts).items()
    }


def _shares(one: Rate) -> Mapping[str, float | None]:
    return {"rate": one.share, "low": one.low, "high": one.high}


def _figures(told: Told) -> Figures:
    return {
        "pictures": len(told.judged),
        **_plain_rates(told.counts()),
        "red_for_green": told.red_for(LampState.GREEN),
        "red_for_yellow": told.red_for(LampState.YELLOW),
        "red_for_dark": told.red_for(LampState.DARK),
        "ms_per_look": round(told.ms_per_look, 4),
        "confusions": told.confusions(),
        "by_condition": {name: _plain_rates(counts) for name, counts in told.by_condition().items()},
    }


def _stories(watched: Watched) -> Figures:
    asked = sum(watched.asked.values())
    same = sum(n for (shown, said), n in watched.asked.items() if shown is said)
    unknown = sum(n for (shown, said), n in watched.asked.items() if said is LampState.UNKNOWN is not shown)
    late = np.array(watched.red_late_ms or [0])
    return {
        "stories": watched.stories,
        "instants_asked": asked,
        "same_share": round(same / max(1, asked), 5),
        "unknown_share": round(unknown / max(1, asked), 5),
        "red_where_none": watched.red_wrongly(),
        "red_where_none_in": watched.false_red,
        "red_said_after_ms": {
            "median": int(np.median(late)),
            "p95": int(np.percentile(late, 95)),
            "max": int(late.max()),
        },
        "confusions": {
            f"{shown} as {said}": n for (shown, said), n in sorted(watched.asked.items()) if shown is not said
        },
    }


def _show(told: Told, plain: Told, console: Console) -> None:
    title = f"{len(told.judged)} drawn lamps, {told.ms_per_look:.2f} ms a look"
    table = Table(title=title, title_justify="left", caption="rates with 95 % intervals", caption_justify="left")
    for name in ("", "owed", "answered", "right where answered", "red for green"):
        table.add_column(name, justify="left" if not name else "right")
    for name, one in (("reader", told), ("plain HSV threshold", plain)):
        table.add_row(name, *_cells(one.counts()), str(one.red_for(LampState.GREEN)), end_section=True)
    for name, counts in told.by_condition().items():
        table.add_row(name, *_cells(counts), "")
    console.print(table)


def _cells(counts: Counts) -> list[str]:
    return [str(counts.owed), *(_cell(one) for one in _rates(counts).values())]


def _cell(one: Rate) -> str:
    if one.share is None or one.low is None or one.high is None:
        return "–"
    return f"{one.share:.4f} ({one.low:.3f}–{one.high:.3f})"
