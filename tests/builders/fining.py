"""Cases of a centre whose decisions stand, in the ledger and in their history, without walking the procedure."""

from books import SHA
from sqlalchemy import text

from server.cases.models import CaseAct
from server.db import unit_of_work
from server.ledger import book
from server.ledger.postings import Basis, assess

DAY_MS = 86_400_000


def fine(service, case_id: int, amount_fen: int, served_at_ms: int | None, officer: str = "zhang") -> None:
    """Impose a fine on a case, and serve it."""
    with unit_of_work(service.sessions) as session:
        at_ms = service.now_ms() - 60 * DAY_MS if served_at_ms is None else served_at_ms - DAY_MS
        book.append(session, assess(Basis(case_id, officer, SHA, at_ms, demonstration=False), amount_fen))
        if served_at_ms is not None:
            step(session, case_id, ("serve", "decided", "served"), served_at_ms)
            session.execute(text("UPDATE cases SET state = 'decided' WHERE id = :id"), {"id": case_id})


def step(session, case_id: int, words: tuple[str, str, str], at_ms: int) -> None:
    """Write one act of a history: the act, where the case stood, where it stands then."""
    act, before, after = words
    said = {"actor": "officer", "at_ms": at_ms, "reason": "", "amount_fen": None, "demonstration": False}
    session.add(CaseAct(case_id=case_id, act=act, from_state=before, to_state=after, **said))
    session.flush()
