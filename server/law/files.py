"""Reads one file of the law's data, and the operator's file of the same name over it, entry by entry.

Every problem of both files is told: the file, the table and entry, what was expected, what was found.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from server.errors import SettingsProblemError
from server.law.entries import Entry, standing_over, twice

OURS: Final = Path(__file__).parent
SIZE_MAX: Final = 1_000_000
"""Bytes. Ours are 20 kB; a file of this size is no table of law."""

Whole = TypeVar("Whole", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class LawFile(Generic[Whole]):
    """A file by its name, and the shape of all that it holds: each field is a table of entries."""

    name: str
    shape: type[Whole]

    def tables(self) -> Mapping[str, type[Entry]]:
        """Return the entry of each table."""
        return {name: get_args(info.annotation)[0] for name, info in self.shape.model_fields.items()}


@dataclass(slots=True)
class Problems:
    """What is wrong, a line each."""

    lines: list[str] = field(default_factory=list)

    def stop_where_any(self) -> None:
        """Raise SettingsProblemError with all of them."""
        if self.lines:
            raise SettingsProblemError("\n".join(self.lines))


def read(file: LawFile[Whole], law_dir: Path | None) -> Whole:
    """Read a file, with the operator's over it. Raises SettingsProblemError."""
    problems = Problems()
    whole = read_with(file, law_dir, problems)
    problems.stop_where_any()
    assert whole is not None  # noqa: S101  # there is a problem, or it was read
    return whole


def read_with(file: LawFile[Whole], law_dir: Path | None, problems: Problems) -> Whole | None:
    """Read a file as ``read`` does, and add what is wrong to ``problems``; None where something is."""
    before = len(problems.lines)
    ours = _entries(file, OURS / file.name, problems)
    beside = None if law_dir is None else law_dir / file.name
    theirs = _entries(file, beside, problems) if beside is not None and beside.exists() else {}
    if len(problems.lines) > before:
        return None
    try:
        return file.shape.model_validate({name: standing_over(theirs.get(name, ()), ours[name]) for name in ours})
    except ValidationError as error:
        problems.lines += [f"{file.name}: {_told(detail)}" for detail in error.errors()]
        return None


def _entries(file: LawFile[Any], path: Path, problems: Problems) -> dict[str, Sequence[Entry]]:
    """Return the entries of one file by table."""
    tables, found = file.tables(), _document(path, problems)
    for name in found.keys() - tables.keys():
        problems.lines.append(f"{path}: expected the tables {', '.join(tables)}, found {name}")
    return {name: _table(path, name, model, found.get(name, []), problems) for name, model in tables.items()}


def _document(path: Path, problems: Problems) -> dict[str, Any]:
    """Return a file's TOML, or nothing where it cannot be read."""
    try:
        if path.stat().st_size > SIZE_MAX:
            raise ValueError(f"a file of more than {SIZE_MAX} bytes")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # UnicodeDecodeError and TOMLDecodeError are ValueErrors
        found = error.strerror if isinstance(error, OSError) else error
        problems.lines.append(f"{path}: expected a readable TOML file in UTF-8, found: {found}")
        return {}


def _table(path: Path, name: str, model: type[Entry], rows: object, problems: Problems) -> Sequence[Entry]:
    if not isinstance(rows, list):
        problems.lines.append(f"{path}: expected entries as [[{name}]], found {name} = {_short(rows)}")
        return ()
    entries: list[Entry] = []
    for number, row in enumerate(rows, 1):
        try:
            entries.append(model.model_validate(row))
        except ValidationError as error:
            place = f"{path}: [[{name}]] {number}{_named(model, row)}"
            problems.lines += [f"{place}: {_told(detail)}" for detail in error.errors()]
    if len(entries) == len(rows):
        problems.lines += _twice(path, name, entries)
    return entries


def _twice(path: Path, name: str, entries: Sequence[Entry]) -> Iterator[str]:
    for earlier, later in twice(entries):
        what = f" {entries[later].identity}".rstrip()
        yield f"{path}: [[{name}]]{what}: expected one entry for a day, found {earlier + 1} and {later + 1}"


def _named(model: type[Entry], row: object) -> str:
    found = row.get(model.identified_by) if isinstance(row, dict) else None
    return f" ({str(found)[:80]})" if found is not None else ""


def _told(detail: Any) -> str:  # noqa: ANN401  # pydantic's ErrorDetails
    place = ".".join(str(part) for part in detail["loc"])
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "value_error":
        return f"{place}: {message}" if place else message
    found = "" if detail["type"] == "missing" else f", found {_short(detail['input'])}"
    return f"{place}: {message}{found}" if place else f"{message}{found}"


def _short(value: object) -> str:
    text = str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
