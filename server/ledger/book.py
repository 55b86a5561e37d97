"""The ledger's table and the only ways to it: append, and read. The caller's unit of work commits."""

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base, hold
from server.errors import ConflictError
from server.ledger.postings import GENESIS, Account, EntryKind, Posting, entry_hash, reverse


class LedgerEntry(Base):
    """One posting as it was appended. Triggers in the migration refuse every change."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="positive"),
        CheckConstraint("debit != credit", name="two_accounts"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    debit: Mapped[str]
    credit: Mapped[str]
    amount_fen: Mapped[int]
    officer: Mapped[str]
    evidence_sha256: Mapped[str]
    at_ms: Mapped[int]
    demonstration: Mapped[bool]
    reverses: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.number"), unique=True)
    previous: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)


def append(session: Session, posting: Posting) -> LedgerEntry:
    """Append a posting to the chain: one at a time, since each entry's hash covers the one before."""
    hold(session, "ledger")
    last = session.scalar(select(LedgerEntry).order_by(LedgerEntry.number.desc()).limit(1))
    number, previous = (1, GENESIS) if last is None else (last.number + 1, last.hash)
    values = {name: getattr(posting, name) for name in posting.__dataclass_fields__}
    entry = LedgerEntry(number=number, previous=previous, hash=entry_hash(previous, number, posting), **values)
    session.add(entry)
    session.flush()
    return entry


def reverse_case(session: Session, case_id: int, officer: str, at_ms: int) -> list[LedgerEntry]:
    """Reverse whatever stands of a case. Raises ConflictError if an entry has been reversed already."""
    standing = session.scalars(
        select(LedgerEntry).where(LedgerEntry.case_id == case_id, LedgerEntry.kind == EntryKind.ASSESSED)
    ).all()
    reversed_numbers = set(session.scalars(select(LedgerEntry.reverses).where(LedgerEntry.case_id == case_id)).all())
    if any(entry.number in reversed_numbers for entry in standing):
        raise ConflictError(f"case {case_id} has been reversed already")
    return [append(session, reverse(as_posting(entry), entry.number, officer, at_ms)) for entry in standing]


def as_posting(entry: LedgerEntry) -> Posting:
    """Return the value of an entry."""
    return Posting(
        kind=EntryKind(entry.kind),
        case_id=entry.case_id,
        debit=Account(entry.debit),
        credit=Account(entry.credit),
        amount_fen=entry.amount_fen,
        officer=entry.officer,
        evidence_sha256=entry.evidence_sha256,
        at_ms=entry.at_ms,
        demonstration=entry.demonstration,
        reverses=entry.reverses,
    )


def broken_at(session: Session) -> int | None:
    """Walk the chain and return the first entry that does not follow from the one before, None if it is whole."""
    previous = GENESIS
    for position, entry in enumerate(session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)), start=1):
        if entry.number != position or entry.previous != previous:
            return position
        if entry.hash != entry_hash(previous, entry.number, as_posting(entry)):
            return entry.number
        previous = entry.hash
    return None
