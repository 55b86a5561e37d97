"""Writes what was made or measured as rows: CSV tables, and files of one JSON object a line."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from edge.errors import InputProblemError
from edge.rows import csv_writer


def write_table(path: Path, columns: tuple[str, ...], rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file, laid out as the edge lays out its own."""
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv_writer(file, columns)
        for row in rows:
            write(row)


def write_lines(path: Path, lines: Iterable[Mapping[str, object]]) -> None:
    """Write one JSON object a line. Raises InputProblemError where that cannot be."""
    try:
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise InputProblemError(f"{path}: expected a place to write to, found none ({error.strerror})") from error
