"""How a case stands at an instant: its history, party, money and clocks, gathered once for whoever decides or looks."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.cases import repository, service
from server.cases.house import House
from server.cases.models import Case, Party
from server.civil_time import day_ends_ms
from server.law.moments import Moment
from server.law.reading import Offence
from server.law.terms import Consequence
from server.ledger import agreements
from server.ledger.balances import money_of
from server.ledger.case_money import CaseMoney
from server.lists import service as lists
from server.procedure.clocks import Clock, clocks, consequences, next_due_ms
from server.procedure.happened import Around, moments
from server.procedure.history import Done
from server.procedure.words import CaseState


@dataclass(frozen=True, slots=True)
class Situation:
    """A case at ``at_ms``. ``clocks`` stand in the order in which they are due; those that were met are among them."""

    case: Case
    at_ms: int
    history: tuple[Done, ...]
    party: Party | None
    offence: Offence | None
    money: CaseMoney
    moments: Mapping[Moment, int]
    clocks: tuple[Clock, ...]

    @property
    def state(self) -> CaseState:
        """Return where the case stands."""
        return CaseState(self.case.state)

    @property
    def consequences(self) -> frozenset[Consequence]:
        """Return what follows from the clocks whose time is over."""
        return consequences(self.clocks)

    @property
    def next_due_ms(self) -> int | None:
        """Return when the earliest open clock is over."""
        return next_due_ms(self.clocks)


def situation(session: Session, case: Case, house: House, at_ms: int) -> Situation:
    """Gather how a case stands at an instant (ms since the Unix epoch)."""
    history = tuple(service.history(session, case.id))
    happened = moments(history, _around(session, case))
    return Situation(
        case=case,
        at_ms=at_ms,
        history=history,
        party=repository.party(session, case.id),
        offence=service.offence_of(case, house.law),
        money=money_of(session, [case.id])[case.id],
        moments=happened,
        clocks=clocks(happened, house.terms, house.calendar, at_ms),
    )


def _around(session: Session, case: Case) -> Around:
    listing = lists.of_case(session, case.id)
    granted = agreements.newest(session, case.id)
    return Around(
        act_ms=case.entered_at_ms,
        collected_ms=case.entered_at_ms,
        published_ms=None if listing is None else listing.published_at_ms,
        unpublished_ms=None if listing is None else listing.withdrawn_at_ms,
        deferred_ms=None if granted is None else granted.at_ms,
        deferred_until_ms=None if granted is None else day_ends_ms(granted.last_on) - 1,
    )
