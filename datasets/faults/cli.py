"""`lukou faults`: the chain under harm, and what came of every event; hostile messages, and what came of them."""

import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer
from rich.console import Console

from datasets.errors import ChainBrokenError, PartMissingError
from datasets.faults.harms import RUNS
from datasets.faults.hostile.run import hostile
from datasets.faults.run import Figures, Scale
from datasets.progress import telling

faults = typer.Typer(add_completion=False)
MARK: Final = ".lukou-faults"


class Name(StrEnum):
    """What can be run by itself."""

    KILLS = "kills"
    NETWORK = "network"
    PROXY = "proxy"
    DISKS = "disks"
    CLOCKS = "clocks"
    HOSTILE = "hostile"


@faults.command()
def run(
    which: Annotated[list[Name] | None, typer.Argument(help="what to run; all if none is named")] = None,
    events: Annotated[int, typer.Option(min=10, help="acts of the run of kills")] = 1000,
    others: Annotated[
        int | None, typer.Option(min=10, help="acts of network, proxy, disks and clocks; if not said, a tenth")
    ] = None,
    messages: Annotated[int, typer.Option(min=100, help="hostile messages")] = 100_000,
    seed: Annotated[int, typer.Option(help="another seed, other blows")] = 1,
    data: Annotated[Path, typer.Option(help="where logs and data of the runs lie; emptied first")] = Path("var/faults"),
    as_json: Annotated[bool, typer.Option("--json", help="the figures as JSON")] = False,
) -> None:
    """Harm the chain of real processes in every way, and count what is lost, doubled or broken: it must be nothing."""
    console = Console(stderr=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{time.time_ns() // 10**9}-", dir=_made(data)))
    found: list[Figures] = []
    with _ended_by_a_signal():
        for name in which or list(Name):
            acts = events if name is Name.KILLS else others or max(10, events // 10)
            done = _one(name, acts, messages, seed, folder, console)
            found.append(done)
            if not as_json:
                typer.echo(line(done))
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    broken = [f"{figures['run']}: {problem}" for figures in found for problem in figures["problems"]]
    if broken:
        raise ChainBrokenError("\n".join([*broken, f"logs: {folder}"]))


def _one(name: Name, acts: int, messages: int, seed: int, folder: Path, console: Console) -> Figures:
    now_ms = time.time_ns() // 1_000_000
    with telling(console, name.value) as say:
        if name is Name.HOSTILE:
            return hostile(folder / "hostile", messages, seed, now_ms, say)
        scale = Scale(folder, acts, seed, now_ms, say=say)
        try:
            return RUNS[name.value](scale)
        except PartMissingError as missing:
            if not _may_lack(name):
                raise
            return {"run": name.value, "skipped": str(missing), "problems": []}


def _may_lack(name: Name) -> bool:
    return name in {Name.NETWORK, Name.DISKS}


def line(figures: Figures) -> str:
    """Return one run's figures as a person reads them."""
    if "skipped" in figures:
        return f"{figures['run']}: SKIPPED, NOT PROVED HERE: {figures['skipped']}"
    told = ", ".join(f"{name} {value}" for name, value in figures.items() if isinstance(value, int | float | dict))
    verdict = "whole" if not figures["problems"] else f"BROKEN: {'; '.join(figures['problems'])}"
    lacking = f"; NOT PROVED HERE: {figures['not_proved']}" if "not_proved" in figures else ""
    return f"{figures['run']}: {verdict} ({told}){lacking}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


@contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """Leave by an exception where somebody ends us: what was started is then ended as well."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before: Callable[..., object] | int | None = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
