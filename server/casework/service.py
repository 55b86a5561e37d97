"""Does an act as an officer's form or a party's page asks for it. All of it in the caller's unit of work, or nothing.

行政处罚法 art. 46: what a decision rests on has been verified; art. 61: a decision is served with proof, or announced
and its time gone by; arts. 44, 51, 52: notice and decision are documents, issued with the act that they tell of.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server import audit
from server.cases import repository, verifying
from server.cases.house import House
from server.cases.models import Case, CaseAct
from server.cases.service import Order
from server.decisions.errors import ObjectedError
from server.decisions.gathering import facts_of_page
from server.decisions.service import decide
from server.decisions.situation import Situation, situation
from server.documents.service import NoFontError
from server.evidence_store import EvidenceStore
from server.law.terms import Consequence
from server.papers import serving
from server.papers.gathering import Papers
from server.papers.revoking import FALLEN
from server.papers.saying import SAID
from server.papers.service import issue_for
from server.parties.service import By
from server.procedure.possible import why_impossible
from server.procedure.reasons import Objection, Reason
from server.procedure.words import Act

OF_AN_OBJECTION = frozenset({Act.UPHOLD, Act.DENY})
NEEDS_PROOF = frozenset({Act.FINE, Act.WARN})
"""Sanctions whose decision has no effect before it is served; an education is told as it is given."""


@dataclass(frozen=True, slots=True)
class Work:
    """What acts need beside the database. ``papers`` None: their font is not here, so nothing can be printed."""

    house: House
    store: EvidenceStore
    papers: Papers | None

    def must_print(self) -> Papers:
        """Return what issuing needs. Raises NoFontError where the font is not here."""
        if self.papers is None:
            raise NoFontError
        return self.papers


def prove(session: Session, work: Work, case: Case, act: Act) -> None:
    """Prove a case's evidence anew where an act rests on it; before the act's unit of work, which holds locks.

    Raises ConflictError with what is wrong.
    """
    if act is Act.CONFIRM:
        verifying.must_hold(session, case, work.store)


def do(session: Session, work: Work, case: Case, order: Order, query_code: str) -> CaseAct:
    """Do one act to a case; a confirmation's evidence has been proved (`prove`).

    Raises:
        ConflictError: no such transition, or somebody changed the case meanwhile.
        WrongInputError: guards object, or a document cannot be made; the text says what is missing.
        PartAwayError: documents cannot be printed here.
    """
    if order.act is Act.SERVE:
        unproved = _unproved_service(session, situation(session, case, work.house, order.at_ms))
        if unproved:
            raise ObjectedError(unproved)
    done = decide(session, case, order, work.house)
    _issue(session, work, case, order, query_code)
    return done


def impossible(
    session: Session, house: House, stands: Situation, officer: str, acts: Iterable[Act]
) -> dict[Act, tuple[Objection, ...]]:
    """Return those of the acts that would be refused now whatever an officer's form says, each with every reason."""
    told = facts_of_page(session, stands, officer, house)
    found = {
        act: (*why_impossible(act, told), *(_unproved_service(session, stands) if act is Act.SERVE else ()))
        for act in acts
    }
    return {act: why for act, why in found.items() if why}


def _unproved_service(session: Session, stands: Situation) -> tuple[Objection, ...]:
    case = stands.case
    if case.demonstration or case.sanction not in NEEDS_PROOF or Consequence.DEEMS_SERVED in stands.consequences:
        return ()
    return () if serving.proof_of_service(session, case.id) is not None else (Objection(Reason.NOT_SERVED),)


def _issue(session: Session, work: Work, case: Case, order: Order, query_code: str) -> None:
    if order.act not in {*SAID, *FALLEN}:
        return
    if order.act in OF_AN_OBJECTION and repository.party(session, case.id) is None:
        audit.record(
            session, order.at_ms, order.actor, "document.none", case.id, "nobody is identified: own page alone"
        )
        return
    if work.papers is None and case.demonstration:
        audit.record(session, order.at_ms, order.actor, "document.none", case.id, "a demonstration without the font")
        return
    issue_for(session, work.must_print(), case, order.act, By(order.actor, order.at_ms), query_code)
