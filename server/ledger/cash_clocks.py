"""By when cash that was taken on the spot must be with the unit, and then with the bank (行政处罚法 art. 71). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from server.law.calendar import Calendar
from server.law.moments import Moment
from server.law.terms import Terms
from server.ledger.cash_values import Cash
from server.procedure.clocks import Clock, ClockState, clocks

PRESSING: Final = (ClockState.LATE, ClockState.DUE_TODAY)


@dataclass(frozen=True, slots=True)
class CashClock:
    """Cash, and the clock that runs on it: None where the law's data have none for its day."""

    cash: Cash
    clock: Clock | None

    @property
    def pressing(self) -> bool:
        """Tell whether it is due today, or late."""
        return self.clock is not None and self.clock.state in PRESSING


def cash_clocks(cash: Iterable[Cash], terms: Terms, calendar: Calendar, now_ms: int) -> list[CashClock]:
    """Return each with its clock, what is due first comes first."""
    found = [CashClock(one, _clock(one, terms, calendar, now_ms)) for one in cash]
    return sorted(
        found, key=lambda c: (c.clock is None or c.clock.due is None, c.clock and c.clock.due, c.cash.receipt)
    )


def _clock(cash: Cash, terms: Terms, calendar: Calendar, now_ms: int) -> Clock | None:
    told = {
        Moment.CASH_TAKEN: cash.taken_at_ms,
        Moment.CASH_HANDED_IN: cash.handed_in_at_ms,
        Moment.CASH_BANKED: cash.banked_at_ms,
    }
    moments = {moment: at_ms for moment, at_ms in told.items() if at_ms is not None}
    return next((clock for clock in clocks(moments, terms, calendar, now_ms) if clock.met_ms is None), None)
