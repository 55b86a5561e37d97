"""tracks.csv, signals.csv, violations.jsonl, passages.jsonl: read and written as docs/formats.md says.

A file with faults is refused with the line number of each; nothing is skipped in silence.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from enum import Enum
from io import StringIO
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from contract.words import HandOffCause, LampState, RoadUserKind
from edge.observations import Observation, Passage, RoadUser, Violation, Yielding
from edge.rows import FLAGS, TIME_MAX_MS, Row, csv_writer, open_rows
from edge.signals.hand_off import HandOff, Switched
from edge.signals.timeline import LampChange, Said, SignalTimeline

TRACK_COLUMNS: Final = ("t_ms", "track_id", "kind", "x_m", "y_m")
BOX_COLUMNS: Final = ("x1_px", "y1_px", "x2_px", "y2_px")
CERTAINTY_COLUMNS: Final = ("settled", "seen", "identity")
OPTIONAL_COLUMNS: Final = (*BOX_COLUMNS, "score", *CERTAINTY_COLUMNS)
SIGNAL_COLUMNS: Final = ("t_ms", "signal_id", "state")
SOURCE_COLUMNS = ("t_ms", "signal_id", "source", "state", "since_ms", "age_ms")
SINCE: Final = "since_ms"
HAND_OFF_COLUMNS: Final = ("t_ms", "set")
CAUSE: Final = "cause"
CAUSES: Final = frozenset(cause.value for cause in HandOffCause)
STATES: Final = frozenset(state.value for state in LampState)
KINDS: Final = frozenset(kind.value for kind in RoadUserKind)


def read_signals(path: Path, known: Collection[str]) -> SignalTimeline:
    """Read signals.csv; ``known`` are the scene's signals. Raises InputProblemError."""
    changes: list[LampChange] = []
    last_ms: dict[str, int] = {}
    with open_rows(path, SIGNAL_COLUMNS, (SINCE,)) as rows:
        for row in rows:
            t_ms, signal_id = row.whole("t_ms"), row.word("signal_id", known)
            state = row.word("state", STATES)
            if 0 <= t_ms < last_ms.get(signal_id, 0):
                row.note(f"t_ms: {t_ms} after {last_ms[signal_id]} for {signal_id!r}, needs rows in time order")
            began_ms = _began(row, t_ms, first=signal_id not in last_ms)
            last_ms[signal_id] = max(t_ms, last_ms.get(signal_id, 0))
            if state in STATES:
                changes.append(LampChange(began_ms, signal_id, LampState(state)))
    return SignalTimeline(changes)


def _began(row: Row, t_ms: int, *, first: bool) -> int:
    """Return when a row's state began: before the row, where that is said of a signal's first one."""
    if not row.given(SINCE):
        return t_ms
    since_ms = row.whole(SINCE, -TIME_MAX_MS)
    if not first:
        row.note(f"{SINCE}: {since_ms}, is for a signal's first row: later ones begin at their own t_ms")
    elif since_ms > t_ms:
        row.note(f"{SINCE}: {since_ms}, needs a time up to the row's t_ms {t_ms}")
    return since_ms


def read_hand_off(path: Path) -> HandOff:
    """Read hand_off.csv: when the hand-off switch was set (1), why, and released (0). Raises InputProblemError."""
    switched: list[Switched] = []
    last_ms = 0
    with open_rows(path, HAND_OFF_COLUMNS, (CAUSE,)) as rows:
        for row in rows:
            t_ms, is_set = row.whole("t_ms"), row.word("set", FLAGS)
            if 0 <= t_ms < last_ms:
                row.note(f"t_ms: {t_ms} after {last_ms}, needs rows in time order")
            last_ms = max(last_ms, t_ms)
            switched.append((t_ms, _cause(row) if FLAGS.get(is_set, True) else None))
    return HandOff(switched)


def _cause(row: Row) -> HandOffCause:
    """Return why the switch was set: an officer directed, unless another cause is said."""
    if row.given(CAUSE) and row.word(CAUSE, CAUSES) == HandOffCause.PAUSED:
        return HandOffCause.PAUSED
    return HandOffCause.DIRECTED


