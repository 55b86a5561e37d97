"""The payments of a case that stand, each with the receipt that was issued for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.documents.models import Document
from server.documents.words import Kind
from server.errors import ConflictError, NotFoundError
from server.ledger import book
from server.ledger.case_money import Numbered, standing
from server.ledger.kinds import PAYMENTS, EntryKind

SURCHARGES: Final = frozenset({EntryKind.SURCHARGE_PAID_BANK, EntryKind.SURCHARGE_PAID_EPAY})
DESK_KINDS: Final = (Kind.RECEIPT, Kind.PARTY_ACCOUNT)
"""What the ledger's desk prints of a case."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment by its reference (``receipt:NO``, ``bank:ID``, ``epay:ID``), and its receipt, None so far."""

    reference: str
    entries: tuple[Numbered, ...]
    receipt: Document | None

    @property
    def total_fen(self) -> int:
        """Return how much came."""
        return sum(entry.posting.amount_fen for entry in self.entries)

    @property
    def surcharge_fen(self) -> int:
        """Return how much of it went to the surcharge."""
        return sum(e.posting.amount_fen for e in self.entries if e.posting.kind in SURCHARGES)

    @property
    def at_ms(self) -> int:
        """Return when it was booked."""
        return self.entries[0].posting.at_ms


def payments_of(session: Session, case_id: int) -> list[Payment]:
    """Return the payments of a case that nobody has reversed, the oldest first."""
    found: dict[str, list[Numbered]] = {}
    for entry in standing(book.entries_of(session, case_id)):
        if entry.posting.kind in PAYMENTS:
            found.setdefault(entry.posting.reference or "", []).append(entry)
    rows = select(Document).where(Document.case_id == case_id, Document.kind == Kind.RECEIPT).order_by(Document.id)
    receipts = {row.about: row for row in session.scalars(rows)}
    return [Payment(name, tuple(entries), receipts.get(name)) for name, entries in found.items()]


def without_receipt(session: Session, case_id: int, number: str, reference: str) -> Payment:
    """Return a payment that has no receipt yet. Raises NotFoundError (no such payment), ConflictError (it has one)."""
    found = next((p for p in payments_of(session, case_id) if p.reference == reference), None)
    if found is None:
        raise NotFoundError(
            f"{number}: no payment that stands has the reference {reference[:64]!r}",
            f"{number}：没有凭据为“{reference[:64]}”的有效缴款",
        )
    if found.receipt is not None:
        raise ConflictError(
            f"{reference[:64]} has the receipt {found.receipt.number}: print that one again",
            f"{reference[:64]} 已出具收据 {found.receipt.number}：请重新打印该收据",
        )
    return found


def papers_of(session: Session, case_id: int) -> Sequence[Document]:
    """Return a case's receipts and accounts, the newest first: what the ledger's desk may print again."""
    rows = select(Document).where(Document.case_id == case_id, Document.kind.in_(DESK_KINDS))
    return session.scalars(rows.order_by(Document.id.desc()).limit(50)).all()
