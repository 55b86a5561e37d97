"""All of the law's data as the centre starts with it: our files, and an operator's folder over them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from server.law.calendar import Calendar
from server.law.files import LawFile, Problems, read_with
from server.law.limits import Limits
from server.law.periods import Retention
from server.law.reading import OFFENCES, Law
from server.law.retention import RETENTION
from server.law.terms import Terms
from server.law.workdays import Workdays

TERMS: Final = LawFile("terms.toml", Terms)
LIMITS: Final = LawFile("limits.toml", Limits)
WORKDAYS: Final = LawFile("workdays.toml", Workdays)
NAMES: Final = tuple(file.name for file in (OFFENCES, RETENTION, TERMS, LIMITS, WORKDAYS))


@dataclass(frozen=True, slots=True)
class LawBook:
    """The law's data, whole."""

    offences: Law
    retention: Retention
    terms: Terms
    limits: Limits
    workdays: Workdays
    calendar: Calendar


def read_law_book(law_dir: Path | None = None) -> LawBook:
    """Read all files, with the operator's over them. Raises SettingsProblemError with every problem of every file."""
    problems = Problems()
    _look_at_folder(law_dir, problems)
    offences, retention = read_with(OFFENCES, law_dir, problems), read_with(RETENTION, law_dir, problems)
    terms, limits = read_with(TERMS, law_dir, problems), read_with(LIMITS, law_dir, problems)
    workdays = read_with(WORKDAYS, law_dir, problems)
    problems.stop_where_any()
    assert offences and retention and terms and limits and workdays  # noqa: S101, PT018  # a problem, or read
    return LawBook(offences, retention, terms, limits, workdays, workdays.calendar())


def _look_at_folder(law_dir: Path | None, problems: Problems) -> None:
    """Tell of a folder that is not there, and of files that would be passed over because of a slip in their name."""
    if law_dir is None:
        return
    if not law_dir.is_dir():
        problems.lines.append(f"LUKOU_LAW_DIR: expected a folder, found none at {law_dir}")
        return
    for path in sorted(law_dir.iterdir()):
        if path.suffix == ".toml" and path.name not in NAMES:
            problems.lines.append(f"{path}: expected one of {', '.join(NAMES)}")
