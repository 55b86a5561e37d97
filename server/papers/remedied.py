"""What is told of a decision after a reconsideration or a suit: that it stands, or what the fine is now.

The body that judged gives its own decision to the party; these are the office's notices of what follows from it.
"""

from typing import Final

from sqlalchemy.orm import Session

from server.cases.models import CaseAct
from server.civil_time import beijing_day
from server.documents.after_decision import Judged, Maintenance, Reduction
from server.documents.pieces import Cited
from server.documents.values import Said
from server.errors import WrongInputError
from server.law.terms import TermKey
from server.ledger.balances import money_of
from server.lists import service as lists
from server.papers import register, telling
from server.papers.citing import cited
from server.papers.gathering import Gathered
from server.papers.proving import proof_of_fine
from server.papers.revoking import DECISIONS
from server.procedure.words import Act, CaseState

REMEDY_WORDS: Final = {CaseState.RECONSIDERATION: "行政复议", CaseState.COURT: "行政诉讼"}


def maintenance(session: Session, of: Gathered) -> Said | None:
    """Return that the decision stands; None where no decision was issued, so that nothing hinders the act."""
    done = of.must(Act.MAINTAIN)
    judged = _judged(session, of, done)
    if judged is None:
        return None
    return Maintenance(
        party=telling.masked_person(of.identity),
        act=telling.act_told(of),
        judged=judged,
        owed_fen=money_of(session, [of.case.id])[of.case.id].owed_fen,
        officers=telling.officers(session, of, done.actor),
        query=of.query,
        proof=proof_of_fine(session, of),
    )


def reduction(session: Session, of: Gathered) -> Said | None:
    """Return what a fine is now; None where no decision was issued. The lower amount stands in the book already."""
    done = of.must(Act.REDUCE)
    judged = _judged(session, of, done)
    if judged is None:
        return None
    money, term = money_of(session, [of.case.id])[of.case.id], of.term(TermKey.WITHDRAWAL)
    return Reduction(
        party=telling.masked_person(of.identity),
        act=telling.act_told(of),
        judged=judged,
        before_fen=_before(of, done),
        amount_fen=done.amount_fen or 0,
        owed_fen=money.owed_fen,
        refund_fen=money.refund_due_fen,
        unlisted=lists.of_case(session, of.case.id) is not None,
        cited=Cited("", cited(term.article), term.verified),
        payment=telling.payment_told(of),
        officers=telling.officers(session, of, done.actor),
        query=of.query,
        proof=proof_of_fine(session, of),
    )


def _before(of: Gathered, done: CaseAct) -> int:
    """Return what the fine was before it was lowered."""
    fines = [r.amount_fen for r in of.history if r.id < done.id and r.act in {Act.FINE, Act.REDUCE} and r.amount_fen]
    if not fines:
        raise WrongInputError(f"{of.case.number}: expected a fine in its history before it was lowered, found none")
    return fines[-1]


def _judged(session: Session, of: Gathered, done: CaseAct) -> Judged | None:
    decision, remedy = register.last_of(session, of.case.id, DECISIONS), CaseState(done.from_state)
    if decision is None:
        return None
    reconsidered = remedy is CaseState.RECONSIDERATION
    rest = of.term(TermKey.COURT_AFTER_RECONSIDERATION if reconsidered else TermKey.COURT)
    return Judged(
        number=decision.number,
        decided_on=beijing_day(decision.issued_at_ms),
        remedy=REMEDY_WORDS[remedy],
        reasons=done.reason,
        court_days=telling.calendar_days(rest) if reconsidered else 0,
        source=cited(rest.article),
        verified=rest.verified,
    )
