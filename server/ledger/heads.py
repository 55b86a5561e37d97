"""The head of the book, published once a day and sealed by the centre: whoever has kept it sees any rewriting.

The head of a day is made after the day is over. It covers every entry that the book then has, and closes the day:
nothing dated on it or before may be appended any more.
"""

from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.seal import seal
from server.db import hold
from server.errors import NotFoundError
from server.ledger import forest
from server.ledger.head_told import CENTRE, HeadTold, day_to_close
from server.ledger.models import LedgerEntry, LedgerHead
from server.ledger.postings import GENESIS
from server.ledger.refusals import Refusal, refused


def publish(session: Session, key: Ed25519PrivateKey, now_ms: int) -> LedgerHead | None:
    """Make the head of the newest day that is over; None if it is made, or a later one."""
    day = day_to_close(now_ms)
    if _newest_day(session, day):
        return None
    hold(session, "ledger")
    if _newest_day(session, day):
        return None
    size = forest.size_of(session)
    chain = session.scalar(select(LedgerEntry.hash).where(LedgerEntry.number == size)) or GENESIS
    told = HeadTold(day=day, size=size, root=forest.root_of(session, size).hex(), chain=chain, made_at_ms=now_ms)
    head = LedgerHead(
        day=day, size=size, root=told.root, chain=chain, made_at_ms=now_ms, sealed=seal(told, CENTRE, key).decode()
    )
    session.add(head)
    session.flush()
    return head


def _newest_day(session: Session, at_least: date) -> bool:
    return session.scalar(select(LedgerHead.day).where(LedgerHead.day >= at_least).limit(1)) is not None


def newest(session: Session, before: date | None = None, limit: int = 100) -> list[LedgerHead]:
    """Return heads, the newest first; those before a day, if one is given."""
    heads = select(LedgerHead).order_by(LedgerHead.day.desc()).limit(limit)
    return list(session.scalars(heads if before is None else heads.where(LedgerHead.day < before)))


def of_day(session: Session, day: date) -> LedgerHead:
    """Return the head of a day. Raises NotFoundError."""
    head = session.get(LedgerHead, day)
    if head is None:
        raise NotFoundError(*refused(Refusal.NO_HEAD, day=day))
    return head
