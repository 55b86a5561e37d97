"""Asks chrony how far the box's clock is off: ``chronyc -c tracking``, a line of 14 fields (chronyc(1))."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Final

from contract.words import ClockReference
from edge.clock import LEAP_MS, Instant, Look, Measurement, NotMeasuredError

COMMAND: Final = ("chronyc", "-n", "-c", "tracking")
WAIT_S: Final = 5.0
FIELDS: Final = 14
LOCAL: Final = "7F7F0101"
"""The name of chrony's own clock, where it follows nobody."""
AHEAD_MAX_MS: Final = 1000.0
LEAPS_MS: Final = {"Normal": 0, "Insert second": -LEAP_MS, "Delete second": LEAP_MS}


def ask_chrony() -> str:
    """Return chrony's line. Raises NotMeasuredError where there is no chrony, or it does not answer."""
    try:
        done = subprocess.run(  # noqa: S603 - a command of ours, without a shell
            COMMAND, capture_output=True, text=True, timeout=WAIT_S, check=False, env=os.environ | {"LC_ALL": "C"}
        )
    except FileNotFoundError as error:
        raise NotMeasuredError("chrony: there is no chronyc on this machine") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotMeasuredError(f"chrony: chronyc did not answer: {error}") from error
    if done.returncode != 0:
        raise NotMeasuredError(f"chrony: {' '.join((done.stdout + done.stderr).split())[:120]}")
    return done.stdout


def measured_by(line: str, now: Instant) -> Measurement:
    """Return what a line says. It is dated by chrony's last word from its source, not by when it was asked.

    Raises:
        NotMeasuredError: chrony follows nobody, or does not know yet that the clock was set; or this is not its line.
    """
    fields = line.strip().split(",")
    if len(fields) != FIELDS:
        raise NotMeasuredError(f"chrony: expected {FIELDS} fields of `chronyc -c tracking`, found {len(fields)}")
    leap_ms = LEAPS_MS.get(fields[13])
    if leap_ms is None or fields[0] in {LOCAL, "00000000"}:
        raise NotMeasuredError("chrony: it is not synchronised")
    try:
        heard_s, slow_s, root_delay_s, root_dispersion_s = (_figure(fields[n]) for n in (3, 4, 10, 11))
    except ValueError as error:
        raise NotMeasuredError("chrony: expected figures in its line") from error
    age_ms = now.wall_ms + slow_s * 1000 - heard_s * 1000  # chrony dates by its reference's time
    if age_ms < -AHEAD_MAX_MS:
        raise NotMeasuredError("chrony: its last word is of the future: the clock was set back, and it has not seen it")
    age_ms = max(0.0, age_ms)
    heard = Instant(round(now.wall_ms - age_ms), now.monotonic_ms - age_ms)
    doubt_ms = (root_delay_s / 2 + root_dispersion_s) * 1000
    return Measurement(ClockReference.CHRONY, heard, -slow_s * 1000, doubt_ms, leap_ms)


def _figure(text: str) -> float:
    """Return a finite number. Raises ValueError."""
    figure = float(text)
    if not isfinite(figure):
        raise ValueError(text)
    return figure


@dataclass(slots=True)
class Chrony:
    """The chrony daemon of this machine. Where it has heard nothing new since it was last asked, nothing is learnt."""

    look: Look
    ask: Callable[[], str] = ask_chrony
    _last_heard: str = ""

    def measure(self) -> Measurement | None:
        """Return what chrony says, or None. Raises NotMeasuredError."""
        line = self.ask()
        measured, heard = measured_by(line, self.look()), line.split(",")[3]
        before, self._last_heard = self._last_heard, heard
        return None if heard == before else measured
