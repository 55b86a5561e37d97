"""shadow.jsonl: written into one file, or on a box into one a day; read again with the line of every fault."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TextIO

from pydantic import ValidationError

from edge.civil_time import beijing
from edge.errors import InputProblemError
from edge.rows import PROBLEMS_SHOWN
from edge.shadow import LINE, Line, RulesLine

LINE_BYTES_MAX: Final = 1_000_000


@dataclass(slots=True)
class OneFile:
    """All lines of a run in one file. ``tell`` is what the shadow's thread calls."""

    file: TextIO
    head: RulesLine

    def __post_init__(self) -> None:
        self.file.write(_text(self.head))

    def tell(self, _t_ms: int, line: Line) -> None:
        """Write a line."""
        self.file.write(_text(line))


@dataclass(slots=True)
class DayFiles:
    """A file for each day (Beijing) of the camera's time; those of more than ``keep_days`` before are deleted."""

    folder: Path
    head: RulesLine
    keep_days: int
    _day: date | None = None
    _file: TextIO | None = field(default=None, repr=False)

    def tell(self, t_ms: int, line: Line) -> None:
        """Append a line to the file of its day, so that it is on disk at once."""
        day = beijing(self.head.start_ms + t_ms).date()
        if self._file is None or day != self._day:
            self._begin(day)
        if self._file is not None:
            self._file.write(_text(line))
            self._file.flush()

    def close(self) -> None:
        """Close the file that is open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self, day: date) -> None:
        self.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob("????-??-??.jsonl"):
            if path.stem < (day - timedelta(days=self.keep_days)).isoformat():
                path.unlink()
        path = self.folder / f"{day.isoformat()}.jsonl"
        _cut_torn_line(path)
        self._day, self._file = day, path.open("a", encoding="utf-8")
        self._file.write(_text(self.head))


def read_lines(paths: Iterable[Path]) -> list[Line]:
    """Read files, or the *.jsonl of folders. Raises InputProblemError with the faults of all of them."""
    lines: list[Line] = []
    problems: list[str] = []
    for path in paths:
        for file in _files(path, problems):
            lines += _read(file, problems)
    if problems:
        more = len(problems) - PROBLEMS_SHOWN
        raise InputProblemError(*problems[:PROBLEMS_SHOWN], *([f"and {more} more"] if more > 0 else []))
    return lines


def _files(path: Path, problems: list[str]) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = [path / "shadow.jsonl"] if (path / "shadow.jsonl").is_file() else sorted(path.rglob("????-??-??.jsonl"))
    if not found:
        problems.append(f"{path}: expected shadow.jsonl, or files such as 2026-11-24.jsonl, found none")
    return found


def _read(path: Path, problems: list[str]) -> Iterator[Line]:
    headed = False
    try:
        with path.open("rb") as file:
            for number, text in enumerate(iter(lambda: file.readline(LINE_BYTES_MAX + 1), b""), 1):
                line = _line(text, f"{path}:{number}", problems)
                if line is None:
                    continue
                if not headed and not isinstance(line, RulesLine):
                    problems.append(f"{path}:{number}: expected the rules of both sides first, found {line.what}")
                headed = True
                yield line
    except OSError as error:
        problems.append(f"{path}: expected what a shadow said, found nothing to read ({error.strerror})")


def _line(text: bytes, where: str, problems: list[str]) -> Line | None:
    try:
        return LINE.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"]) or "line"
        problems.append(f"{where}: {place}: {first['msg']}")
        return None


def _text(line: Line) -> str:
    return line.model_dump_json() + "\n"


def _cut_torn_line(path: Path) -> None:
    """Cut what a power cut left of a last line, so that the next one is whole."""
    if path.is_file():
        data = path.read_bytes()
        if not data.endswith(b"\n"):
            path.write_bytes(data[: data.rfind(b"\n") + 1])
