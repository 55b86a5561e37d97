"""The box's thread that measures its clock, and at once where the clock was set; and which reference it goes by.

A reference that falls silent is told once, counted, and told again when it is back. Nothing is lost by it: what was
measured stands, and drift makes it worth less by the hour.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from contract.words import ClockReference
from edge.both_clocks import looking
from edge.clock import Look, NotMeasuredError, Reference
from edge.clock_config import ClockConfig
from edge.clock_records import ClockRecords
from edge.clock_sources.chrony import Chrony
from edge.clock_sources.kernel import Kernel
from edge.clock_sources.sntp import SntpServer

log = structlog.get_logger()

LOOK_S: Final = 1.0
RETRY_S: Final = 16.0
"""RFC 4330, section 10: never more often than every 15 s, also where nobody answers."""
SET_MS: Final = 100.0
"""The two clocks part by so much only where the wall clock was set."""


def reference_of(config: ClockConfig, look: Look) -> Reference | None:
    """Return what the box goes by; None where it goes by nothing."""
    match config.source:
        case ClockReference.SNTP:
            return SntpServer(*config.address(), look)
        case ClockReference.CHRONY:
            return Chrony(look)
        case ClockReference.KERNEL:
            return Kernel(look)
        case ClockReference.NONE:
            return None


@dataclass(slots=True)
class ClockWatch:
    """Measures every ``every_s``, sooner where that failed or where the clock was set."""

    reference: Reference
    records: ClockRecords
    every_s: float
    look: Look
    now_s: Callable[[], float] = time.monotonic
    _due_s: float = field(default=float("-inf"))
    _apart_ms: float | None = None
    _failing: bool = False

    def turn(self) -> None:
        """Measure if it is time."""
        if not self._was_set() and self.now_s() < self._due_s:
            return
        try:
            measured = self.reference.measure()
        except NotMeasuredError as error:
            self._due_s = self.now_s() + min(self.every_s, RETRY_S)
            self._failed(str(error))
            return
        self._due_s = self.now_s() + self.every_s
        if measured is not None:
            self.records.keep(measured)
        self.records.went_well()
        if self._failing:
            log.info("clock.measured_again")
        self._failing = False

    def _was_set(self) -> bool:
        now = self.look()
        before_ms, self._apart_ms = self._apart_ms, now.wall_ms - now.monotonic_ms
        if before_ms is None or abs(self._apart_ms - before_ms) <= SET_MS:
            return False
        log.warning("clock.was_set", by_ms=round(self._apart_ms - before_ms))
        return True

    def _failed(self, problem: str) -> None:
        self.records.failed(problem)
        if not self._failing:
            log.warning("clock.not_measured", problem=problem)
        self._failing = True


def watch_clock(path: Path, config: ClockConfig, now_ms: Callable[[], int], stopping: threading.Event) -> None:
    """Measure until ``stopping``; be a thread of the box."""
    look = looking(now_ms)
    reference = reference_of(config, look)
    if reference is None:
        log.warning("clock.no_reference", problem="edge.yaml says clock.source none: no act of this box is proved")
        return
    with closing(ClockRecords(path)) as records:
        watch = ClockWatch(reference, records, config.every_s, look)
        while True:
            try:
                watch.turn()
            except sqlite3.Error as error:  # a full disk: what is recorded already still proves, for its hours
                log.error("clock.not_kept", problem=str(error))
            if stopping.wait(LOOK_S):
                return
