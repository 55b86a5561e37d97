"""`lukou clock`: how far the box's clock is off, by whom, and whether acts that are seen now can be proved by it."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from contract.evidence import CLOCK_OFF_MAX_MS, ClockProof
from contract.words import ClockReference, ClockStatus
from edge.both_clocks import looking
from edge.cli import wall_clock_ms
from edge.clock import Clock, Measurement, NotMeasuredError
from edge.clock_config import ClockConfig
from edge.clock_records import ClockRecords
from edge.clock_watch import reference_of
from edge.config import load_config

clock = typer.Typer(add_completion=False)


@clock.command()
def show(
    config: Annotated[Path, typer.Option(help="edge.yaml (docs/clock.md)")],
    as_json: Annotated[bool, typer.Option("--json", help="the proof as an event would bear it")] = False,
) -> None:
    """Measure the box's clock, and say whether it proves anything: 1 where it does not."""
    box = load_config(config)
    found = measured(box.clock, box.data / "outbox.sqlite")
    proof = found.proof_at(looking(wall_clock_ms)())
    if as_json:
        told = {"server": box.clock.server, "drift_ppm": box.clock.drift_ppm, "problem": found.problem}
        typer.echo(json.dumps(told | proof.model_dump(mode="json"), indent=2))
    else:
        Console().print(_table(proof, box.clock, found.problem))
    raise typer.Exit(0 if proof.status is ClockStatus.VALID else 1)


def measured(config: ClockConfig, outbox: Path) -> Clock:
    """Return what a running box has recorded, and what its reference says now."""
    measurements, problem = list(_recorded(outbox)), None
    reference = reference_of(config, looking(wall_clock_ms))
    if reference is not None:
        try:
            now = reference.measure()
            measurements += [] if now is None else [now]
        except NotMeasuredError as error:
            problem = str(error)
    return Clock(config.source, config.drift_ppm, tuple(measurements), problem)


def _recorded(outbox: Path) -> tuple[Measurement, ...]:
    """Return a box's records; none where it has none that we may read."""
    if not outbox.is_file():
        return ()
    try:
        with closing(ClockRecords(outbox)) as records:
            return records.measurements()
    except sqlite3.Error as error:
        typer.echo(f"{outbox}: the box's own measurements cannot be read ({error}); they are left out", err=True)
        return ()


def _table(proof: ClockProof, config: ClockConfig, problem: str | None) -> Table:
    table = Table("clock", proof.status.value)
    if proof.reason is not None:
        table.add_row("why", proof.reason)
    nobody = config.source is ClockReference.NONE
    table.add_row("by", "nobody" if nobody else f"{config.source.value} {config.server or ''}".strip())
    if proof.synchronised_at_ms is not None:
        at = datetime.fromtimestamp(proof.synchronised_at_ms / 1000, UTC)
        table.add_row("last synchronised", f"{at:%Y-%m-%dT%H:%M:%S}Z by this clock")
        table.add_row("was off then", f"{proof.offset_ms:+.3f} ms (+: ahead)")
        limit = f"at most {CLOCK_OFF_MAX_MS:.0f} ms prove (GA/T 832)"
        table.add_row("may be off now", f"{proof.uncertainty_ms:.3f} ms; {limit}")
    if problem is not None and problem not in (proof.reason or ""):
        table.add_row("not measured now", problem)
    return table