def read_tracks(path: Path) -> list[Observation]:
    """Read tracks.csv, rows of one time as one observation. Raises InputProblemError.

    A row with a time alone is an instant at which nobody was seen.
    """
    timed: list[tuple[int, RoadUser | None]] = []
    last_ms = 0
    with open_rows(path, TRACK_COLUMNS, OPTIONAL_COLUMNS) as rows:
        for row in rows:
            t_ms = row.whole("t_ms")
            if 0 <= t_ms < last_ms:
                row.note(f"t_ms: {t_ms} after {last_ms}, needs rows in time order")
            last_ms = max(last_ms, t_ms)
            timed.append((t_ms, None if row.alone("t_ms") else _road_user(row)))
    instants = groupby(timed, key=lambda pair: pair[0])
    return [Observation(t_ms, tuple(u for _, u in group if u is not None)) for t_ms, group in instants]


def _road_user(row: Row) -> RoadUser | None:
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
    """Return the rows of tracks.csv for one instant: metres to the millimetre, pixels to a tenth (``as_written``)."""
    for user in observation.road_users:
        box = ["", "", "", ""] if user.box_xyxy_px is None else [f"{edge:.1f}" for edge in user.box_xyxy_px]
        score = "" if user.score is None else f"{user.score:.3f}"
        place = [f"{user.x_m:.3f}", f"{user.y_m:.3f}"]
        sure = ["1" if user.settled else "0", "1" if user.seen else "0", f"{user.identity:.3f}"]
        yield [str(observation.t_ms), str(user.track_id), user.kind.value, *place, *box, score, *sure]


def tracks_csv(observations: Iterable[Observation]) -> str:
    """Return a tracks.csv that is read as the same observations, also those at which nobody was seen."""
    file = StringIO()
    columns = (*TRACK_COLUMNS, *OPTIONAL_COLUMNS)
    write = csv_writer(file, columns)
    for observation in observations:
        nobody = [str(observation.t_ms), *("" for _ in columns[1:])]
        for row in track_rows(observation) if observation.road_users else (nobody,):
            write(row)
    return file.getvalue()


def sources_csv(said: Iterable[tuple[int, str, Said]]) -> str:
    """Return what each source said of the signals, with since when and how old its word was; empty: nobody knows."""
    file = StringIO()
    write = csv_writer(file, SOURCE_COLUMNS)
    for t_ms, signal_id, each in said:
        since, age = ("" if value is None else value for value in (each.since_ms, each.age_ms))
        write([t_ms, signal_id, each.source.value, each.state.value, since, age])
    return file.getvalue()


def signals_csv(changes: Iterable[LampChange], from_ms: int = 0) -> str:
    """Return a signals.csv that begins at ``from_ms``.

    The column ``since_ms`` is there only where a first state had begun before: a red of two seconds is no fresh one.
    """
    rows = [(max(c.t_ms, from_ms), c.signal_id, c.state.value, c.t_ms) for c in changes]
    rows.sort(key=lambda row: (row[0], row[1]))
    file = StringIO()
    early = any(since_ms < from_ms for *_, since_ms in rows)
    write = csv_writer(file, (*SIGNAL_COLUMNS, SINCE) if early else SIGNAL_COLUMNS)
    for t_ms, signal_id, state, since_ms in rows:
        write([t_ms, signal_id, state, *(["" if since_ms == t_ms else since_ms] if early else [])])
    return file.getvalue()


def hand_off_csv(switched: Iterable[Switched], from_ms: int = 0) -> str:
    """Return a hand_off.csv that begins at ``from_ms``; its causes stand in it where they are not all officers'."""
    rows = [(max(t_ms, from_ms), cause) for t_ms, cause in switched]
    said = any(cause is HandOffCause.PAUSED for _, cause in rows)
    file = StringIO()
    write = csv_writer(file, (*HAND_OFF_COLUMNS, CAUSE) if said else HAND_OFF_COLUMNS)
    for t_ms, cause in rows:
        write([t_ms, int(cause is not None), *([cause or ""] if said else [])])
    return file.getvalue()


def json_line(result: Violation | Passage | Yielding) -> str:
    """Return a line of violations.jsonl, passages.jsonl or yields.jsonl; lengths to the millimetre."""
    return json.dumps({f.name: _plain(getattr(result, f.name)) for f in fields(result)}, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return round(value, 3) if isinstance(value, float) else value
