"""What follows from an act at once, in its own unit of work: the money, the public list, whether a site is believed."""

from sqlalchemy.orm import Session

from contract.evidence import MANIFEST
from server.cases.house import House
from server.cases.models import Case, CaseAct
from server.cases.service import Order
from server.law.limits import LimitKey
from server.ledger import book
from server.ledger.postings import Basis, assess
from server.lists import service as lists
from server.procedure.history import REVIEWS
from server.procedure.sampling import SpikeRule
from server.procedure.words import Act, CaseState
from server.suspensions import service as suspensions
from server.suspensions.models import Suspension


def follow(session: Session, case: Case, order: Order, done: CaseAct, house: House, seen_ms: int) -> Suspension | None:
    """Do all that follows from an act; return the suspension of its site, where a verdict has led to one."""
    _money_and_list(session, case, order, done)
    if order.act not in REVIEWS:
        return None
    suspensions.note(session, case, done, seen_ms)
    if order.act is not Act.REJECT:
        return None
    return suspensions.suspend_on_spike(session, done, case.site_id, _spike_rule(house, order.at_ms))


def _spike_rule(house: House, at_ms: int) -> SpikeRule:
    window, most = (house.limit(key, at_ms) for key in (LimitKey.SPIKE_VERDICTS, LimitKey.SPIKE_REJECTED_MAX))
    return SpikeRule(window, most, house.law.against_record)


def _money_and_list(session: Session, case: Case, order: Order, done: CaseAct) -> None:
    """A fine posts its amount; what falls takes money and list back with it; a lower fine is the only one that stands.

    行政处罚法 art. 48: what was made public of a decision that is changed or revoked is withdrawn.
    """
    after = CaseState(done.to_state)
    decided = order.act in {Act.FINE, Act.APPROVE} and after is CaseState.DECIDED
    if decided and case.sanction == Act.FINE and case.amount_fen is not None:
        basis = Basis(case.id, order.actor, manifest_sha256(case), order.at_ms, case.demonstration)
        book.append(session, assess(basis, case.amount_fen))
    if after is CaseState.REVOKED:
        book.reverse_case(session, case.id, order.actor, order.at_ms, order.reason)
        lists.withdraw(session, case.id, order.actor, order.reason, order.at_ms)
    if order.act is Act.REDUCE and order.amount_fen is not None:
        book.change_amount(session, case.id, order.amount_fen, order.actor, order.at_ms, order.reason)
        lists.withdraw(session, case.id, order.actor, order.reason, order.at_ms)


def manifest_sha256(case: Case) -> str:
    """Return the hash of the case's manifest, on which its postings rest."""
    return next(file.sha256 for file in case.event.files if file.name == MANIFEST)
