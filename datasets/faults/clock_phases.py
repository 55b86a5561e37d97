"""What befalls the box's clock in the run of clocks, one phase after the other, and what is true of it. Pure."""

from dataclasses import dataclass
from typing import Final

from contract.evidence import CLOCK_OFF_MAX_MS
from contract.words import ClockStatus

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
WEEK_MS: Final = 7 * DAY_MS
DRIFT_PPM: Final = 20.0
"""So fast the box's quartz runs, and edge.yaml says so: what is told of the clock must then bound what is true."""
LEAP_LEAD_MS: Final = 25_000
"""So long before the leap second the box learns that it comes."""
LEAP_ACTS_S: Final = 6.0
"""So long acts are made around the leap second, half of it before."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A share of the acts, and by how much three clocks are then off the machine's, ms.

    ``shift_ms`` is the box's wall clock, ``passed_ms`` its monotonic one (whole seconds: so a time namespace takes it),
    ``reference_ms`` the truth, which the time server tells unless it is ``silent``. ``offline``: nor is there a centre.
    ``leap_at_ms`` is the UTC midnight at which a leap second is put in: the time server announces it.
    """

    name: str
    shift_ms: int = 0
    reference_ms: int = 0
    passed_ms: int = 0
    silent: bool = False
    offline: bool = False
    leap_at_ms: int | None = None

    @property
    def off_ms(self) -> int:
        """Return by how much the box's clock is wrong."""
        return self.shift_ms - self.reference_ms

    @property
    def status(self) -> ClockStatus:
        """Return what the packages of this phase must say."""
        return ClockStatus.VALID if abs(self.off_ms) <= CLOCK_OFF_MAX_MS else ClockStatus.INVALID


def drifted_ms(passed_ms: int) -> int:
    """Return what the quartz gains while it counts so much."""
    return round(passed_ms * DRIFT_PPM * 1e-6)


THEN_MS: Final = drifted_ms(WEEK_MS) - WEEK_MS
"""When the week without a time server begins: it ends now."""


def adrift(name: str, passed_ms: int, *, offline: bool = False) -> Phase:
    """Return the phase in which the box's quartz has counted so much since a time server last answered."""
    shift_ms = THEN_MS + passed_ms
    return Phase(name, shift_ms, shift_ms - drifted_ms(passed_ms), passed_ms, silent=True, offline=offline)


def leap_second(now_ms: int) -> Phase:
    """Return the phase that ends beyond the last UTC midnight, after which the clocks go back by a second."""
    midnight_ms = now_ms // DAY_MS * DAY_MS
    ago_ms = midnight_ms - LEAP_LEAD_MS - now_ms
    return Phase("a leap second", ago_ms, ago_ms, leap_at_ms=midnight_ms)


SET: Final = (
    Phase("right"),
    Phase("an hour ahead", HOUR_MS),
    Phase("an hour behind", -HOUR_MS),
    Phase("right again"),
    Phase("a week ahead and offline", WEEK_MS, offline=True),
)
DRIFTING: Final = (
    Phase("right, a week ago", THEN_MS, THEN_MS),
    adrift("ten hours without a time server", 10 * HOUR_MS),
    adrift("a week without a time server, and offline", WEEK_MS, offline=True),
    Phase("right at last", passed_ms=WEEK_MS),
)
LAST: Final = (Phase("right at last"),)
"""Instead, where no time namespace can be had."""
