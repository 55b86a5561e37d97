"""Postings in integer fen, balanced by construction and reversed rather than edited. Pure.

A posting moves an amount from one account to another: what is debited is credited, so no posting can be out of
balance. An entry's hash covers the one before it, so yesterday cannot be rewritten unseen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from contract.seal import canonical_bytes

GENESIS = "0" * 64


class Account(StrEnum):
    """The accounts. ``fines_receivable`` is what parties owe; ``fines_assessed`` what decisions have imposed."""

    FINES_RECEIVABLE = "fines_receivable"
    FINES_ASSESSED = "fines_assessed"


class EntryKind(StrEnum):
    """Why an entry was made."""

    ASSESSED = "assessed"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement of money, with what it rests on. ``amount_fen`` is positive."""

    kind: EntryKind
    case_id: int
    debit: Account
    credit: Account
    amount_fen: int
    officer: str
    evidence_sha256: str
    at_ms: int
    demonstration: bool
    reverses: int | None = None

    def __post_init__(self) -> None:
        if self.amount_fen <= 0:
            raise ValueError(f"expected a positive amount in fen, found {self.amount_fen}")
        if self.debit is self.credit:
            raise ValueError(f"expected two accounts, found {self.debit} twice")


@dataclass(frozen=True, slots=True)
class Basis:
    """Who acts, when, and on which evidence."""

    case_id: int
    officer: str
    evidence_sha256: str
    at_ms: int
    demonstration: bool


def assess(basis: Basis, amount_fen: int) -> Posting:
    """A decision imposes a fine: the party owes it."""
    return Posting(
        kind=EntryKind.ASSESSED,
        case_id=basis.case_id,
        debit=Account.FINES_RECEIVABLE,
        credit=Account.FINES_ASSESSED,
        amount_fen=amount_fen,
        officer=basis.officer,
        evidence_sha256=basis.evidence_sha256,
        at_ms=basis.at_ms,
        demonstration=basis.demonstration,
    )


def reverse(posting: Posting, number: int, officer: str, at_ms: int) -> Posting:
    """Undo entry ``number`` by its opposite. Raises ValueError for an entry that is itself a reversal."""
    if posting.kind is EntryKind.REVERSED:
        raise ValueError(f"entry {number} is a reversal; expected the entry that it reverses")
    return replace(
        posting,
        kind=EntryKind.REVERSED,
        debit=posting.credit,
        credit=posting.debit,
        officer=officer,
        at_ms=at_ms,
        reverses=number,
    )


def entry_hash(previous: str, number: int, posting: Posting) -> str:
    """Return the hash that chains an entry to the one before it (RFC 8785 form, SHA-256)."""
    body = {name: getattr(posting, name) for name in posting.__dataclass_fields__}
    return sha256(canonical_bytes({"previous": previous, "number": number, **body})).hexdigest()


def balances(postings: Iterable[Posting]) -> dict[Account, int]:
    """Return each account's balance in fen, debits positive; their sum is zero."""
    totals = dict.fromkeys(Account, 0)
    for posting in postings:
        totals[posting.debit] += posting.amount_fen
        totals[posting.credit] -= posting.amount_fen
    return totals
