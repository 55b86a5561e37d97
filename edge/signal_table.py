"""What a person at a terminal is told of the signals: what each shows, what each source says, how old that is."""

from collections.abc import Iterator, Mapping
from typing import Final

from rich.table import Table

from contract.words import LampState
from edge.signal_desk import SignalDesk
from edge.signals.fusion import FusedSignals
from edge.signals.reading import Why
from edge.signals.tally import Tally
from edge.signals.timeline import Said

COLOURS: Final = {
    LampState.RED: "red",
    LampState.GREEN: "green",
    LampState.FLASHING_GREEN: "green",
    LampState.YELLOW: "yellow",
    LampState.FLASHING_YELLOW: "yellow",
}
Told = dict[str, object]
"""One signal's or one input's part of the JSON."""


def unknown_lines(signals: FusedSignals) -> Iterator[str]:
    """Say for how long each signal was not known, and why; nothing of one that was known all the time."""
    for signal_id, tally in signals.tallies().items():
        unknown_ms = sum(tally.unknown_ms.values())
        if unknown_ms:
            all_s = (unknown_ms + tally.known_ms) / 1000
            told = f"signal {signal_id}: unknown for {unknown_ms / 1000:.1f} s of {all_s:.1f} s ({_reasons(tally)})"
            yield f"{told}; its sources disagreed {tally.disagreements} times"


def signals_table(desks: Mapping[str, SignalDesk], now_ms: int) -> Table:
    """Return a table of all signals by camera; ``now_ms`` on the desks' own axis, past what is settled."""
    table = Table("camera", "signal", "shows", "for", "sources say", "unknown so far", "disagreements")
    for camera_id, desk in desks.items():
        tallies = desk.signals.tallies()
        for signal_id, tally in tallies.items():
            table.add_row(camera_id, signal_id, *_cells(desk.signals, signal_id, tally, now_ms))
    return table


def inputs_table(desks: Mapping[str, SignalDesk]) -> Table | None:
    """Return a table of all inputs; None where there is none."""
    rows = [(camera_id, name, link.state()) for camera_id, desk in desks.items() for name, link in desk.links.items()]
    if not rows:
        return None
    table = Table("camera", "input", "connected", "words taken", "words refused")
    for camera_id, name, state in rows:
        refused = ", ".join(f"{count} {why.value}" for why, count in state.refused.items())
        table.add_row(camera_id, name, "yes" if state.connected else "[red]no[/]", str(state.taken), refused)
    return table


def as_json(desk: SignalDesk, camera_id: str, start_ms: int, now_ms: int) -> Told:
    """Return the same of one camera as an object; times are ms since the Unix epoch."""
    return {
        "t_ms": start_ms + desk.signals.settled_ms,
        "camera_id": camera_id,
        "signals": [_signal(desk.signals, signal_id, start_ms, now_ms) for signal_id in desk.signals.signal_ids],
        "inputs": [_input(desk, name) for name in desk.links],
        "words_out_of_order": desk.signals.refused,
        "words_lost": desk.inbox.lost,
    }


def _cells(signals: FusedSignals, signal_id: str, tally: Tally, now_ms: int) -> tuple[str, ...]:
    shown, why = signals.shown(signal_id, signals.settled_ms), signals.why(signal_id)
    state = f"[bold {COLOURS.get(shown.state, 'default')}]{shown.state.value}[/]{_because(why)}"
    since = "" if shown.since_ms is None else f"{(now_ms - shown.since_ms) / 1000:.1f} s"
    said = "\n".join(_words(each) for each in signals.said(signal_id, now_ms))
    return state, since, said, _reasons(tally), _disagreed(tally)


def _because(why: Why | None) -> str:
    return "" if why is None else f" ({why.value})"


def _words(said: Said) -> str:
    if said.age_ms is None:
        return f"{said.source.value}: nothing yet"
    age = "" if said.age_ms == 0 else f", {said.age_ms / 1000:.2f} s ago"
    return f"{said.source.value}: [{COLOURS.get(said.state, 'default')}]{said.state.value}[/]{age}"


def _reasons(tally: Tally) -> str:
    return ", ".join(f"{ms / 1000:.1f} s {reason.value}" for reason, ms in tally.unknown_ms.items() if ms)


def _disagreed(tally: Tally) -> str:
    longest = f", longest {tally.longest_disagreement_ms / 1000:.1f} s" if tally.disagreements else ""
    return f"{tally.disagreements}{longest}"


def _signal(signals: FusedSignals, signal_id: str, start_ms: int, now_ms: int) -> Told:
    shown, why, tally = (
        signals.shown(signal_id, signals.settled_ms),
        signals.why(signal_id),
        signals.tallies()[signal_id],
    )
    return {
        "signal_id": signal_id,
        "state": shown.state.value,
        "since_ms": _epoch_ms(shown.since_ms, start_ms),
        "why_unknown": None if why is None else why.value,
        "sources": [
            {
                "source": said.source.value,
                "state": said.state.value,
                "since_ms": _epoch_ms(said.since_ms, start_ms),
                "age_ms": said.age_ms,
            }
            for said in signals.said(signal_id, now_ms)
        ],
        "known_ms": tally.known_ms,
        "unknown_ms": {reason.value: ms for reason, ms in tally.unknown_ms.items()},
        "disagreements": tally.disagreements,
        "longest_disagreement_ms": tally.longest_disagreement_ms,
    }


def _input(desk: SignalDesk, name: str) -> Told:
    state = desk.links[name].state()
    refused = {why.value: count for why, count in state.refused.items()}
    return {"input": name, "connected": state.connected, "taken": state.taken, "refused": refused}


def _epoch_ms(t_ms: int | None, start_ms: int) -> int | None:
    return None if t_ms is None else start_ms + t_ms
