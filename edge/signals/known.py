"""A source that knows all times beforehand, a plan or a file: never stale. Pure."""

from dataclasses import dataclass

from contract.words import LampSource, LampState
from edge.signals.reading import Piece, Reading, Why
from edge.signals.timeline import Said, Signals


@dataclass(frozen=True, slots=True)
class KnownVoice:
    """What a plan or a file says of one signal."""

    source: LampSource
    signals: Signals
    signal_id: str

    def hear(self, reading: Reading, settled_ms: int) -> bool:  # noqa: ARG002 - nobody tells a plan anything
        """Refuse: nothing that is said changes a plan or a file."""
        return False

    def confirm(self, heard_ms: int, settled_ms: int) -> None:
        """It needs no confirming."""

    def piece(self, t_ms: int) -> Piece:
        """Return what it says of a time."""
        shown = self.signals.shown(self.signal_id, t_ms)
        why = Why.UNSURE if shown.state is LampState.UNKNOWN else None
        return Piece(shown.state, shown.since_ms, shown.until_ms, why)

    def said(self, t_ms: int) -> Said:
        """Return what it says of a time."""
        shown = self.signals.shown(self.signal_id, t_ms)
        return Said(self.source, shown.state, shown.since_ms, 0)

    def forget(self, before_ms: int) -> None:
        """It is kept whole."""
