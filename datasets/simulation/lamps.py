"""What the lamps show over time: SUMO's link states put into the words of signals.csv."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from contract.words import LampState
from datasets.simulation.layout import Layout
from datasets.simulation.states import Switches

LETTERS: Final = {
    "G": LampState.GREEN,
    "g": LampState.GREEN,
    "y": LampState.YELLOW,
    "u": LampState.RED,
    "r": LampState.RED,
    "s": LampState.RED,
}


@dataclass(frozen=True, slots=True)
class Span:
    """One state of one lamp, from ``start_ms`` until before ``end_ms``."""

    state: LampState
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Lamps:
    """Every signal's spans, in time order and without a gap."""

    spans: dict[str, tuple[Span, ...]]

    def at(self, signal_id: str, t_ms: float) -> Span:
        """Return what a lamp shows at a time within the simulation."""
        spans = self.spans[signal_id]
        return spans[max(0, bisect_right([span.start_ms for span in spans], t_ms) - 1)]

    def of_state(self, signal_id: str, state: LampState) -> list[Span]:
        """Return the spans of one state that were seen to begin and to end."""
        return [span for span in self.spans[signal_id][1:-1] if span.state is state]


def read_lamps(layout: Layout, switches: Switches, end_ms: int, flash_s: float) -> Lamps:
    """Return the lamps of a layout; the pedestrians' green flashes for its last ``flash_s`` seconds."""
    links = {crossing.signal_id: crossing.link for crossing in layout.crossings}
    spans = {signal: _flashing(_spans(switches, link, end_ms), round(flash_s * 1000)) for signal, link in links.items()}
    spans |= {way.signal_id: _spans(switches, way.link, end_ms) for way in layout.approaches}
    return Lamps({signal: tuple(found) for signal, found in spans.items()})


def _spans(switches: Switches, link: int, end_ms: int) -> list[Span]:
    found: list[Span] = []
    ends = (*switches.times_ms[1:], end_ms)
    for start_ms, until_ms, state in zip(switches.times_ms, ends, switches.states, strict=True):
        lamp = LETTERS[state[link]]
        if found and found[-1].state is lamp:
            found[-1] = Span(lamp, found[-1].start_ms, until_ms)
        else:
            found.append(Span(lamp, start_ms, until_ms))
    return found


def _flashing(spans: list[Span], flash_ms: int) -> list[Span]:
    found: list[Span] = []
    for span in spans:
        if flash_ms and span.state is LampState.GREEN and span.end_ms - span.start_ms > flash_ms:
            turn_ms = span.end_ms - flash_ms
            found += [Span(span.state, span.start_ms, turn_ms), Span(LampState.FLASHING_GREEN, turn_ms, span.end_ms)]
        else:
            found.append(span)
    return found
