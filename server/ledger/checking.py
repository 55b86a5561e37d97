"""Walks the whole chain once for each published head, beside the pages, and keeps what was found."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.db import Sessions, unit_of_work
from server.ledger import forest
from server.ledger.book import broken_at
from server.ledger.heads import newest
from server.ledger.models import LedgerCheck, LedgerEntry, LedgerHead
from server.ledger.postings import GENESIS


class StoppedError(Exception):
    """The walk was told to end before it was done."""


def check(sessions: Sessions, now_ms: Callable[[], int], stopped: Callable[[], bool] = lambda: False) -> bool:
    """Walk the book if its newest head has not been checked; return whether it was walked.

    Of several processes that do so at once one keeps what it found. Raises StoppedError.
    """

    def told(_at: int) -> None:
        if stopped():
            raise StoppedError

    with sessions.reading() as session:
        head = next(iter(newest(session, None, 1)), None)
        if head is None or session.get(LedgerCheck, head.day) is not None:
            return False
        began_ms = now_ms()
        found = {
            "broken_at": broken_at(session, told),
            "size": forest.size_of(session),
            "fits_head": _fits(session, head),
        }
    row = LedgerCheck(day=head.day, at_ms=began_ms, took_ms=max(0, now_ms() - began_ms), **found)
    try:
        with unit_of_work(sessions) as session:
            session.add(row)
    except IntegrityError:
        return False
    return True


def newest_check(session: Session) -> LedgerCheck | None:
    """Return what the last walk found."""
    return session.scalars(select(LedgerCheck).order_by(LedgerCheck.day.desc()).limit(1)).first()


def _fits(session: Session, head: LedgerHead) -> bool:
    """Tell whether the book still begins as the head says: the last hash, and the root of the stored tree."""
    chain = session.scalar(select(LedgerEntry.hash).where(LedgerEntry.number == head.size)) if head.size else GENESIS
    return chain == head.chain and forest.root_of(session, head.size).hex() == head.root
