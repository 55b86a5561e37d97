"""What the document of each act says: one function an act, and the table of them. Values in, a document's value out."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy.orm import Session

from server.documents.pieces import Cited
from server.documents.values import Notice, Said
from server.law.terms import TermKey
from server.papers import telling
from server.papers.citing import cited
from server.papers.deciding import education, no_penalty, penalty, warning
from server.papers.enforcing import application
from server.papers.gathering import Gathered
from server.papers.heard import hearing_record, objection_answer
from server.papers.remedied import maintenance, reduction
from server.procedure.words import Act


def notice(session: Session, of: Gathered) -> Said:  # noqa: ARG001 - every one is asked alike
    """程序规定 art. 20: time, place, fact, until when to come in; 行政处罚法 art. 44: what penalty is thought of."""
    return Notice(
        party=telling.masked_person(of.identity),
        act=telling.act_told(of),
        cited=_noticed(of),
        evidence=telling.evidence_told(of),
        come_within=telling.told_term(of, TermKey.COMING_IN, from_now=True),
        query=of.query,
        proposed_fen=of.must(Act.NOTIFY).amount_fen or 0,
    )


def _noticed(of: Gathered) -> Cited:
    """What was broken; what the notice rests on, and what punishes the act where a fine is announced."""
    told, term = telling.offence_cited(of), of.term(TermKey.NOTICE)
    basis = [cited(term.article), *([told.basis] if of.must(Act.NOTIFY).amount_fen else [])]
    return Cited(told.broken, "；".join(basis), told.verified and term.verified)


SAID: Final[Mapping[Act, Callable[[Session, Gathered], Said | None]]] = {
    Act.NOTIFY: notice,
    Act.HEAR: hearing_record,
    Act.FINE: penalty,
    Act.APPROVE: penalty,
    Act.WARN: warning,
    Act.EDUCATE: education,
    Act.NO_PENALTY: no_penalty,
    Act.UPHOLD: objection_answer,
    Act.DENY: objection_answer,
    Act.MAINTAIN: maintenance,
    Act.REDUCE: reduction,
    Act.ENFORCE: application,
}
"""What is issued with each act. A fine that must be approved is no decision yet (`issue_for`)."""
