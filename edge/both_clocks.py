"""Reads the wall clock and the monotonic one at the same moment, and names this start of the machine."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from edge.clock import Instant, Look

APART_MAX_MS: Final = 1.0
"""Between the two readings the process may be set aside; then they are of two moments and are read again."""
TRIES: Final = 5
BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def look(now_ms: Callable[[], int], monotonic_s: Callable[[], float] = time.monotonic) -> Instant:
    """Read both clocks. ``now_ms`` is the wall clock."""
    readings = []
    for _ in range(TRIES):
        before_s, wall_ms, after_s = monotonic_s(), now_ms(), monotonic_s()
        apart_ms = (after_s - before_s) * 1000
        readings.append((apart_ms, Instant(wall_ms, (before_s + after_s) * 500)))
        if apart_ms <= APART_MAX_MS:
            break
    return min(readings, key=lambda reading: reading[0])[1]


def looking(now_ms: Callable[[], int]) -> Look:
    """Return what reads both clocks."""
    return partial(look, now_ms)


def boot_id() -> str:
    """Return the name of this start of the machine: the monotonic clock of another says nothing about ours."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"  # not Linux: a reading of another start then shows as a clock that was set
