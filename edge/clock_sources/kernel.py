"""Asks the Linux kernel whether a daemon keeps the box's clock (adjtimex, RFC 5905's error state), and how well.

systemd-timesyncd, chronyd and ntpd all tell the kernel; no daemon need be known by name.
"""

import ctypes
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from contract.words import ClockReference
from edge.clock import LEAP_MS, Instant, Look, Measurement, NotMeasuredError

TIME_ERROR: Final = 5
LEAPS_MS: Final = {1: -LEAP_MS, 2: LEAP_MS}
"""TIME_INS and TIME_DEL."""
NANOSECONDS: Final = 0x2000
GROWS_MS_A_S: Final = 0.5
"""The kernel lets its bound grow by 500 ppm from one word of the daemon to the next."""


class Timex(ctypes.Structure):
    """``struct timex`` of Linux: what comes before the time, and room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


@dataclass(frozen=True, slots=True)
class KernelWord:
    """What the kernel says: its state, what it has still to add to the clock, and a bound on its error."""

    state: int
    offset_ms: float
    error_max_ms: float


def ask_kernel() -> KernelWord:
    """Read the kernel's word; nothing is changed. Raises NotMeasuredError where it may not be read."""
    library, timex = ctypes.CDLL(None, use_errno=True), Timex()
    adjtimex = getattr(library, "adjtimex", None)
    state = -1 if adjtimex is None else int(adjtimex(ctypes.byref(timex)))
    if state < 0:
        why = "it has no adjtimex" if adjtimex is None else os.strerror(ctypes.get_errno())
        raise NotMeasuredError(f"the kernel does not say how the clock is: {why}")
    units_a_ms = 1e6 if timex.status & NANOSECONDS else 1e3
    return KernelWord(state, timex.offset / units_a_ms, timex.maxerror / 1e3)


@dataclass(slots=True)
class Kernel:
    """The kernel of this machine. A bound that has only grown is no new measurement: no daemon has spoken since."""

    look: Look
    ask: Callable[[], KernelWord] = ask_kernel
    _last: tuple[Instant, float] | None = None

    def measure(self) -> Measurement | None:
        """Return what the kernel says, or None. Raises NotMeasuredError where no daemon keeps the clock."""
        word, now = self.ask(), self.look()
        if word.state == TIME_ERROR:
            raise NotMeasuredError("the kernel says that no daemon has synchronised the clock")
        before, self._last = self._last, (now, word.error_max_ms)
        if before is not None and not self._has_heard(before, now, word.error_max_ms):
            return None
        offset_ms = -word.offset_ms  # what is still to be added is what the clock is behind
        return Measurement(ClockReference.KERNEL, now, offset_ms, word.error_max_ms, LEAPS_MS.get(word.state, 0))

    @staticmethod
    def _has_heard(before: tuple[Instant, float], now: Instant, error_max_ms: float) -> bool:
        seen, bound_ms = before
        passed_s = (now.monotonic_ms - seen.monotonic_ms) / 1000
        return error_max_ms < bound_ms + GROWS_MS_A_S * passed_s / 2
