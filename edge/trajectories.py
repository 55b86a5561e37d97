"""tracks.csv, signals.csv, violations.jsonl, passages.jsonl: read and written as docs/formats.md says.

A file with faults is refused with the line number of each; nothing is skipped in silence.
"""

import csv
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from enum import Enum
from itertools import groupby
from math import isfinite
from pathlib import Path
from typing import Any, Final, TextIO

from contract.words import LampState, RoadUserKind
from edge.errors import InputProblemError
from edge.observations import Observation, Passage, RoadUser, Violation
from edge.signals.timeline import LampChange, SignalTimeline

TRACK_COLUMNS: Final = ("t_ms", "track_id", "kind", "x_m", "y_m")
BOX_COLUMNS: Final = ("x1_px", "y1_px", "x2_px", "y2_px")
CERTAINTY_COLUMNS: Final = ("settled", "seen", "identity")
OPTIONAL_COLUMNS: Final = (*BOX_COLUMNS, "score", *CERTAINTY_COLUMNS)
FLAGS: Final = {"1": True, "0": False}
SIGNAL_COLUMNS: Final = ("t_ms", "signal_id", "state")
STATES: Final = frozenset(state.value for state in LampState)
KINDS: Final = frozenset(kind.value for kind in RoadUserKind)
PROBLEMS_SHOWN: Final = 20
TIME_MAX_MS: Final = 10**14


class _Row:
    """One line of a CSV file; a value that is not what it should be is noted with its line, and stands as None."""

    def __init__(self, path: Path, number: int, values: dict[str, str], problems: list[str]) -> None:
        self._where = f"{path}:{number}"
        self._values = values
        self._problems = problems

    def note(self, problem: str) -> None:
        self._problems.append(f"{self._where}: {problem}")

    def whole(self, name: str) -> int:
        text = self._values[name]
        try:
            value = int(text)
        except ValueError:
            value = -1
        if not 0 <= value <= TIME_MAX_MS:
            self.note(f"{name}: {text!r}, needs a whole number from 0")
        return value

    def number(self, name: str) -> float:
        text = self._values[name]
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not isfinite(value):
            self.note(f"{name}: {text!r}, needs a finite number")
        return value

    def word(self, name: str, allowed: Iterable[str]) -> str:
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
        return bool(self._values.get(name))


@contextmanager
def _rows(path: Path, needed: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Iterator[_Row]]:
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
) -> Iterator[_Row]:
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
            yield _Row(path, reader.line_num, values, problems)


def read_signals(path: Path, known: Collection[str]) -> SignalTimeline:
    """Read signals.csv; ``known`` are the scene's signals. Raises InputProblemError."""
    changes: list[LampChange] = []
    last_ms: dict[str, int] = {}
    with _rows(path, SIGNAL_COLUMNS) as rows:
        for row in rows:
            t_ms, signal_id = row.whole("t_ms"), row.word("signal_id", known)
            state = row.word("state", STATES)
            if 0 <= t_ms < last_ms.get(signal_id, 0):
                row.note(f"t_ms: {t_ms} after {last_ms[signal_id]} for {signal_id!r}, needs rows in time order")
            last_ms[signal_id] = max(t_ms, last_ms.get(signal_id, 0))
            if state in STATES:
                changes.append(LampChange(t_ms, signal_id, LampState(state)))
    return SignalTimeline(changes)


def read_tracks(path: Path) -> list[Observation]:
    """Read tracks.csv, rows of one time as one observation. Raises InputProblemError."""
    timed: list[tuple[int, RoadUser]] = []
    last_ms = 0
    with _rows(path, TRACK_COLUMNS, OPTIONAL_COLUMNS) as rows:
        for row in rows:
            t_ms = row.whole("t_ms")
            if 0 <= t_ms < last_ms:
                row.note(f"t_ms: {t_ms} after {last_ms}, needs rows in time order")
            last_ms = max(last_ms, t_ms)
            user = _road_user(row)
            if user is not None:
                timed.append((t_ms, user))
    return [Observation(t_ms, tuple(u for _, u in group)) for t_ms, group in groupby(timed, key=lambda pair: pair[0])]


def _road_user(row: _Row) -> RoadUser | None:
    kind = row.word("kind", KINDS)
    track_id, x_m, y_m = row.whole("track_id"), row.number("x_m"), row.number("y_m")
    box = None
    sides = [name for name in BOX_COLUMNS if row.given(name)]
    if 0 < len(sides) < len(BOX_COLUMNS):
        row.note(f"{', '.join(BOX_COLUMNS)}: found {', '.join(sides)} alone, needs all four or none")
    elif sides:
        x1, y1, x2, y2 = (row.number(name) for name in BOX_COLUMNS)
        box = (x1, y1, x2, y2)
    score = row.number("score") if row.given("score") else None
    if kind not in KINDS:
        return None
    sure = (row.flag("settled"), row.flag("seen"), row.share("identity"))
    return RoadUser(track_id, RoadUserKind(kind), x_m, y_m, box, score, *sure)


def track_rows(observation: Observation) -> Iterator[list[str]]:
    """Return the rows of tracks.csv for one instant: metres to the millimetre, pixels to a tenth."""
    for user in observation.road_users:
        box = ["", "", "", ""] if user.box_xyxy_px is None else [f"{edge:.1f}" for edge in user.box_xyxy_px]
        score = "" if user.score is None else f"{user.score:.3f}"
        place = [f"{user.x_m:.3f}", f"{user.y_m:.3f}"]
        sure = ["1" if user.settled else "0", "1" if user.seen else "0", f"{user.identity:.3f}"]
        yield [str(observation.t_ms), str(user.track_id), user.kind.value, *place, *box, score, *sure]


def signal_rows(changes: Iterable[LampChange]) -> Iterator[list[str]]:
    """Return the rows of signals.csv, in time order."""
    for change in sorted(changes, key=lambda c: (c.t_ms, c.signal_id)):
        yield [str(change.t_ms), change.signal_id, change.state.value]


def json_line(result: Violation | Passage) -> str:
    """Return a line of violations.jsonl or passages.jsonl; lengths to the millimetre."""
    return json.dumps({f.name: _plain(getattr(result, f.name)) for f in fields(result)}, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return round(value, 3) if isinstance(value, float) else value


Writer = Callable[[Iterable[object]], object]


def csv_writer(file: TextIO, columns: tuple[str, ...]) -> Writer:
    """Write the head of a CSV file and return what writes its rows."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    return writer.writerow
