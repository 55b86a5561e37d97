"""What a command reads from and writes to the person at the terminal: files, sizes, figures; told well when wrong."""

import json
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from edge.errors import InputProblemError
from models.resize import STEP_PX


def written(path: Path, content: bytes) -> None:
    """Write a file, its folder too. Raises InputProblemError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InputProblemError(f"{path}: cannot be written: {error.strerror or error}") from error


def text_of(path: Path) -> str:
    """Return what is in a text file. Raises InputProblemError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputProblemError(f"{path}: expected a text file with a class name a line") from error


def size_of(text: str) -> tuple[int, int]:
    """Return width and height out of ``WIDTHxHEIGHT``. Raises InputProblemError."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise InputProblemError(f"--size: expected WIDTHxHEIGHT such as 640x384, found {text!r}")
    return int(width), int(height)


def side_of(size_px: int) -> int:
    """Return a side of an input as it is. Raises InputProblemError where no model can have it."""
    if size_px % STEP_PX:
        raise InputProblemError(f"--size: expected a multiple of {STEP_PX}, found {size_px}")
    return size_px


def show(figures: dict[str, float | int | str], *, as_json: bool) -> None:
    """Print figures as a table, or as JSON."""
    if as_json:
        typer.echo(json.dumps(figures, indent=2))
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, str(value))
    Console().print(table)
