"""`lukou bench histories`."""

from typing import Annotated

import typer
from rich.console import Console

from datasets.histories.playing import Wanted
from datasets.histories.run import Database, bench_histories


def histories_figures(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
    histories: Annotated[int, typer.Option(min=1, help="how many cases")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="another seed, other histories")] = 1,
    officers: Annotated[int, typer.Option(min=1, max=16, help="how many work on the same cases at once")] = 4,
    processes: Annotated[int, typer.Option(min=0, max=64, help="groups of cases side by side; 0: in this one")] = 2,
    minutes: Annotated[float, typer.Option(min=0.1, help="no further group begins after that")] = 240,
    database: Annotated[list[Database] | None, typer.Option(help="one of them; else both")] = None,
) -> None:
    """Play random histories of cases, officers at once, on PostgreSQL and SQLite; 1 where something did not hold."""
    wanted = Wanted(histories, seed, officers=officers, processes=processes, minutes=minutes)
    bench_histories(wanted, database or list(Database), Console(stderr=as_json), as_json=as_json)
