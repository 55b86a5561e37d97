"""`lukou signals`: what the sources of a box's signals say, live."""

import logging
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from edge.cli import wall_clock_ms
from edge.config import load_config
from edge.signals_watch import Wish, watch_signals

signals = typer.Typer(add_completion=False, no_args_is_help=True)


@signals.callback()
def _signals() -> None:
    """What the sources of a box's signals say."""


@signals.command("watch")
def watch(
    config: Annotated[Path, typer.Option(help="edge.yaml (docs/signals.md)")],
    camera: Annotated[str | None, typer.Option(help="one camera's id; else all")] = None,
    seconds: Annotated[float | None, typer.Option(min=1, help="end after so long; else on Ctrl-C")] = None,
    once: Annotated[
        bool, typer.Option("--once", help="one look, when all have spoken or after 5 s; 1 if a signal is unknown")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="an object a camera and second instead of the table")] = False,
) -> None:
    """Show what each signal shows, what each source says of it and how old that is, and what was counted."""
    shown = logging.WARNING if as_json else logging.CRITICAL  # a line in the midst of a live table spoils it
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(shown),
    )
    known = watch_signals(load_config(config), camera, Wish(once, as_json, seconds), wall_clock_ms)
    raise typer.Exit(1 if once and not known else 0)
