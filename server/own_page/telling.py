"""What a party is told of their time: last days, how many are left, and what the house owes them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from server.law.calendar import Calendar, Due
from server.law.terms import Term, TermKey, Terms, Whose
from server.own_page.words import MessageKind
from server.procedure.clocks import Clock, ClockState
from server.procedure.table import ENDED

OWN: Final = (TermKey.COMING_IN, TermKey.PAYMENT)
REMEDIES: Final = (TermKey.RECONSIDERATION, TermKey.COURT, TermKey.COURT_AFTER_RECONSIDERATION)
OFFICES: Final = (TermKey.NOTICE, TermKey.OBJECTION_ANSWER, TermKey.DECISION, TermKey.SERVICE, TermKey.PUBLIC_NOTICE)
TOLD: Final = frozenset({*OWN, *REMEDIES, *OFFICES})
"""The other periods are between offices."""
CLOSED: Final = frozenset(ENDED)


class When(StrEnum):
    """How a last day stands to today."""

    AHEAD = "ahead"
    TODAY = "today"
    OVER = "over"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Deadline:
    """One last day. ``day`` None: the time stands still. ``provisional``: a holiday in it is not announced yet."""

    key: TermKey
    when: When
    day: date | None
    days_left: int
    provisional: bool
    term: Term

    @property
    def is_office(self) -> bool:
        """Tell whether it is the house's duty and not the party's time."""
        return self.term.whose is Whose.POLICE


@dataclass(frozen=True, slots=True)
class NotBegun:
    """A period that begins when the decision is served."""

    term: Term


def deadlines(running: Iterable[Clock], today: date) -> tuple[Deadline, ...]:
    """Return what a party waits for, or must do, in the order in which it is due; what was met is not among it."""
    return tuple(_deadline(clock, today) for clock in running if clock.key in TOLD and clock.met_ms is None)


def remedies_ahead(terms: Terms, running: Iterable[Clock], day: date, *, on_the_spot: bool) -> tuple[NotBegun, ...]:
    """Return the remedies whose time has not begun because the decision has not been served.

    Against a decision on the spot reconsideration comes first (行政复议法 art. 23), so no direct suit is told.
    """
    begun = {clock.key for clock in running}
    keys = REMEDIES[:1] if on_the_spot else REMEDIES[:2]
    found = (terms.at(key, day) for key in keys if key not in begun)
    return tuple(NotBegun(term) for term in found if term is not None)


def answer_due(terms: Terms, calendar: Calendar, kind: MessageKind, day: date) -> Due | None:
    """Return by when what came on a day is answered; None: before the decision (行政处罚法 art. 45).

    An objection's five working days run from the day it came, by whichever way (程序规定 art. 5).
    """
    term = terms.at(TermKey.OBJECTION_ANSWER, day) if kind is MessageKind.OBJECTION else None
    return None if term is None else term.due(day, calendar)


def _deadline(clock: Clock, today: date) -> Deadline:
    if clock.due is None or clock.state is ClockState.PAUSED:
        return Deadline(clock.key, When.PAUSED, None, 0, clock.provisional, clock.term)
    left = (clock.due - today).days
    when = When.TODAY if left == 0 else When.AHEAD if left > 0 else When.OVER
    return Deadline(clock.key, when, clock.due, max(left, 0), clock.provisional, clock.term)
