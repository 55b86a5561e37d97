"""Rows of CSV files: read with the line of every fault, and written. What the columns mean is their owner's matter."""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Final, TextIO

from edge.errors import InputProblemError

FLAGS: Final = {"1": True, "0": False}
PROBLEMS_SHOWN: Final = 20
TIME_MAX_MS: Final = 10**14


class Row:
    """One line of a CSV file; a value that is not what it should be is noted with its line, and stands as None."""

    def __init__(self, path: Path, number: int, values: dict[str, str], problems: list[str]) -> None:
        self._where = f"{path}:{number}"
        self._values = values
        self._problems = problems

    def note(self, problem: str) -> None:
        """Note a problem of this row."""
        self._problems.append(f"{self._where}: {problem}")

    def whole(self, name: str, minimum: int = 0) -> int:
        """Return a whole number, and one below ``minimum`` where there is none."""
        text = self._values[name]
        try:
            value = int(text)
        except ValueError:
            value = minimum - 1
        if not minimum <= value <= TIME_MAX_MS:
            self.note(f"{name}: {text!r}, needs a whole number from {minimum}")
        return value

    def number(self, name: str) -> float:
        """Return a finite number, NaN where there is none."""
        text = self._values[name]
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            self.note(f"{name}: {text!r}, needs a finite number")
        return value

    def word(self, name: str, allowed: Iterable[str]) -> str:
        """Return what is written, whether it is allowed or not."""
        text = self._values[name]
        if text not in allowed:
            self.note(f"{name}: {text!r}, needs one of {', '.join(sorted(allowed))}")
        return text

    def flag(self, name: str) -> bool:
        """Return what is said, and yes where nothing is."""
        return FLAGS.get(self.word(name, FLAGS), True) if self.given(name) else True

    def share(self, name: str) -> float:
        """Return a share from 0 to 1, and 1 where nothing is said."""
        value = self.number(name) if self.given(name) else 1.0
        if not 0 <= value <= 1:
            self.note(f"{name}: {value}, needs a share from 0 to 1")
        return value

    def given(self, name: str) -> bool:
        """Tell whether something is written there."""
        return bool(self._values.get(name))

    def alone(self, name: str) -> bool:
        """Tell whether nothing else is written in the row."""
        return not any(value for other, value in self._values.items() if other != name)


@contextmanager
def open_rows(path: Path, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Iterator[Row]]:
    """Open a CSV file and yield its rows; raise InputProblemError with every problem when the block ends."""
    problems: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield _read(path, file, (needed, optional), problems)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputProblemError(f"{path}: expected a CSV file: {reason}") from error
    if problems:
        more = len(problems) - PROBLEMS_SHOWN
        raise InputProblemError(*problems[:PROBLEMS_SHOWN], *([f"{path}: and {more} more"] if more > 0 else []))


def _read(
    path: Path, file: TextIO, columns: tuple[tuple[str, ...], tuple[str, ...]], problems: list[str]
) -> Iterator[Row]:
    needed, optional = columns
    reader = csv.DictReader(file, strict=True)
    found = reader.fieldnames or []
    lacking = [name for name in needed if name not in found]
    unknown = [name for name in found if name not in (*needed, *optional)]
    twice = sorted({name for name in found if found.count(name) > 1})
    if lacking or unknown or twice:
        problems += [f"{path}:1: column {name} is missing" for name in lacking]
        problems += [f"{path}:1: no such column {name!r}, needs {', '.join((*needed, *optional))}" for name in unknown]
        problems += [f"{path}:1: column {name} is given twice" for name in twice]
        return
    for values in reader:
        if None in values or None in values.values():
            problems.append(f"{path}:{reader.line_num}: needs {len(found)} values")
        else:
            yield Row(path, reader.line_num, values, problems)


Writer = Callable[[Iterable[object]], object]


def csv_writer(file: TextIO, columns: tuple[str, ...]) -> Writer:
    """Write the head of a CSV file and return what writes its rows."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    return writer.writerow
