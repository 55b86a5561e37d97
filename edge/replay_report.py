"""What `lukou judge PACKAGE_DIR` tells the person at the terminal: a line where all is the same, else a table."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import track as progress_bar
from rich.table import Table

from edge.judge_packages import Replay, packages_below, replay


def judge_again(folders: Sequence[Path], software_version: str) -> int:
    """Judge packages again, tell of each, and return the exit status: 2 where one cannot be read, 1 where one differs.

    Raises InputProblemError where a folder holds no package at all.
    """
    packages = packages_below(folders)
    several = len(packages) > 1
    bar = progress_bar(packages, "judging again", console=Console(stderr=True), disable=not several)
    replays = [replay(package, software_version) for package in bar]
    for judged in replays:
        _tell(judged, software_version)
    unreadable, same = sum(bool(r.problems) for r in replays), sum(r.same for r in replays)
    if several:
        differ = len(replays) - unreadable - same
        typer.echo(f"{len(replays)} packages: {same} the same, {differ} differ, {unreadable} cannot be read")
    return 2 if unreadable else 0 if same == len(replays) else 1


def _tell(judged: Replay, software_version: str) -> None:
    stored = judged.stored
    if stored is None:
        typer.echo("\n".join(judged.problems), err=True)
        return
    act = f"{stored.violation.kind.value}, track {stored.violation.track_id}, {stored.violation.zone_id}"
    if judged.same:
        by = "" if stored.software_version == software_version else f" (written by {stored.software_version})"
        typer.echo(f"{judged.folder}: {act}: the same verdict, bit for bit{by}")
        return
    typer.echo(f"{judged.folder}: {act}: NOT the same")
    table = Table("what", "stored", "judged now")
    for difference in judged.differences:
        table.add_row(difference.what, difference.stored, difference.now)
    Console().print(table)
    if not stored.replayable:
        typer.echo(f"  it was written as not replayable: {stored.reason}")
