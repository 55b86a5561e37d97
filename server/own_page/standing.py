"""How a case stands as its party is told of it: gathered from many tables once, by index, as one value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from server.cases.house import House
from server.cases.models import Case, Party
from server.civil_time import beijing_day
from server.decisions.situation import situation
from server.law.reading import Offence
from server.ledger.case_account import account_of
from server.ledger.case_money import CaseMoney
from server.ledger.lateness import LawOfPayment
from server.lists import service as lists
from server.lists.models import Listing
from server.own_page.history import decision
from server.own_page.repository import Sent, messages_of
from server.own_page.telling import Deadline, NotBegun, deadlines, remedies_ahead
from server.papers.register import Registered, documents_of
from server.procedure.history import Done, announced_fen
from server.procedure.words import Act, CaseState


@dataclass(frozen=True, slots=True)
class Standing:
    """A case on ``today``. ``announced_fen``: the notice's fine.

    ``lateness_fen``: what lateness may cost by now, as far as it is not in the ledger.
    """

    case: Case
    today: date
    state: CaseState
    party: Party | None
    offence: Offence | None
    announced_fen: int | None
    decision: Done | None
    money: CaseMoney
    lateness_fen: int
    deadlines: tuple[Deadline, ...]
    remedies_ahead: tuple[NotBegun, ...]
    documents: Sequence[Registered]
    listing: Listing | None
    messages: Sequence[Sent]


def standing(session: Session, case: Case, house: House, at_ms: int) -> Standing:
    """Gather how a case stands at an instant (ms since the Unix epoch)."""
    stands, today = situation(session, case, house, at_ms), beijing_day(at_ms)
    decided = decision(stands.history)
    on_the_spot = not any(done.act is Act.APPROVE for done in stands.history)
    ahead = remedies_ahead(house.terms, stands.clocks, today, on_the_spot=on_the_spot) if decided is not None else ()
    return Standing(
        case=case,
        today=today,
        state=stands.state,
        party=stands.party,
        offence=stands.offence,
        announced_fen=announced_fen(stands.history) if decided is None else None,
        decision=decided,
        money=stands.money,
        lateness_fen=_lateness_fen(session, case, house, at_ms),
        deadlines=deadlines(stands.clocks, today),
        remedies_ahead=ahead,
        documents=documents_of(session, case.id),
        listing=lists.of_case(session, case.id),
        messages=messages_of(session, case.id),
    )


def _lateness_fen(session: Session, case: Case, house: House, at_ms: int) -> int:
    """Return what may still be asked for lateness: an officer decides whether it is (行政处罚法 art. 72)."""
    law = LawOfPayment(house.terms, house.book.limits, house.calendar)
    late = account_of(session, case.id, law, at_ms).late
    return 0 if late is None else late.may_ask_fen
