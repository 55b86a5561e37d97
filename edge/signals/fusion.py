"""One timeline a signal out of all the sources that are to say it: known where all agree and are fresh. Pure.

An instant is settled once, when the rules come to it (at least 0.5 s after it, docs/tracking.md); what was settled is
kept and answered for ever after, so that a verdict can be replayed from what was shown. A word that comes later than
that changes only what comes after.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from contract.words import LampSource, LampState
from edge.signals.agreement import agreed
from edge.signals.reading import Piece, Reading, Voice, Why
from edge.signals.tally import Tally
from edge.signals.timeline import LampChange, Said, Shown

TOLERANCE_MS: Final = 300
"""Sources hear of a change at different times: a disagreement of so long is unknown, but no fault."""
KEPT_MS: Final = 600_000
FORGET_EVERY: Final = 64
"""Spans between two looks at what may be forgotten."""


@dataclass(slots=True)
class _Line:
    """One signal: its sources, and what they came to, span by span; two reasons to be unknown are one span."""

    voices: tuple[Voice, ...]
    tally: Tally
    beginning_ms: int
    since_ms: list[int] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    why: Why | None = Why.SILENT
    why_since_ms: int = 0

    def settle(self, from_ms: int, to_ms: int) -> None:
        """Add what the sources come to, from one instant to another, both included."""
        t_ms: int | None = from_ms
        while t_ms is not None and t_ms <= to_ms:
            pieces = [voice.piece(t_ms) for voice in self.voices]
            self._add(t_ms if self.shown else _began_ms(pieces, t_ms), *agreed(pieces))
            t_ms = min((p.until_ms for p in pieces if p.until_ms is not None), default=None)

    def _add(self, t_ms: int, state: LampState, why: Why | None) -> None:
        if not self.shown:
            self.why, self.why_since_ms = why, max(t_ms, self.beginning_ms)
        elif why is not self.why:
            self.tally = self.told(t_ms)
            self.why, self.why_since_ms = why, t_ms
        if self.shown and self.shown[-1].state is state:
            return
        if self.shown:
            self.shown[-1] = replace(self.shown[-1], until_ms=t_ms)
        self.since_ms.append(t_ms)
        self.shown.append(Shown(state, t_ms, None))

    def told(self, until_ms: int) -> Tally:
        """Return the counts with the span that is still open."""
        return self.tally.with_span(self.why, self.why_since_ms, until_ms) if self.shown else self.tally

    def forget(self, before_ms: int) -> None:
        kept = max(0, bisect_right(self.since_ms, before_ms) - 1)
        del self.since_ms[:kept], self.shown[:kept]
        for voice in self.voices:
            voice.forget(before_ms)

    def over(self, from_ms: int, to_ms: int) -> list[Shown]:
        """Return the spans that lie at least in part between two instants, both included."""
        return self.shown[max(0, bisect_right(self.since_ms, from_ms) - 1) : bisect_right(self.since_ms, to_ms)]


class FusedSignals:
    """The signals of one watch (``edge.signals.timeline.Signals``). One thread at a time."""

    def __init__(
        self, voices: Mapping[str, Sequence[Voice]], beginning_ms: int = 0, tolerance_ms: int = TOLERANCE_MS
    ) -> None:
        """Begin with nothing heard. ``beginning_ms`` is the first instant that will be asked for."""
        self._lines = {
            signal_id: _Line(tuple(each), Tally(tolerance_ms), beginning_ms) for signal_id, each in voices.items()
        }
        self._settled_ms = beginning_ms - 1
        self.refused = 0
        """Words that were refused: they came out of order, or of a source that is not asked."""

    @property
    def signal_ids(self) -> tuple[str, ...]:
        """Return the signals."""
        return tuple(self._lines)

    @property
    def settled_ms(self) -> int:
        """Return up to when everything is answered for good."""
        return self._settled_ms

    def hear(self, readings: Iterable[Reading]) -> None:
        """Take words in; those that came together may stand in any order."""
        for reading in sorted(readings, key=lambda r: (r.heard_ms, r.t_ms)):
            taken = [v.hear(reading, self._settled_ms) for v in self._voices(reading.signal_id, reading.source)]
            self.refused += not any(taken)

    def confirm(self, source: LampSource, heard_ms: int) -> None:
        """A source stands by all of its last words: it looked, and nothing had changed."""
        for signal_id in self._lines:
            for voice in self._voices(signal_id, source):
                voice.confirm(heard_ms, self._settled_ms)

    def settle(self, t_ms: int) -> None:
        """Decide everything up to an instant, for good."""
        if t_ms <= self._settled_ms:
            return
        for line in self._lines.values():
            line.settle(self._settled_ms + 1, t_ms)
            if len(line.since_ms) >= FORGET_EVERY or t_ms // KEPT_MS > self._settled_ms // KEPT_MS:
                line.forget(t_ms - KEPT_MS)
        self._settled_ms = t_ms

    def shown(self, signal_id: str, t_ms: int) -> Shown:
        """Return what a signal showed; asking settles. Further back than 10 minutes nothing is known any more."""
        self.settle(t_ms)
        line = self._lines.get(signal_id)
        index = -1 if line is None else bisect_right(line.since_ms, t_ms) - 1
        if line is None or index < 0:
            return Shown(LampState.UNKNOWN, None, None)
        return line.shown[index]

    def said(self, signal_id: str, t_ms: int) -> tuple[Said, ...]:
        """Return what each source said of a signal, and how old that was."""
        line = self._lines.get(signal_id)
        return () if line is None else tuple(voice.said(t_ms) for voice in line.voices)

    def changes(self, from_ms: int, to_ms: int) -> tuple[LampChange, ...]:
        """Return what was shown from one instant to another, both included.

        A signal's first change is that to the state that held at ``from_ms``, and so may lie before it.
        """
        to_ms = min(to_ms, self._settled_ms)
        rows = [
            LampChange(shown.since_ms, signal_id, shown.state)
            for signal_id, line in self._lines.items()
            for shown in line.over(from_ms, to_ms)
            if shown.since_ms is not None
        ]
        return tuple(sorted(rows, key=lambda row: (row.t_ms, row.signal_id)))

    def changes_of(self, source: LampSource, from_ms: int, to_ms: int) -> tuple[LampChange, ...]:
        """Return what one source alone said, stale or not, in the same form."""
        rows: list[LampChange] = []
        for signal_id in self._lines:
            for voice in self._voices(signal_id, source):
                rows += [LampChange(t_ms, signal_id, state) for t_ms, state in _of_one(voice, from_ms, to_ms)]
        return tuple(sorted(rows, key=lambda row: (row.t_ms, row.signal_id)))

    def tallies(self) -> dict[str, Tally]:
        """Return the counts of each signal, up to what is settled."""
        return {signal_id: line.told(self._settled_ms + 1) for signal_id, line in self._lines.items()}

    def why(self, signal_id: str) -> Why | None:
        """Return why a signal is unknown at the last instant that is settled; None where it is known."""
        return self._lines[signal_id].why

    def _voices(self, signal_id: str, source: LampSource) -> tuple[Voice, ...]:
        line = self._lines.get(signal_id)
        return () if line is None else tuple(voice for voice in line.voices if voice.source is source)


def _began_ms(pieces: Sequence[Piece], t_ms: int) -> int:
    """Return since when all sources have said what they say at the first instant: a plan's red may be older."""
    known = [piece.since_ms for piece in pieces if piece.since_ms is not None]
    return max(known) if known and len(known) == len(pieces) else t_ms


def _of_one(voice: Voice, from_ms: int, to_ms: int) -> Iterator[tuple[int, LampState]]:
    t_ms: int | None = from_ms
    last: LampState | None = None
    while t_ms is not None and t_ms <= to_ms:
        piece = voice.piece(t_ms)
        if piece.state is not last:
            yield t_ms, piece.state
        last, t_ms = piece.state, piece.until_ms
