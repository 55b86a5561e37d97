"""Postings in integer fen, balanced by construction and reversed rather than edited. Pure.

A posting moves an amount from one account to another: what is debited is credited, so no posting can be out of
balance, and each kind has one lawful pair. An entry's hash covers the one before it, so yesterday cannot be rewritten
unseen.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from contract.seal import canonical_bytes
from server.ledger.accounts import Account
from server.ledger.kinds import NEEDS_REFERENCE, PAIRS, WITHOUT_CASE, EntryKind, lawful_pairs

GENESIS: Final = "0" * 64
AMOUNT_MAX_FEN: Final = 10**13
"""100 billion yuan: far above any fine, far below what canonical JSON still spells exactly (2**53)."""
TEXT_MAX: Final = 500
NO_TEXT: Final = frozenset({"Cc", "Cs"})
"""Unicode's control characters and lone surrogates."""
_LAWFUL: Final = lawful_pairs()


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement of money, with what it rests on. ``amount_fen`` is positive; ``case_id`` None: in suspense.

    ``reference`` names the receipt, bank entry or transaction (``receipt:NO``, ``bank:ID``, ``epay:ID``); ``reason`` is
    what a person gave for it.
    """

    kind: EntryKind
    case_id: int | None
    debit: Account
    credit: Account
    amount_fen: int
    officer: str
    evidence_sha256: str
    at_ms: int
    demonstration: bool
    reverses: int | None = None
    reference: str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        problems = posting_problems(self)
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True)
class Basis:
    """Who acts, when, and on which evidence: a manifest, or the file of a bank. ``case_id`` None: in suspense."""

    case_id: int | None
    officer: str
    evidence_sha256: str
    at_ms: int
    demonstration: bool


ADDED_LATER: Final = ("reference", "reason")
"""Fields that are in the hash only where they say something: entries of before keep their hash."""


def posting_problems(posting: Posting) -> list[str]:
    """Return what keeps a posting from being one."""
    kind, found = posting.kind, []
    if not 0 < posting.amount_fen <= AMOUNT_MAX_FEN:
        found.append(f"expected a positive amount in fen up to {AMOUNT_MAX_FEN}, found {posting.amount_fen}")
    if posting.debit is posting.credit:
        found.append(f"expected two accounts, found {posting.debit} twice")
    elif (kind, posting.debit, posting.credit) not in _LAWFUL:
        found.append(f"expected the pair of {kind}, found debit {posting.debit}, credit {posting.credit}")
    if (kind is EntryKind.REVERSED) != (posting.reverses is not None):
        found.append(f"expected a reversal, and it alone, to name an entry; found {kind} of {posting.reverses}")
    if kind is not EntryKind.REVERSED and (posting.case_id is None) != (kind in WITHOUT_CASE):
        found.append(f"{kind} with case {posting.case_id}: only money in suspense has no case")
    found += [f"{name}: expected plain text of at most {TEXT_MAX} letters" for name in _texts_that_are_none(posting)]
    found += [f"{n}: expected text or nothing, found an empty one" for n in ADDED_LATER if getattr(posting, n) == ""]
    if kind in NEEDS_REFERENCE and not posting.reference:
        found.append(f"{kind} needs a reference: the receipt's number, the bank's or the payment service's own id")
    return found


def plain_text(said: str | None) -> str | None:
    """Return what a person wrote as one plain line, cut to what an entry holds; None for nothing."""
    line = " ".join((said or "").split())
    return "".join(letter for letter in line if unicodedata.category(letter) not in NO_TEXT)[:TEXT_MAX].strip() or None


def _texts_that_are_none(posting: Posting) -> list[str]:
    """A database that keeps NUL as something else would break the chain, so no control character comes in."""
    texts = {name: getattr(posting, name) for name in ("officer", "evidence_sha256", "reference", "reason")}
    return [
        name
        for name, value in texts.items()
        if value is not None and (len(value) > TEXT_MAX or any(unicodedata.category(c) in NO_TEXT for c in value))
    ]


def post(
    kind: EntryKind, basis: Basis, amount_fen: int, reference: str | None = None, reason: str | None = None
) -> Posting:
    """Return a posting of a kind, with its one pair of accounts. Raises ValueError with every problem."""
    if kind not in PAIRS:
        raise ValueError(f"expected a kind with a pair of its own, found {kind}: use `reverse`")
    debit, credit = PAIRS[kind]
    return Posting(
        kind=kind,
        case_id=basis.case_id,
        debit=debit,
        credit=credit,
        amount_fen=amount_fen,
        officer=basis.officer,
        evidence_sha256=basis.evidence_sha256,
        at_ms=basis.at_ms,
        demonstration=basis.demonstration,
        reference=reference,
        reason=reason,
    )


def assess(basis: Basis, amount_fen: int) -> Posting:
    """A decision imposes a fine: the party owes it."""
    return post(EntryKind.ASSESSED, basis, amount_fen)


def reverse(posting: Posting, number: int, officer: str, at_ms: int, reason: str | None = None) -> Posting:
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
        reason=reason,
    )


def entry_hash(previous: str, number: int, posting: Posting) -> str:
    """Return the hash that chains an entry to the one before it (RFC 8785 form, SHA-256)."""
    body = {name: getattr(posting, name) for name in posting.__dataclass_fields__}
    said = {name: value for name, value in body.items() if value is not None or name not in ADDED_LATER}
    return sha256(canonical_bytes({"previous": previous, "number": number, **said})).hexdigest()


def balances(postings: Iterable[Posting]) -> dict[Account, int]:
    """Return each account's balance in fen, debits positive; their sum is zero."""
    totals = dict.fromkeys(Account, 0)
    for posting in postings:
        totals[posting.debit] += posting.amount_fen
        totals[posting.credit] -= posting.amount_fen
    return totals
