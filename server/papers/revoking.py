"""The notice that a decision is revoked; it withdraws the documents that were issued before it."""

from datetime import date

from sqlalchemy.orm import Session

from server.civil_time import beijing_day
from server.documents.models import Document
from server.documents.pieces import Cited
from server.documents.values import Revocation
from server.documents.words import Kind
from server.law.terms import TermKey
from server.ledger.balances import money_of
from server.lists import service as lists
from server.papers import register, telling
from server.papers.citing import cited
from server.papers.gathering import Gathered
from server.papers.proving import proof_of_reversal
from server.procedure.words import Act

DECISIONS = (Kind.PENALTY, Kind.WARNING, Kind.EDUCATION, Kind.NO_PENALTY)
FALLEN = frozenset({Act.REVOKE, Act.ANNUL, Act.UPHOLD})


def revocation(session: Session, of: Gathered) -> Revocation | None:
    """Return what is told of a decision that fell; None where no decision was issued, so that nothing hinders it."""
    fallen, why = register.last_of(session, of.case.id, DECISIONS), of.history[-1]
    if fallen is None:
        return None
    term, listing = of.term(TermKey.WITHDRAWAL), lists.of_case(session, of.case.id)
    return Revocation(
        party=telling.masked_person(of.identity),
        act=telling.act_told(of),
        revoked_number=fallen.number,
        revoked_on=_day(fallen),
        cited=Cited("", cited(term.article), term.verified),
        reasons=why.reason,
        refund_fen=money_of(session, [of.case.id])[of.case.id].refund_due_fen,
        unlisted=listing is not None,
        officers=telling.officers(session, of, why.actor),
        query=of.query,
        proof=proof_of_reversal(session, of),
    )


def _day(document: Document) -> date:
    return beijing_day(document.issued_at_ms)
