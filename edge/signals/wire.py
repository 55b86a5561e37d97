"""A signal detector's wire: lines that say which lamp circuits are on, into readings. Pure.

A line is either named channels (``R1=1 Y1=0 G1=0``) or a row of them (``0111111111111110``: channels 1, 2, ...), as
16-channel detectors give. On a wire a flashing lamp is one that goes off and on again, so a lamp that has just gone
off is unknown, and dark only when it stays off.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from contract.words import LampSource, LampState
from edge.signals.feed import Refused
from edge.signals.reading import Reading

LINE_BYTES_MAX: Final = 512
CHANNELS_MAX: Final = 64
FLASH_MS: Final = 1500
"""A lamp that goes off and on within this time flashes; GB 14886 has 50 to 60 flashes a minute (not verified)."""
ROW: Final = re.compile(rf"[01]{{2,{CHANNELS_MAX}}}")
NAMED: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]{0,15})=([01])")
FLASHING: Final = {
    LampState.GREEN: LampState.FLASHING_GREEN,
    LampState.YELLOW: LampState.FLASHING_YELLOW,
    LampState.RED: LampState.UNKNOWN,
}


def parse_line(line: bytes, *, lit: bool) -> dict[str, bool] | None:
    """Return which channels of a line are on, by name or number; None where it is no such line.

    Args:
        line: without its end.
        lit: what a channel says whose lamp is lit: True for 1, False for 0.
    """
    text = line.decode("ascii", errors="replace").strip()
    if ROW.fullmatch(text):
        return {str(number): (bit == "1") is lit for number, bit in enumerate(text, start=1)}
    words = re.split(r"[\s,;]+", text) if text else []
    found = [NAMED.fullmatch(word) for word in words[: CHANNELS_MAX + 1]]
    named = [match for match in found if match is not None]
    names = {match[1] for match in named}
    if not words or len(named) != len(words) or len(names) != len(words) or len(words) > CHANNELS_MAX:
        return None
    return {match[1]: (match[2] == "1") is lit for match in named}


@dataclass(frozen=True, slots=True)
class WiredSignal:
    """Which channels are a signal's lamps; a pedestrian signal has no yellow."""

    signal_id: str
    red: str
    green: str
    yellow: str | None = None

    def lit(self, channels: Mapping[str, bool]) -> LampState | None:
        """Return the colour that is on, DARK where none is, UNKNOWN where several are; None if a channel is missing."""
        colours = {LampState.RED: self.red, LampState.GREEN: self.green, LampState.YELLOW: self.yellow}
        ours = {colour: channel for colour, channel in colours.items() if channel is not None}
        if any(channel not in channels for channel in ours.values()):
            return None
        on = [colour for colour, channel in ours.items() if channels[channel]]
        return LampState.DARK if not on else on[0] if len(on) == 1 else LampState.UNKNOWN


@dataclass(slots=True)
class _Flashing:
    """What a signal's circuits mean over time."""

    colour: LampState = LampState.UNKNOWN
    on_since_ms: int = 0
    off_since_ms: int | None = None
    flashes: bool = False

    def see(self, t_ms: int, lit: LampState) -> LampState:
        if lit is LampState.UNKNOWN:
            self.colour, self.off_since_ms, self.flashes = LampState.UNKNOWN, None, False
            return LampState.UNKNOWN
        return self._off(t_ms) if lit is LampState.DARK else self._on(t_ms, lit)

    def _off(self, t_ms: int) -> LampState:
        if self.off_since_ms is None:
            self.off_since_ms = t_ms
        if t_ms - self.off_since_ms > FLASH_MS:
            self.colour, self.flashes = LampState.DARK, False
            return LampState.DARK
        return FLASHING[self.colour] if self.flashes else LampState.UNKNOWN

    def _on(self, t_ms: int, lit: LampState) -> LampState:
        was_off_since_ms, self.off_since_ms = self.off_since_ms, None
        if lit is not self.colour:
            self.colour, self.on_since_ms, self.flashes = lit, t_ms, False
        elif was_off_since_ms is not None:
            self.on_since_ms, self.flashes = t_ms, True
        elif self.flashes and t_ms - self.on_since_ms > FLASH_MS:
            self.flashes = False
        return FLASHING[lit] if self.flashes else lit


@dataclass(slots=True)
class WireReader:
    """Reads one detector's lines. ``start_ms`` is the epoch time of ``t_ms`` = 0."""

    signals: tuple[WiredSignal, ...]
    start_ms: int
    lit: bool = True
    refused: Counter[Refused] = field(default_factory=Counter)
    taken: int = 0
    _flashing: dict[str, _Flashing] = field(default_factory=dict)

    def read(self, line: bytes, arrived_ms: int) -> tuple[Reading, ...]:
        """Return what a line says of our signals; nothing where it is refused. ``arrived_ms``: epoch, box's clock."""
        if len(line) > LINE_BYTES_MAX:
            self.refused[Refused.TOO_LONG] += 1
            return ()
        channels = parse_line(line, lit=self.lit)
        if channels is None:
            self.refused[Refused.MALFORMED] += 1
            return ()
        self.taken += 1
        t_ms = arrived_ms - self.start_ms
        return tuple(
            Reading(LampSource.WIRE, signal.signal_id, t_ms, t_ms, self._state(signal.signal_id, t_ms, lit))
            for signal in self.signals
            if (lit := signal.lit(channels)) is not None
        )

    def lost(self, at_ms: int) -> tuple[Reading, ...]:
        """The line is cut: from now on nobody knows. ``at_ms``: epoch, box's clock."""
        self._flashing.clear()
        t_ms = at_ms - self.start_ms
        unknown = LampState.UNKNOWN
        return tuple(Reading(LampSource.WIRE, signal.signal_id, t_ms, t_ms, unknown) for signal in self.signals)

    def _state(self, signal_id: str, t_ms: int, lit: LampState) -> LampState:
        return self._flashing.setdefault(signal_id, _Flashing()).see(t_ms, lit)
