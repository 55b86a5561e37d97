"""What the lamps show over time: SUMO's link states put into the words of signals.csv."""

from collections.abc import Iterator
from typing import Final

from contract.words import LampState
from datasets.lamp_spans import PlayedLamps, Span
from datasets.simulation.layout import Layout
from datasets.simulation.states import Switches
from edge.signals.timeline import LampChange, SignalTimeline

LETTERS: Final = {
    "G": LampState.GREEN,
    "g": LampState.GREEN,
    "y": LampState.YELLOW,
    "u": LampState.RED,
    "r": LampState.RED,
    "s": LampState.RED,
}


def read_lamps(layout: Layout, switches: Switches, end_ms: int, flash_s: float) -> PlayedLamps:
    """Return the lamps of a layout; the pedestrians' green flashes for its last ``flash_s`` seconds."""
    links = {crossing.signal_id: crossing.link for crossing in layout.crossings}
    flash_ms = dict.fromkeys(links, round(flash_s * 1000))
    links |= {way.signal_id: way.link for way in layout.approaches}
    steady = SignalTimeline(
        LampChange(t_ms, signal_id, LETTERS[state[link]])
        for signal_id, link in links.items()
        for t_ms, state in zip(switches.times_ms, switches.states, strict=True)
    )
    flashing = SignalTimeline(
        change
        for signal_id in links
        for span in PlayedLamps(steady, end_ms).spans(signal_id)
        for change in _changes(signal_id, span, flash_ms.get(signal_id, 0))
    )
    return PlayedLamps(flashing, end_ms)


def signal_ids(layout: Layout) -> list[str]:
    """Return the names of a layout's lamps."""
    return [crossing.signal_id for crossing in layout.crossings] + [way.signal_id for way in layout.approaches]


def _changes(signal_id: str, span: Span, flash_ms: int) -> Iterator[LampChange]:
    yield LampChange(span.since_ms, signal_id, span.state)
    if flash_ms and span.state is LampState.GREEN and span.lasts_ms > flash_ms:
        yield LampChange(span.until_ms - flash_ms, signal_id, LampState.FLASHING_GREEN)
