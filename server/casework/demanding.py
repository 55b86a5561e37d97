"""The papers of a case that an officer asks for beside the acts: the demand before enforcement, the party's account."""

from sqlalchemy.orm import Session

from server.cases.models import Case
from server.cases.service import Order
from server.casework.service import Work
from server.db import hold
from server.decisions.errors import ObjectedError
from server.decisions.gathering import facts
from server.decisions.situation import situation
from server.documents.service import Printed
from server.errors import ConflictError
from server.papers.service import issue_account, issue_demand
from server.parties.service import By
from server.procedure.guards import objections
from server.procedure.words import Act, CaseState


def demand(session: Session, work: Work, case: Case, by: By, query_code: str) -> Printed:
    """Issue the demand: whatever an application needs must stand already, but for the demand (行政强制法 53, 54).

    Raises:
        ConflictError: the decision has not been served, or nothing is owed.
        ObjectedError: nothing is overdue, or a remedy is still open.
        PartAwayError: documents cannot be printed here.
    """
    hold(session, "ledger")  # nobody pays while it is reckoned what is owed
    if case.state != CaseState.SERVED:
        raise ConflictError(
            f"a case that is {case.state} takes no demand; expected one whose decision is served and not paid",
            f"{case.number}：只有决定已送达而未履行的案件可以催告",
        )
    stands = situation(session, case, work.house, by.at_ms)
    order = Order(Act.ENFORCE, case.version, by.who, by.at_ms)
    found = objections(Act.ENFORCE, facts(session, stands, order, work.house))
    if found:
        raise ObjectedError(found)
    return issue_demand(session, work.must_print(), case, by, query_code)


def account(session: Session, work: Work, case: Case, by: By, query_code: str) -> Printed:
    """Issue the party's account. Raises WrongInputError with what is missing, PartAwayError."""
    return issue_account(session, work.must_print(), case, by, query_code)
