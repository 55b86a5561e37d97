"""Whether a fine is late, since when, and what surcharge may be asked for today. Pure; an officer decides whether.

行政处罚法 arts 67 (the term), 72 (rate and cap), 73 (it stops during reconsideration and suit), 66 (deferral).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from server.law.calendar import Calendar
from server.law.limits import LimitKey, Limits
from server.law.terms import TermKey, Terms
from server.ledger.case_money import CaseMoney
from server.ledger.surcharge import Rate, Standstill, late_days, surcharge_fen


@dataclass(frozen=True, slots=True)
class LawOfPayment:
    """What the law's data say of paying: terms, limits, working days."""

    terms: Terms
    limits: Limits
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Lateness:
    """How a fine stands today. ``due``: its last day; ``verified``: whether term and rate are.

    ``reckoned_fen`` is the surcharge on what is still owed of the fine, ``asked_fen`` what was posted of it already.
    """

    due: date
    provisional: bool
    late_days: int
    rate: Rate
    reckoned_fen: int
    asked_fen: int
    verified: bool

    @property
    def may_ask_fen(self) -> int:
        """Return what an officer may still post."""
        return max(0, self.reckoned_fen - self.asked_fen)


def lateness(
    money: CaseMoney, served_on: date, standstills: Sequence[Standstill], today: date, law: LawOfPayment
) -> Lateness | None:
    """Return how a served decision's fine stands; None where the law's data have no term for the day of service."""
    term = law.terms.at(TermKey.PAYMENT, served_on)
    if term is None:
        return None
    due = term.due(served_on, law.calendar)
    a_day, cap = (law.limits.at(key, served_on) for key in (LimitKey.SURCHARGE_RATE, LimitKey.SURCHARGE_CAP))
    rate = Rate(a_day.value, cap.value)
    return Lateness(
        due=due.day,
        provisional=due.provisional,
        late_days=late_days(due.day, today, standstills),
        rate=rate,
        reckoned_fen=surcharge_fen(money.fine_owed_fen, due.day, today, rate, standstills),
        asked_fen=money.surcharge_assessed_fen,
        verified=term.verified and a_day.verified and cap.verified,
    )
