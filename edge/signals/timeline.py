"""The signal timeline: which lamp showed what, from when to when. Before a signal's first word it is unknown."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from contract.words import LampSource, LampState


@dataclass(frozen=True, slots=True)
class Shown:
    """One state and its span: from ``since_ms`` (None: nobody knows) until before ``until_ms`` (None: no end known)."""

    state: LampState
    since_ms: int | None
    until_ms: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """What one source said of a signal at one time: a state, since when, and how old its last word was by then.

    ``since_ms`` and ``age_ms`` are None where nobody knows; a plan or a file is never older than 0 ms.
    """

    source: LampSource
    state: LampState
    since_ms: int | None
    age_ms: int | None


class Signals(Protocol):
    """What a rule asks of the lamps, and what an event must say of where the answer came from."""

    def shown(self, signal_id: str, t_ms: int) -> Shown:
        """Return what a signal showed at a time, and the span of it."""
        ...

    def said(self, signal_id: str, t_ms: int) -> tuple[Said, ...]:
        """Return what each source said of a signal at a time."""
        ...


@dataclass(frozen=True, slots=True)
class LampChange:
    """A signal's state from ``t_ms`` on: a row of signals.csv."""

    t_ms: int
    signal_id: str
    state: LampState


class SignalTimeline:
    """Recorded changes, of any number of signals. Repeated states are one span."""

    def __init__(self, changes: Iterable[LampChange] = ()) -> None:
        self._times: dict[str, list[int]] = {}
        self._states: dict[str, list[LampState]] = {}
        for change in sorted(changes, key=lambda c: c.t_ms):
            self.add(change)

    def add(self, change: LampChange) -> None:
        """Append a change that is not earlier than the last one of its signal."""
        times = self._times.setdefault(change.signal_id, [])
        states = self._states.setdefault(change.signal_id, [])
        if times and change.t_ms < times[-1]:
            raise ValueError(f"expected a change at or after {times[-1]} ms, found one at {change.t_ms} ms")
        if times and change.t_ms == times[-1]:
            times.pop(), states.pop()
        if not states or states[-1] is not change.state:
            times.append(change.t_ms)
            states.append(change.state)

    def shown(self, signal_id: str, t_ms: int) -> Shown:
        """Return the state at a time; a signal that was never heard of is unknown."""
        times = self._times.get(signal_id, [])
        index = bisect_right(times, t_ms) - 1
        until_ms = times[index + 1] if index + 1 < len(times) else None
        if index < 0:
            return Shown(LampState.UNKNOWN, None, until_ms)
        return Shown(self._states[signal_id][index], times[index], until_ms)

    def said(self, signal_id: str, t_ms: int) -> tuple[Said, ...]:
        """Return what the file says."""
        shown = self.shown(signal_id, t_ms)
        return (Said(LampSource.FILE, shown.state, shown.since_ms, 0),)
