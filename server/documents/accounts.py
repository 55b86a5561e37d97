"""What documents about money say: receipts, a party's account, the ledger's statements. Pure; amounts in fen."""

from dataclasses import dataclass
from datetime import date

from server.documents.pieces import Person, Proof, Query
from server.documents.words import Kind


@dataclass(frozen=True, slots=True)
class Receipt:
    """罚款收据. ``official_number`` is that of the treasury's receipt (行政处罚法 art. 70)."""

    payer: str
    decision_number: str
    case_number: str
    amount_fen: int
    surcharge_fen: int
    total_fen: int
    paid_at_ms: int
    means: str
    official_number: str
    taken_by: str
    proof: Proof | None = None

    KIND = Kind.RECEIPT


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One posting on a party's account: what is owed grows with ``debit_fen``, shrinks with ``credit_fen``."""

    at_ms: int
    text: str
    reference: str
    debit_fen: int
    credit_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True)
class PartyAccount:
    """当事人对账单."""

    party: Person
    case_number: str
    decision_number: str
    lines: tuple[AccountLine, ...]
    balance_fen: int
    as_of_ms: int
    query: Query
    proof: Proof | None = None

    KIND = Kind.PARTY_ACCOUNT


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One account of the ledger over a period."""

    account: str
    name: str
    opening_fen: int
    debit_fen: int
    credit_fen: int
    closing_fen: int


@dataclass(frozen=True, slots=True)
class LedgerFigures:
    """The ledger over a period: the trial balance, what was counted, and the head that seals it."""

    first_day: date
    last_day: date
    lines: tuple[LedgerLine, ...]
    debit_total_fen: int
    credit_total_fen: int
    postings: int
    cases: int
    unmatched: int
    head_sha256: str
    prepared_by: str
    checked_by: str


@dataclass(frozen=True, slots=True)
class DailyStatement:
    """罚款账务日报表."""

    figures: LedgerFigures
    proof: Proof | None = None

    KIND = Kind.DAILY_STATEMENT


@dataclass(frozen=True, slots=True)
class MonthlyStatement:
    """罚款账务月报表."""

    figures: LedgerFigures
    proof: Proof | None = None

    KIND = Kind.MONTHLY_STATEMENT
