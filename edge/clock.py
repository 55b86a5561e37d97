"""How far the box's clock could be believed at an instant: from measurements against a reference to a proof. Pure.

An instant is read off two clocks at once: the wall clock, which can be set, and the monotonic one, which cannot. Where
their difference has changed since a measurement, the wall clock was set by just so much, and is off by as much more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from contract.evidence import CLOCK_OFF_MAX_MS, ClockProof
from contract.words import ClockReference, ClockStatus
from edge.civil_time import DAY_MS
from edge.errors import EdgeError

NO_REFERENCE: Final = ClockProof(
    status=ClockStatus.INVALID, reason="never synchronised: no reference is set", source=ClockReference.NONE
)
"""Nobody has said by what this clock is right: GA/T 832 is then not met."""
PROVED_BY_NOBODY: Final = ClockProof(
    status=ClockStatus.INVALID, reason="the time of this footage is proved by nobody", source=ClockReference.NONE
)
"""Of a watch without a box."""
DRIFT_PPM: Final = 10.0
"""What a quartz without temperature correction gains or loses once a daemon has learnt its rate: 0.9 s a day."""
LEAP_MS: Final = 1000
TOLD_MAX_MS: Final = 1e12
"""contract.evidence tells no offset beyond this: a clock that fell back to 1970 is further off."""
REASON_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment by both clocks: ms since the Unix epoch, and ms since some moment of this start of the machine."""

    wall_ms: int
    monotonic_ms: float


Look = Callable[[], Instant]


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a reference said of the box's clock at one instant.

    ``offset_ms`` is the box's clock minus the reference, ``doubt_ms`` what this may be wrong by. ``leap_ms`` is what a
    leap second that was announced for the next UTC midnight will set the clock by: -1000 where one is put in.
    """

    source: ClockReference
    at: Instant
    offset_ms: float
    doubt_ms: float
    leap_ms: int = 0


class NotMeasuredError(EdgeError):
    """A reference is silent, or says what must not be believed: the text says which and why."""

    exit_status = 3


class Reference(Protocol):
    """By what a box knows how far its clock is off."""

    def measure(self) -> Measurement | None:
        """Return a measurement; None where nothing has been learnt since the last. Raises NotMeasuredError."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What a box knows of its clock. ``problem`` is why it was not measured the last time, if it was not."""

    source: ClockReference
    drift_ppm: float = DRIFT_PPM
    measurements: tuple[Measurement, ...] = ()
    problem: str | None = None

    def proof_at(self, seen: Instant, camera_offset_ms: float | None = None) -> ClockProof:
        """Return the proof of what was seen at an instant: by the last measurement before it, never by a later one.

        Args:
            seen: when it was seen.
            camera_offset_ms: the camera's own clock minus the box's, where that clock times the pictures.
        """
        before = [m for m in self.measurements if m.source is self.source and _is_before(m, seen)]
        if not before:
            return self._never(camera_offset_ms)
        last = max(before, key=lambda m: m.at.monotonic_ms)
        doubts = _doubts(last, seen, self.drift_ppm)
        reason = doubts.reason(camera_offset_ms)
        return ClockProof(
            status=ClockStatus.VALID if reason is None else ClockStatus.INVALID,
            reason=reason,
            source=self.source,
            offset_ms=_told(last.offset_ms),
            uncertainty_ms=_told(doubts.off_ms()),
            synchronised_at_ms=max(0, last.at.wall_ms),
            camera_offset_ms=None if camera_offset_ms is None else _told(camera_offset_ms),
        )

    def _never(self, camera_offset_ms: float | None) -> ClockProof:
        if self.source is ClockReference.NONE:
            return NO_REFERENCE
        why = "" if self.problem is None else f": {self.problem}"
        return ClockProof(
            status=ClockStatus.INVALID,
            reason=f"never synchronised since the machine was started{why}"[:REASON_MAX],
            source=self.source,
            camera_offset_ms=None if camera_offset_ms is None else _told(camera_offset_ms),
        )


@dataclass(frozen=True, slots=True)
class _Doubts:
    """What the clock may be off at an instant, by its parts."""

    measured_ms: float
    set_ms: float
    doubt_ms: float
    drift_ms: float
    age_ms: float

    def off_ms(self, camera_offset_ms: float = 0.0) -> float:
        """Return by how much the clock (or a camera's that is so far off it) may be wrong."""
        return abs(self.measured_ms + self.set_ms + camera_offset_ms) + self.doubt_ms + self.drift_ms

    def reason(self, camera_offset_ms: float | None) -> str | None:
        """Return what is too much, in the order in which an operator would look; None where nothing is."""
        if abs(self.measured_ms) + self.doubt_ms > CLOCK_OFF_MAX_MS:
            doubt = f", give or take {self.doubt_ms / 1000:.3f} s"
            return f"the clock was {self.measured_ms / 1000:+.3f} s off its reference{doubt}"
        if abs(self.measured_ms + self.set_ms) + self.doubt_ms > CLOCK_OFF_MAX_MS:
            return f"the clock was set by {self.set_ms / 1000:+.3f} s since it was last synchronised"
        if self.off_ms() > CLOCK_OFF_MAX_MS:
            hours = f"{self.age_ms / 3_600_000:.1f} h"
            return f"not synchronised for {hours}: it may be off by {self.off_ms() / 1000:.3f} s"
        if camera_offset_ms is not None and self.off_ms(camera_offset_ms) > CLOCK_OFF_MAX_MS:
            return f"the camera's clock is {camera_offset_ms / 1000:+.3f} s off the box's"
        return None


def _is_before(measurement: Measurement, seen: Instant) -> bool:
    return measurement.at.monotonic_ms <= seen.monotonic_ms


def _doubts(last: Measurement, seen: Instant, drift_ppm: float) -> _Doubts:
    age_ms = seen.monotonic_ms - last.at.monotonic_ms
    set_ms = seen.wall_ms - last.at.wall_ms - age_ms - _leapt_ms(last, age_ms)
    return _Doubts(last.offset_ms, set_ms, last.doubt_ms, age_ms * drift_ppm * 1e-6, age_ms)


def _leapt_ms(last: Measurement, age_ms: float) -> int:
    """Return what the wall clock has rightly been set by since: the announced leap second, once it is there.

    One is put in after 23:59:59 UTC, and taken out instead of it (ITU-R TF.460-6): a clock that keeps time goes back,
    or on, by a second then, and one that does not is a second off.
    """
    if not last.leap_ms:
        return 0
    measured_ms = last.at.wall_ms - last.offset_ms
    reached_ms = measured_ms + age_ms + max(0, last.leap_ms)
    return last.leap_ms if reached_ms // DAY_MS > measured_ms // DAY_MS else 0


def _told(offset_ms: float) -> float:
    return round(min(max(offset_ms, -TOLD_MAX_MS), TOLD_MAX_MS), 3)
