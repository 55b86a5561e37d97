"""One officer's act with all that follows from it, in one unit of work: the case, the money, the public list."""

from sqlalchemy.orm import Session

from server.cases import service
from server.cases.models import Case, CaseAct
from server.cases.procedure import Act
from server.cases.service import House, Order
from server.ledger import book
from server.ledger.postings import Basis, assess
from server.lists import service as lists


def decide(session: Session, case: Case, order: Order, house: House) -> CaseAct:
    """Do an act: a fine posts its amount; a revocation reverses the money and takes the public line down."""
    done = service.act(session, case, order, house)
    if order.act is Act.FINE and order.amount_fen is not None:
        basis = Basis(case.id, order.actor, _manifest_sha256(case), order.at_ms, case.demonstration)
        book.append(session, assess(basis, order.amount_fen))
    if order.act is Act.REVOKE:
        book.reverse_case(session, case.id, order.actor, order.at_ms, order.reason)
        lists.withdraw(session, case.id, order.actor, order.reason, order.at_ms)
    return done


def _manifest_sha256(case: Case) -> str:
    return next(file.sha256 for file in case.event.files if file.name == "manifest.json")
