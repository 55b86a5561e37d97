"""The controller's feed: one JSON message, in either of two forms (docs/signals.md), into readings. Pure.

Whatever a message holds, it is taken or refused, and each refusal is counted by its reason; a refused message says
nothing at all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from contract.fields import EpochMs
from contract.words import LampSource, LampState
from edge.signals.movements import (
    BELIEVED_MODES,
    OF_LAMP_GROUP,
    UNBELIEVED_STATUS,
    ControlMode,
    IntersectionStatus,
    LampGroupState,
    MovementState,
    SignalUser,
    of_movement,
)
from edge.signals.reading import Reading

BYTES_MAX: Final = 64 * 1024
AHEAD_MAX_MS: Final = 500
"""A controller's clock may be so far ahead of the box's; a message from further in the future is refused."""
SIGNALS_MAX: Final = 256

Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Refused(StrEnum):
    """Why a message or a line says nothing."""

    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    FUTURE = "future"
    BACKWARDS = "backwards"
    UNAUTHORISED = "unauthorised"
    OVERRUN = "overrun"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Movement(_Part):
    """One signal's state; ``since_ms`` is when it began, where the controller says so."""

    signal: Name
    state: MovementState
    since_ms: EpochMs | None = None


class Spat(_Part):
    """SAE J2735 SPaT, as far as it concerns lamps. ``status`` holds what is special about the whole junction."""

    timestamp_ms: EpochMs
    status: Annotated[tuple[IntersectionStatus, ...], Field(max_length=16)] = ()
    movements: Annotated[tuple[Movement, ...], Field(min_length=1, max_length=SIGNALS_MAX)]


class LampGroup(_Part):
    """One lamp group's state; ``since_ms`` is when it began, where the controller says so."""

    signal: Name
    state: LampGroupState
    since_ms: EpochMs | None = None


class Phases(_Part):
    """The lamp groups of a controller that speaks as GB/T 20999 and GA/T 1743 do."""

    timestamp_ms: EpochMs
    mode: ControlMode
    lamp_groups: Annotated[tuple[LampGroup, ...], Field(min_length=1, max_length=SIGNALS_MAX)]


class FeedMessage(_Part):
    """One message: ``spat`` or ``phases``."""

    spat: Spat | None = None
    phases: Phases | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "FeedMessage":
        if (self.spat is None) == (self.phases is None):
            raise ValueError("needs either spat or phases")
        return self


@dataclass(frozen=True, slots=True)
class FedSignal:
    """One of the scene's signals that a feed speaks of, and whom it is for."""

    signal_id: str
    user: SignalUser


@dataclass(slots=True)
class FeedReader:
    """Reads one controller's messages. ``signals`` are ours by the controller's names; it may speak of others as well.

    ``start_ms`` is the epoch time of ``t_ms`` = 0.
    """

    signals: Mapping[str, tuple[FedSignal, ...]]
    start_ms: int
    refused: Counter[Refused] = field(default_factory=Counter)
    taken: int = 0
    _last_ms: int = -1

    def read(self, payload: bytes, arrived_ms: int) -> tuple[Reading, ...]:
        """Return what a message says of our signals; nothing where it is refused.

        Args:
            payload: the message's bytes, whatever they are.
            arrived_ms: when it came, by the box's clock, ms since the Unix epoch.
        """
        message = self._parsed(payload)
        if message is None:
            return ()
        part = message.spat or message.phases
        if part is None or not self._in_time(part.timestamp_ms, arrived_ms):
            return ()
        self.taken += 1
        heard_ms = min(part.timestamp_ms, arrived_ms) - self.start_ms
        return tuple(self._readings(message, heard_ms))

    def _parsed(self, payload: bytes) -> FeedMessage | None:
        if len(payload) > BYTES_MAX:
            self.refused[Refused.TOO_LONG] += 1
            return None
        try:
            return FeedMessage.model_validate_json(payload)
        except ValidationError:
            self.refused[Refused.MALFORMED] += 1
            return None

    def _in_time(self, timestamp_ms: int, arrived_ms: int) -> bool:
        if timestamp_ms > arrived_ms + AHEAD_MAX_MS:
            self.refused[Refused.FUTURE] += 1
            return False
        if timestamp_ms < self._last_ms:
            self.refused[Refused.BACKWARDS] += 1
            return False
        self._last_ms = timestamp_ms
        return True

    def _readings(self, message: FeedMessage, heard_ms: int) -> Iterator[Reading]:
        for name, since_ms, user_states in _said(message):
            for signal in self.signals.get(name, ()):
                t_ms = heard_ms if since_ms is None else min(since_ms - self.start_ms, heard_ms)
                yield Reading(LampSource.FEED, signal.signal_id, t_ms, heard_ms, user_states[signal.user])


USERS: Final[tuple[SignalUser, ...]] = ("pedestrian", "vehicle", "bicycle")


def _said(message: FeedMessage) -> Iterator[tuple[str, int | None, dict[SignalUser, LampState]]]:
    """Yield name, since when, and the state as each kind of user sees it."""
    if message.spat is not None:
        believed = not UNBELIEVED_STATUS.intersection(message.spat.status)
        for movement in message.spat.movements:
            states = {u: of_movement(movement.state, u) if believed else LampState.UNKNOWN for u in USERS}
            yield movement.signal, movement.since_ms, states
    if message.phases is not None:
        believed = message.phases.mode in BELIEVED_MODES
        for group in message.phases.lamp_groups:
            state = OF_LAMP_GROUP[group.state] if believed else LampState.UNKNOWN
            yield group.signal, group.since_ms, dict.fromkeys(USERS, state)
