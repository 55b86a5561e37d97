"""Money that came and belongs to no case yet: what waits and why, and a cashier who says whose it is."""

from dataclasses import dataclass, replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.db import hold
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.ledger import book
from server.ledger.accounts import Account
from server.ledger.balances import balances_of
from server.ledger.bank_matching import Outcome
from server.ledger.kinds import EntryKind
from server.ledger.models import BankLine, LedgerEntry
from server.ledger.payments import not_who_decided, payment, posted
from server.ledger.postings import Basis

K = EntryKind
ASSIGNED = "assigned"
RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An entry of a bank that waits for a cashier: why, and how much of it is still in suspense."""

    bank_id: str
    amount_fen: int
    open_fen: int
    remark: str
    payer_name: str | None
    outcome: Outcome
    case_id: int | None


def unmatched(session: Session, limit: int = 500) -> list[Unmatched]:
    """Return what waits, the oldest first."""
    waits = [outcome for outcome in Outcome if outcome is not Outcome.MATCHED]
    rows = select(BankLine).where(BankLine.outcome.in_(waits)).order_by(BankLine.booked_on, BankLine.bank_id)
    lines = list(session.scalars(rows.limit(limit)))
    open_fen = balances_of(session, [f"bank:{line.bank_id}" for line in lines])
    return [
        Unmatched(
            line.bank_id,
            line.amount_fen,
            -open_fen[f"bank:{line.bank_id}"].get(Account.UNMATCHED, 0),
            line.remark,
            line.payer_name,
            Outcome(line.outcome),
            line.case_id,
        )
        for line in lines
    ]


def assign(session: Session, bank_id: str, basis: Basis, amount_fen: int, reason: str) -> list[LedgerEntry]:
    """Book money in suspense, or a part of it, on the case of ``basis``: a cashier says whose it is, and why.

    Raises NotFoundError, WrongInputError, ConflictError; NotAllowedError for whoever imposed the fine.
    """
    if basis.case_id is None or not reason.strip():
        raise WrongInputError("expected a case, and why the money is its own")
    hold(session, "ledger")
    open_fen = _open(session, bank_id)
    not_who_decided(session, basis.case_id, basis.officer)
    if not 0 < amount_fen <= open_fen:
        raise ConflictError(f"bank entry {bank_id}: expected 1 to {open_fen} fen of it, found {amount_fen}")
    reference, outside = f"bank:{bank_id}", replace(basis, case_id=None)
    matched = posted(K.MATCHED_BANK, outside, amount_fen, reference, reason)
    made = book.append_all(session, [matched, *payment(session, basis, amount_fen, reference)])
    if amount_fen == open_fen:
        _settled(session, bank_id, ASSIGNED)
    return made


def give_back(session: Session, bank_id: str, basis: Basis, reason: str) -> LedgerEntry:
    """Send what is left of an entry in suspense back to who paid it."""
    if not reason.strip():
        raise WrongInputError("expected why the money goes back")
    hold(session, "ledger")
    outside, left = replace(basis, case_id=None), _open(session, bank_id)
    made = book.append(session, posted(K.SUSPENSE_RETURNED, outside, left, f"bank:{bank_id}", reason))
    _settled(session, bank_id, RETURNED)
    return made


def _open(session: Session, bank_id: str) -> int:
    reference = f"bank:{bank_id}"
    open_fen = -balances_of(session, [reference])[reference].get(Account.UNMATCHED, 0)
    if open_fen <= 0:
        raise NotFoundError(f"bank entry {bank_id}: nothing of it is in suspense")
    return open_fen


def _settled(session: Session, bank_id: str, outcome: str) -> None:
    """The payer's name has done its service."""
    session.execute(update(BankLine).where(BankLine.bank_id == bank_id).values(outcome=outcome, payer_name=None))
