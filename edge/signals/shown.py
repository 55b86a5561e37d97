"""What the lamps showed over a span of time, as a record that gives the same answers, and who said so. Pure."""

from collections.abc import Iterable, Iterator

from contract.words import LampState
from edge.signals.timeline import LampChange, Said, Signals


def shown_over(signals: Signals, signal_ids: Iterable[str], from_ms: int, to_ms: int) -> tuple[LampChange, ...]:
    """Return the changes of the signals from ``from_ms`` to ``to_ms``, both included, signal by signal.

    The first change of a signal stands at the begin of the state that held at ``from_ms``, and so may lie before it. A
    signal that nobody had heard of is unknown, which needs no change.
    """
    return tuple(change for signal_id in signal_ids for change in _of_one(signals, signal_id, from_ms, to_ms))


def said_over(
    signals: Signals, signal_ids: Iterable[str], from_ms: int, to_ms: int, every_ms: int
) -> Iterator[tuple[int, str, Said]]:
    """Yield what each source said of each signal: at the beginning, so often after it, and at each change."""
    known = tuple(signal_ids)
    changed = {change.t_ms for change in shown_over(signals, known, from_ms, to_ms) if from_ms <= change.t_ms}
    for t_ms in sorted(changed | set(range(from_ms, to_ms + 1, every_ms)) | {to_ms}):
        for signal_id in known:
            yield from ((t_ms, signal_id, said) for said in signals.said(signal_id, t_ms))


def _of_one(signals: Signals, signal_id: str, from_ms: int, to_ms: int) -> Iterator[LampChange]:
    t_ms = from_ms
    while True:
        shown = signals.shown(signal_id, t_ms)
        began_ms = shown.since_ms if t_ms == from_ms and shown.since_ms is not None else t_ms
        if t_ms != from_ms or shown.since_ms is not None or shown.state is not LampState.UNKNOWN:
            yield LampChange(began_ms, signal_id, shown.state)
        if shown.until_ms is None or not t_ms < shown.until_ms <= to_ms:
            return
        t_ms = shown.until_ms
