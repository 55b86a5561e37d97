"""One case's account: its entries, what is owed and due back, what lateness may cost, and on what a new entry rests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cases.models import Case, CaseAct
from server.civil_time import beijing_day
from server.db import hold
from server.errors import ConflictError, NotFoundError
from server.ledger import payments, statements
from server.ledger.agreements import in_force, newest
from server.ledger.balances import money_of
from server.ledger.case_money import CaseMoney
from server.ledger.instalments import Due, DueNow, still_due
from server.ledger.lateness import Lateness, LawOfPayment, lateness
from server.ledger.models import LedgerEntry
from server.ledger.postings import Basis
from server.ledger.refusals import Refusal, refused
from server.ledger.statements import PartyStatement
from server.ledger.surcharge import Standstill
from server.procedure.words import Act, CaseState

REMEDIES = frozenset({CaseState.RECONSIDERATION, CaseState.COURT})


@dataclass(frozen=True, slots=True)
class CaseAccount:
    """The account as of today. ``late`` None: nothing is owed of a fine, or its decision has not been served."""

    case: Case
    statement: PartyStatement
    money: CaseMoney
    parts: tuple[DueNow, ...]
    served_on: date | None
    late: Lateness | None


def account_of(session: Session, case_id: int, law: LawOfPayment, now_ms: int) -> CaseAccount:
    """Return a case's account. Raises NotFoundError."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotFoundError(*refused(Refusal.NO_CASE, case=case_id))
    money = money_of(session, [case_id])[case_id]
    dues = in_force(session, [case_id]).get(case_id, [])
    acts = _acts(session, case_id)
    served_on = next((beijing_day(act.at_ms) for act in reversed(acts) if act.act == Act.SERVE), None)
    late = None
    if served_on is not None and money.fine_owed_fen:
        standstills = [*_remedies(acts), *_deferral(session, case_id, dues)]
        late = lateness(money, served_on, standstills, beijing_day(now_ms), law)
    parts = tuple(still_due(dues, money.owed_fen))
    return CaseAccount(case, statements.party(session, [case_id]), money, parts, served_on, late)


def basis_of(session: Session, case_id: int, officer: str, at_ms: int) -> Basis:
    """Return on what a new entry of a case rests: what its fine rests on. Raises NotFoundError, ConflictError."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotFoundError(*refused(Refusal.NO_CASE, case=case_id))
    fined = select(LedgerEntry.evidence_sha256).where(LedgerEntry.case_id == case_id).order_by(LedgerEntry.number)
    evidence = session.scalar(fined.limit(1))
    if evidence is None:
        raise ConflictError(*refused(Refusal.NEVER_FINED, number=case.number))
    return Basis(case_id, officer, evidence, at_ms, case.demonstration)


def ask_surcharge(session: Session, basis: Basis, law: LawOfPayment, amount_fen: int, reason: str) -> LedgerEntry:
    """Ask for a surcharge, at the most what the law lets be asked for now.

    The book is held before anything is looked at: of two who ask at once, or of one who asks while the rest is paid,
    the later sees what the other booked. Raises NotFoundError, WrongInputError.
    """
    hold(session, "ledger")
    late = account_of(session, basis.case_id or 0, law, basis.at_ms).late
    return payments.add_surcharge(session, basis, amount_fen, 0 if late is None else late.may_ask_fen, reason)


def _acts(session: Session, case_id: int) -> Sequence[CaseAct]:
    return session.scalars(select(CaseAct).where(CaseAct.case_id == case_id).order_by(CaseAct.id)).all()


def _remedies(acts: Sequence[CaseAct]) -> Iterator[Standstill]:
    """Yield the days of reconsideration and suit (art. 73): from the act that began one to the next, which ends it."""
    for at, act in enumerate(acts):
        if act.to_state in REMEDIES and act.from_state != act.to_state:
            ends = next((beijing_day(later.at_ms) for later in acts[at + 1 :] if later.to_state != act.to_state), None)
            yield Standstill(beijing_day(act.at_ms), ends)


def _deferral(session: Session, case_id: int, dues: Sequence[Due]) -> Iterator[Standstill]:
    granted = newest(session, case_id)
    if dues and granted is not None:
        yield Standstill(beijing_day(granted.at_ms), granted.last_on)
