"""Closes cases of which nothing is owed any more, in the unit of work that booked the last payment."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cases import repository
from server.cases.house import House
from server.cases.models import Case
from server.cases.service import Order
from server.decisions.service import SETTLED_FROM, decide, is_paid
from server.ledger.balances import money_of, parts_of
from server.procedure.words import Act


def settle_paid(session: Session, case_ids: Iterable[int | None], who: str, at_ms: int, house: House) -> list[int]:
    """Settle those of the cases that were fined, are served, and owe nothing now; return them.

    ``who`` booked what came, or decided that it is no longer asked for. A case that waits for something else (a remedy
    is open) stays where it is: the act that leads it back settles it (server.decisions.service).
    """
    wanted = sorted({case_id for case_id in case_ids if case_id is not None})
    settled: list[int] = []
    for part in parts_of(wanted):
        open_ones = session.scalars(select(Case.id).where(Case.id.in_(part), Case.state.in_(SETTLED_FROM))).all()
        money = money_of(session, open_ones)
        for case_id in (one for one in open_ones if is_paid(money[one])):
            case = repository.get(session, case_id)
            decide(session, case, Order(Act.SETTLE, case.version, who, at_ms), house)
            settled.append(case_id)
    return settled
