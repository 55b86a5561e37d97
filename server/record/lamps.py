"""What a signal showed around an act, and what each source said of it: signals.csv and sources.csv. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contract.words import LampSource, LampState
from server.record.rows import Row, UnreadableError, rows_of

SIGNALS: Final = ("t_ms", "signal_id", "state")
SOURCES: Final = ("t_ms", "signal_id", "source", "state", "since_ms", "age_ms")
STATES: Final = frozenset(state.value for state in LampState)
CHANGES_MAX: Final = 1000
"""Three minutes in which the lamp changes five times a second: no signal does."""
SAYERS: Final = frozenset(source.value for source in LampSource)


@dataclass(frozen=True, slots=True)
class Span:
    """One state for a while; ms from the entry."""

    from_ms: int
    to_ms: int
    state: LampState


@dataclass(frozen=True, slots=True)
class Said:
    """What a source said at one instant, in ms from the entry; ``age_ms`` is how old its last word was."""

    t_ms: int
    source: LampSource
    state: LampState
    age_ms: int | None


def shown(data: bytes, signal_id: str, entered_ms: int, until_ms: int) -> tuple[Span, ...]:
    """Return what a signal showed by signals.csv, up to ``until_ms`` after the entry. Raises UnreadableError."""
    of_signal = (row for row in rows_of("signals.csv", data, SIGNALS) if row.values["signal_id"] == signal_id)
    return _spans("signals.csv", [(row.whole("t_ms") - entered_ms, _state(row)) for row in of_signal], until_ms)


def said(data: bytes, signal_id: str, entered_ms: int) -> tuple[Said, ...]:
    """Return what the sources said of a signal by sources.csv, in the file's order. Raises UnreadableError."""
    of_signal = (row for row in rows_of("sources.csv", data, SOURCES) if row.values["signal_id"] == signal_id)
    return tuple(
        Said(
            row.whole("t_ms") - entered_ms,
            LampSource(_word(row, "source", SAYERS)),
            _state(row),
            row.whole("age_ms") if row.given("age_ms") else None,
        )
        for row in of_signal
    )


def spans_by_source(heard: Sequence[Said], until_ms: int) -> dict[LampSource, tuple[Span, ...]]:
    """Return the states of each source, in the order in which they first speak."""
    sources = dict.fromkeys(each.source for each in heard)
    return {
        source: _spans("sources.csv", [(each.t_ms, each.state) for each in heard if each.source is source], until_ms)
        for source in sources
    }


def agree(states: Sequence[LampState]) -> bool | None:
    """Tell whether those who know say the same; None where fewer than two of them know."""
    known = [state for state in states if state is not LampState.UNKNOWN]
    return None if len(known) < 2 else len(set(known)) == 1


def _spans(name: str, changes: list[tuple[int, LampState]], until_ms: int) -> tuple[Span, ...]:
    """Return states one after the other; what is said again goes on. Raises UnreadableError for what flickers."""
    begun: list[tuple[int, LampState]] = []
    for t_ms, state in sorted(changes, key=lambda change: change[0]):
        if not begun or begun[-1][1] is not state:
            begun.append((t_ms, state))
    if len(begun) > CHANGES_MAX:
        raise UnreadableError(f"{name}: expected at most {CHANGES_MAX} changes of one signal, found {len(begun)}")
    ends = [*(t_ms for t_ms, _ in begun[1:]), until_ms]
    return tuple(Span(t_ms, end, state) for (t_ms, state), end in zip(begun, ends, strict=False) if end > t_ms)


def _state(row: Row) -> LampState:
    return LampState(_word(row, "state", STATES))


def _word(row: Row, name: str, known: frozenset[str]) -> str:
    text = row.values[name]
    if text not in known:
        raise UnreadableError(f"{row.where}: {name}: expected one of {', '.join(sorted(known))}, found {text[:40]!r}")
    return text
