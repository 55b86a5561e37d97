"""Rows of a package's CSV files (docs/formats.md). Pure.

A file with a fault is not drawn at all, and the page says so: half a track would look like a whole one.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Final

BYTES_MAX: Final = 8 * 1024 * 1024
"""60,000 rows of a crowd are 5 MB (docs/replay.md)."""
VALUE_MAX: Final = 1e14


class UnreadableError(Exception):
    """A file of a package that cannot be drawn: which, where, what was expected and found."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, by its columns."""

    where: str
    values: dict[str, str]

    def given(self, name: str) -> bool:
        """Tell whether something is written there."""
        return bool(self.values.get(name))

    def number(self, name: str) -> float:
        """Return a finite number. Raises UnreadableError."""
        text = self.values.get(name) or ""
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not isfinite(value) or abs(value) > VALUE_MAX:
            raise UnreadableError(f"{self.where}: {name}: expected a number, found {text[:40]!r}")
        return value

    def whole(self, name: str) -> int:
        """Return a number of ms or a track's number, whole. Raises UnreadableError."""
        return round(self.number(name))


def rows_of(name: str, data: bytes, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of a file that has at least these columns. Raises UnreadableError."""
    if len(data) > BYTES_MAX:
        raise UnreadableError(f"{name}: expected at most {BYTES_MAX} bytes, found {len(data)}")
    try:
        lines = csv.DictReader(data.decode("utf-8").splitlines(), restval="")
        lacking = [column for column in columns if column not in (lines.fieldnames or ())]
        if lacking:
            raise UnreadableError(f"{name}: expected the columns {', '.join(columns)}, {', '.join(lacking)} is missing")
        for values in lines:
            yield Row(f"{name}:{lines.line_num}", values)
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnreadableError(f"{name}: expected CSV: {error}") from error
