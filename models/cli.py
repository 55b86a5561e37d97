"""``lukou models``: which detectors there are, and fetching one."""

import os
import signal
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table

from models.catalog import Model, load_catalog
from models.locate import exported
from models.pull import cache_folder, cached, pull

models = typer.Typer(help="The detectors.", no_args_is_help=True, add_completion=False)


@models.command("list")
def list_models() -> None:
    """List the catalog: licence, input, and whether it is in the cache."""
    catalog, folder = load_catalog(), cache_folder(os.environ)
    table = Table(
        "name", "what it is", "licence", "input", "cached?", caption=f"cache: {folder}", caption_justify="left"
    )
    for name, model in catalog.models.items():
        table.add_row(
            name, model.title, model.weights_licence, _size(model), "yes" if cached(name, folder, catalog) else "no"
        )
    for name in exported(folder, catalog):
        table.add_row(name, "exported or quantized here", "", "", "yes")
    Console().print(table)


@models.command("pull")
def pull_model(name: Annotated[str, typer.Argument(help="a name out of `lukou models list`")]) -> None:
    """Fetch a detector into the cache, unless it is there; print its path."""
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM)
    )  # so that what is half done is cleared away
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bars:
        bar = bars.add_task(name, total=None, visible=False)
        path = pull(
            name,
            cache_folder(os.environ),
            lambda what, done, total: bars.update(bar, description=what, completed=done, total=total, visible=True),
        )
    typer.echo(path)


def _size(model: Model) -> str:
    return f"{model.input.width_px}x{model.input.height_px}"
