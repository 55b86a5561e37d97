"""How a case stands as its party is told of it: gathered from many tables once, by index, as one value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cases import repository as cases
from server.cases import service as deeds
from server.cases.models import Case, Party
from server.civil_time import beijing_day
from server.documents.models import Document
from server.law.law_book import LawBook
from server.law.limits import LimitKey
from server.law.reading import Offence
from server.law.terms import TermKey
from server.ledger.balances import money_of
from server.ledger.case_money import CaseMoney
from server.ledger.surcharge import Rate, Standstill, surcharge_fen
from server.lists import service as lists
from server.lists.models import Listing
from server.own_page import happening
from server.own_page.repository import Sent, messages_of
from server.own_page.telling import Deadline, NotBegun, deadlines, remedies_ahead
from server.procedure.clocks import Clock, clocks
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
    history: tuple[Done, ...]
    party: Party | None
    offence: Offence | None
    announced_fen: int | None
    decision: Done | None
    money: CaseMoney
    lateness_fen: int
    deadlines: tuple[Deadline, ...]
    remedies_ahead: tuple[NotBegun, ...]
    documents: Sequence[Document]
    listing: Listing | None
    messages: Sequence[Sent]


def standing(session: Session, case: Case, book: LawBook, at_ms: int) -> Standing:
    """Gather how a case stands at an instant (ms since the Unix epoch)."""
    history, today = history_of(session, case.id), beijing_day(at_ms)
    running = clocks(happening.moments(history, case.entered_at_ms), book.terms, book.calendar, at_ms)
    decision, money = happening.decision(history), money_of(session, [case.id])[case.id]
    on_the_spot = not any(done.act is Act.APPROVE for done in history)
    ahead = remedies_ahead(book.terms, running, today, on_the_spot=on_the_spot) if decision is not None else ()
    return Standing(
        case=case,
        today=today,
        state=CaseState(case.state),
        history=history,
        party=cases.party(session, case.id),
        offence=deeds.offence_of(case, book.offences),
        announced_fen=announced_fen(history) if decision is None else None,
        decision=decision,
        money=money,
        lateness_fen=_lateness_fen(running, history, money, book, today),
        deadlines=deadlines(running, today),
        remedies_ahead=ahead,
        documents=session.scalars(
            select(Document).where(Document.case_id == case.id).order_by(Document.id.desc()).limit(50)
        ).all(),
        listing=lists.of_case(session, case.id),
        messages=messages_of(session, case.id),
    )


def history_of(session: Session, case_id: int) -> tuple[Done, ...]:
    """Return what was done to a case, the oldest first."""
    return tuple(
        Done(Act(row.act), CaseState(row.from_state), CaseState(row.to_state), row.actor, row.at_ms, row.amount_fen)
        for row in cases.acts(session, case_id)
    )


def standstills(history: Sequence[Done]) -> tuple[Standstill, ...]:
    """Return the days without surcharge: while a reconsideration or a suit is open (行政处罚法 art. 73)."""
    found: list[Standstill] = []
    for done in history:
        if done.act in {Act.APPLY_RECONSIDERATION, Act.SUE}:
            found.append(Standstill(beijing_day(done.at_ms)))
        elif done.before in {CaseState.RECONSIDERATION, CaseState.COURT} and found and found[-1].last is None:
            found[-1] = Standstill(found[-1].first, beijing_day(done.at_ms))
    return tuple(found)


def _lateness_fen(
    running: Sequence[Clock], history: Sequence[Done], money: CaseMoney, book: LawBook, today: date
) -> int:
    """Return what may still be asked for lateness: an officer decides whether it is (行政处罚法 art. 72)."""
    due = next((clock.due for clock in running if clock.key is TermKey.PAYMENT and clock.met_ms is None), None)
    if due is None or today <= due or not money.fine_owed_fen:
        return 0
    rate = Rate(
        book.limits.at(LimitKey.SURCHARGE_RATE, today).value, book.limits.at(LimitKey.SURCHARGE_CAP, today).value
    )
    whole = surcharge_fen(money.fine_owed_fen, due, today, rate, standstills(history))
    return max(whole - money.surcharge_assessed_fen, 0)
