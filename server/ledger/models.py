"""The ledger's tables. Triggers hold that entries, nodes, heads, agreements and bank files are appended only."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.ledger.kinds import WITHOUT_CASE, EntryKind

_SUSPENSE = ", ".join(f"'{kind.value}'" for kind in sorted(WITHOUT_CASE))
_ONCE = text(f"kind = '{EntryKind.PAID_CASH.value}'")
_WAITS = text("waits")
_REFERRED = text("reference IS NOT NULL")


class LedgerPair(Base):
    """The one lawful pair of accounts of each kind, for the foreign key; nobody can add to it but a migration."""

    __tablename__ = "ledger_pairs"

    kind: Mapped[str] = mapped_column(primary_key=True)
    debit: Mapped[str] = mapped_column(primary_key=True)
    credit: Mapped[str] = mapped_column(primary_key=True)


class LedgerEntry(Base):
    """One posting as it was appended. A trigger holds that a reversal is the opposite of what it reverses."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="positive"),
        CheckConstraint("debit != credit", name="two_accounts"),
        CheckConstraint("(kind = 'reversed') = (reverses IS NOT NULL)", name="reversal"),
        CheckConstraint(f"kind = 'reversed' OR (case_id IS NULL) = (kind IN ({_SUSPENSE}))", name="suspense"),
        ForeignKeyConstraint(
            ["kind", "debit", "credit"], ["ledger_pairs.kind", "ledger_pairs.debit", "ledger_pairs.credit"]
        ),
        Index("ix_ledger_entries_reference", "reference", sqlite_where=_REFERRED, postgresql_where=_REFERRED),
        Index("ix_ledger_entries_once", "kind", "reference", unique=True, sqlite_where=_ONCE, postgresql_where=_ONCE),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    debit: Mapped[str]
    credit: Mapped[str]
    amount_fen: Mapped[int]
    officer: Mapped[str]
    evidence_sha256: Mapped[str]
    at_ms: Mapped[int]
    demonstration: Mapped[bool]
    reverses: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.number"), unique=True)
    reference: Mapped[str | None]
    reason: Mapped[str | None]
    previous: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)


class LedgerNode(Base):
    """A perfect subtree of level 1 and more (server.ledger.tree); level 0 follows from the entries' hashes. Hex."""

    __tablename__ = "ledger_nodes"

    level: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]


class LedgerDaySum(Base):
    """What was posted on one day (Beijing) of one kind and pair: a month is a sum over hundreds of rows."""

    __tablename__ = "ledger_day_sums"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    debit: Mapped[str] = mapped_column(primary_key=True)
    credit: Mapped[str] = mapped_column(primary_key=True)
    demonstration: Mapped[bool] = mapped_column(primary_key=True)
    entries: Mapped[int]
    amount_fen: Mapped[int]


class LedgerHead(Base):
    """A day's published head. ``sealed``: the signed message; the other columns repeat what it says."""

    __tablename__ = "ledger_heads"

    day: Mapped[date] = mapped_column(primary_key=True)
    size: Mapped[int]
    root: Mapped[str]
    chain: Mapped[str]
    made_at_ms: Mapped[int]
    sealed: Mapped[str]


class BankFile(Base):
    """A file of a bank, or of the payment service, that was imported, by the hash of its bytes."""

    __tablename__ = "bank_files"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    source: Mapped[str] = mapped_column(server_default="bank")
    lines: Mapped[int]
    imported_by: Mapped[str]
    at_ms: Mapped[int]


class IncomingPayment(Base):
    """Money that came by a bank or the payment service, by its own id there; ``outcome`` is what was made of it.

    ``waits``: some of it still belongs to nobody. So long the payer's name is kept under seal (``REFERENCE/payer``), so
    that a cashier can find whose it is.
    """

    __tablename__ = "incoming_payments"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="positive"),
        Index("ix_incoming_payments_file_sha256", "file_sha256", "outcome", "reference"),
        Index("ix_incoming_payments_waits", "booked_on", "reference", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    reference: Mapped[str] = mapped_column(primary_key=True)
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("bank_files.sha256"))
    booked_on: Mapped[date]
    amount_fen: Mapped[int]
    remark: Mapped[str]
    outcome: Mapped[str]
    waits: Mapped[bool]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))

    @property
    def payer_of(self) -> str:
        """Return the name under which the payer's name is sealed."""
        return f"{self.reference}/payer"


class LedgerCheck(Base):
    """A walk over the whole chain, once for each published head; ``broken_at`` None: it is whole."""

    __tablename__ = "ledger_checks"

    day: Mapped[date] = mapped_column(primary_key=True)
    size: Mapped[int]
    broken_at: Mapped[int | None]
    fits_head: Mapped[bool]
    at_ms: Mapped[int]
    took_ms: Mapped[int]


class OpenCash(Base):
    """A receipt of cash that is not in the bank yet: a list of what to look at, so that no page walks all receipts.

    What is true of it stands in the entries.
    """

    __tablename__ = "open_cash"

    reference: Mapped[str] = mapped_column(primary_key=True)


class PaymentAgreement(Base):
    """A deferral or instalments that were granted (行政处罚法 art. 66). The newest of a case is in force."""

    __tablename__ = "payment_agreements"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    total_fen: Mapped[int]
    granted_by: Mapped[str]
    reason: Mapped[str]
    at_ms: Mapped[int]


class AgreementDue(Base):
    """One part of an agreement: how much is due on which day."""

    __tablename__ = "agreement_dues"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="positive"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("payment_agreements.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    amount_fen: Mapped[int]
