"""One act with all that follows from it, in one unit of work: the case, its clocks, the money, the public list.

A rejection that suspends its site reopens what was believed of it: a part at once, what is more by the reckoner. A
fined case that comes to where it could be settled and owes nothing, as when a remedy ends, is settled with that act.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from server.cases import service
from server.cases.house import House
from server.cases.models import Case, CaseAct
from server.cases.service import Order
from server.db import hold
from server.decisions import consequences
from server.decisions.errors import ObjectedError
from server.decisions.gathering import facts
from server.decisions.situation import Situation, situation
from server.ledger.balances import money_of
from server.ledger.case_money import CaseMoney
from server.procedure.guards import objections
from server.procedure.history import imposed
from server.procedure.table import TABLE, next_state
from server.procedure.words import Act
from server.suspensions import repository as suspensions
from server.suspensions.models import Suspension

AT_ONCE_MAX: Final = 100
"""Cases that one act reopens in its own unit of work; more would keep its officer waiting."""
SETTLED_FROM: Final = frozenset(step.before for step in TABLE if step.act is Act.SETTLE)
"""Where a case waits for its money."""
LEADING_TO_MONEY: Final = frozenset({Act.SERVE, Act.DENY, Act.MAINTAIN, Act.REDUCE})
"""The acts after which a case may stand there, and be paid already: before its service, or while a remedy was open."""
ABOUT_MONEY: Final = LEADING_TO_MONEY | {
    *(Act.FINE, Act.APPROVE, Act.REVOKE, Act.UPHOLD, Act.ANNUL, Act.SETTLE, Act.ARCHIVE),
}
"""The acts that book something, or look at what is owed: nobody books meanwhile."""


def decide(session: Session, case: Case, order: Order, house: House) -> CaseAct:
    """Do one act to a case; what it leaves paid is settled with it, by the same officer.

    Raises:
        ConflictError: the table has no such transition, or somebody changed the case meanwhile.
        ObjectedError: guards object; the text has every objection.
    """
    if order.act in ABOUT_MONEY:
        hold(session, "ledger")  # before the case, as whoever books a payment that settles it: else both wait for ever
    stands, order = _in_order(session, case, order, house)
    known = facts(session, stands, order, house)
    after = next_state(stands.state, order.act, known)
    found = objections(order.act, known)
    if found:
        raise ObjectedError(found)
    done = service.do(session, case, order, after, imposed(stands.history))
    suspended = consequences.follow(session, case, order, done, house, known.review.seen_ms)
    case.next_due_ms = situation(session, case, house, order.at_ms).next_due_ms
    session.flush()
    if suspended is not None:
        reopen(session, suspended, house, order.at_ms, AT_ONCE_MAX)
    if order.act in LEADING_TO_MONEY and after in SETTLED_FROM and is_paid(money_of(session, [case.id])[case.id]):
        decide(session, case, Order(Act.SETTLE, case.version, order.actor, order.at_ms), house)
    return done


def _in_order(session: Session, case: Case, order: Order, house: House) -> tuple[Situation, Order]:
    """Return how the case stands, and the order, which is no earlier than the act before it.

    Of two who act in the same moment the one who read the clock first may come second, and clocks of two machines
    differ: an act that ended before it began would leave a period open for ever.
    """
    stands = situation(session, case, house, order.at_ms)
    newest_ms = stands.history[-1].at_ms if stands.history else order.at_ms
    if newest_ms <= order.at_ms:
        return stands, order
    return situation(session, case, house, newest_ms), replace(order, at_ms=newest_ms)


def is_paid(money: CaseMoney) -> bool:
    """Tell of a case that waits for its money whether there is nothing more to wait for; no fine, no settling."""
    return money.ever_assessed and not money.owed_fen


def reopen(session: Session, suspended: Suspension, house: House, at_ms: int, most: int) -> int:
    """Reopen some of the cases that a suspended site has, as the act of who suspended it; return how many."""
    cases = suspensions.waiting(session, suspended.site_id, most)
    for case in cases:
        order = Order(Act.REOPEN, case.version, suspended.officer, at_ms, suspended.reason)
        decide(session, case, order, house)
    return len(cases)
