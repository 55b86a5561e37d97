"""What a rule may ask besides places: what the lamps showed, and whether an officer was directing. Pure."""

from dataclasses import dataclass, field
from typing import Final

from contract.words import HandOffCause, LampState
from edge.rules.reasons import SHOWS_NOTHING, Reason
from edge.signals.hand_off import HandOff
from edge.signals.timeline import Shown, Signals

HANDED_OFF: Final = {
    HandOffCause.DIRECTED: Reason.OFFICER_DIRECTS,
    HandOffCause.PAUSED: Reason.ACCUSATIONS_PAUSED,
}


@dataclass(frozen=True, slots=True)
class Court:
    """The lamps and the hand-off switch of one site."""

    signals: Signals
    hand_off: HandOff = field(default_factory=HandOff)

    def shown(self, signal_id: str, t_ms: int) -> Shown:
        """Return what a lamp showed."""
        return self.signals.shown(signal_id, t_ms)

    def handed_off(self, from_ms: int, to_ms: int) -> Reason | None:
        """Return why nobody is accused at that time, None where the rules judge."""
        cause = self.hand_off.during(from_ms, to_ms)
        return None if cause is None else HANDED_OFF[cause]

    def at_entry(self, signal_id: str, entered_ms: int, grace_s: float) -> Reason | None:
        """Return why an entry at that time was none on red (实施条例 arts. 38, 39), or None where it was one."""
        shown = self.signals.shown(signal_id, entered_ms)
        if shown.state in SHOWS_NOTHING:
            return Reason.LAMP_UNKNOWN
        if shown.state is not LampState.RED:
            return Reason.NOT_RED_AT_ENTRY
        if shown.since_ms is not None and entered_ms - shown.since_ms < grace_s * 1000:
            return Reason.JUST_TURNED_RED
        return None


@dataclass(slots=True)
class RedPhase:
    """The red phase in which somebody came in: its beginning, and whether it is over.

    ``since_ms`` is None where the entry was on no red, or nobody knows since when; ``lost`` tells that the lamp fell
    dark or silent, so that what came after may have been on red or not.
    """

    signal_id: str
    entered_ms: int
    over: bool
    since_ms: int | None
    lost: bool = False

    @classmethod
    def at(cls, court: Court, signal_id: str, entered_ms: int) -> "RedPhase":
        """Return the phase of an entry."""
        shown = court.shown(signal_id, entered_ms)
        red = shown.state is LampState.RED
        return cls(signal_id, entered_ms, not red, shown.since_ms if red else None, lost=False)

    def until(self, court: Court, from_ms: int, to_ms: int) -> int | None:
        """Return up to when within a stretch of time it lasted, None where not at all; afterwards it may be over."""
        if self.over:
            return None
        until_ms = court.shown(self.signal_id, self.entered_ms).until_ms
        if until_ms is None or until_ms >= to_ms:
            return to_ms
        self.over = True
        self.lost = court.shown(self.signal_id, until_ms).state in SHOWS_NOTHING
        return until_ms if until_ms > from_ms else None
