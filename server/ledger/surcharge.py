"""The surcharge of a fine that is paid late, in integer fen. Pure.

行政处罚法 art. 72: 3 per cent of the fine for each day, never above the fine; 行政强制法 art. 45: the rate is told
beforehand. 行政处罚法 art. 73: it stops during reconsideration and suit; during a granted deferral (art. 66) nothing
is late. What comes out is what may be asked for: whether it is, an officer decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """The law's rate: per mille of the fine a day, and per cent of the fine as the most (limits.toml)."""

    per_mille_a_day: int
    cap_per_cent: int

    def __post_init__(self) -> None:
        if self.per_mille_a_day < 0 or self.cap_per_cent < 0:
            raise ValueError(f"expected no negative rate, found {self}")


@dataclass(frozen=True, slots=True)
class Standstill:
    """Days that bear no surcharge, the first and the last counted. ``last`` None: it goes on."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


def surcharge_fen(
    principal_fen: int, due: date, until: date, rate: Rate, standstills: Sequence[Standstill] = ()
) -> int:
    """Return the surcharge of a fine that was due on a day and is paid, or still owed, on ``until``.

    The day after ``due`` is the first late day, ``until`` the last. One day's amount is rounded down to a fen, in the
    party's favour. Raises ValueError for a negative fine.
    """
    if principal_fen < 0:
        raise ValueError(f"expected a fine of 0 fen or more, found {principal_fen}")
    a_day_fen = principal_fen * rate.per_mille_a_day // 1000
    cap_fen = principal_fen * rate.cap_per_cent // 100
    return min(a_day_fen * late_days(due, until, standstills), cap_fen)


def late_days(due: date, until: date, standstills: Sequence[Standstill] = ()) -> int:
    """Return how many days bear a surcharge: those after ``due``, up to and with ``until``, outside any standstill."""
    days = (due + DAY * number for number in range(1, (until - due).days + 1))
    return sum(not any(standstill.covers(day) for standstill in standstills) for day in days)
