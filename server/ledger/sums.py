"""Daily sums by kind and pair, kept in the unit of work that appends: no statement reads the entries."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.civil_time import beijing
from server.db import insert_from, table_of
from server.ledger.accounts import Account
from server.ledger.kinds import EntryKind
from server.ledger.models import LedgerDaySum
from server.ledger.postings import Posting

KEY = ("day", "kind", "debit", "credit", "demonstration")


@dataclass(frozen=True, slots=True)
class Movement:
    """What was posted of one kind and pair over some days."""

    kind: EntryKind
    debit: Account
    credit: Account
    entries: int
    amount_fen: int


def add(session: Session, postings: Iterable[Posting]) -> None:
    """Add postings to the sums of their days. The caller holds the book."""
    counts: Counter[tuple[object, ...]] = Counter()
    amounts: Counter[tuple[object, ...]] = Counter()
    for p in postings:
        key = (beijing(p.at_ms).date(), p.kind, p.debit, p.credit, p.demonstration)
        counts[key] += 1
        amounts[key] += p.amount_fen
    rows = [dict(zip(KEY, key, strict=True)) | {"entries": counts[key], "amount_fen": amounts[key]} for key in counts]
    table, insert = table_of(LedgerDaySum), insert_from(session, LedgerDaySum, rows)
    grown = {name: table.c[name] + insert.excluded[name] for name in ("entries", "amount_fen")}
    session.execute(insert.on_conflict_do_update(index_elements=list(KEY), set_=grown))


def posted_fen(session: Session) -> int:
    """Return the sum of all amounts ever posted."""
    return int(session.scalar(select(func.sum(LedgerDaySum.amount_fen))) or 0)


def movements(session: Session, first: date, last: date, *, demonstration: bool) -> list[Movement]:
    """Return what was posted from the first to the last day, both counted, by kind and pair."""
    by = (LedgerDaySum.kind, LedgerDaySum.debit, LedgerDaySum.credit)
    rows = (
        select(*by, func.sum(LedgerDaySum.entries), func.sum(LedgerDaySum.amount_fen))
        .where(LedgerDaySum.day.between(first, last), LedgerDaySum.demonstration == demonstration)
        .group_by(*by)
        .order_by(*by)
    )
    return [
        Movement(EntryKind(kind), Account(debit), Account(credit), int(entries), int(amount))
        for kind, debit, credit, entries, amount in session.execute(rows)
    ]
