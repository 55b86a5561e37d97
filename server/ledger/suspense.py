"""Money that came and belongs to no case yet: what waits and why, and a cashier who says whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.db import hold
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.ledger import book
from server.ledger.accounts import Account
from server.ledger.balances import balances_of
from server.ledger.bank_matching import Outcome
from server.ledger.incoming import kinds_of
from server.ledger.models import IncomingPayment, LedgerEntry
from server.ledger.payments import not_who_decided, payment, posted
from server.ledger.postings import Basis
from server.ledger.refusals import Refusal, refused
from server.parties.service import By, checked_reason
from server.secrets_box import SecretsBox

ASSIGNED: Final = "assigned"
RETURNED: Final = "returned"
AT_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Money that waits for a cashier: why, and how much of it is still in suspense. ``booked_on``: when it came."""

    reference: str
    booked_on: date
    amount_fen: int
    open_fen: int
    remark: str
    outcome: Outcome
    case_id: int | None


def unmatched(session: Session, limit: int = AT_MOST) -> list[Unmatched]:
    """Return what waits, the oldest first."""
    rows = select(IncomingPayment).where(IncomingPayment.waits)
    ordered = rows.order_by(IncomingPayment.booked_on, IncomingPayment.reference)
    lines = list(session.scalars(ordered.limit(limit)))
    open_fen = balances_of(session, [line.reference for line in lines])
    return [
        Unmatched(
            line.reference,
            line.booked_on,
            line.amount_fen,
            -open_fen[line.reference].get(Account.UNMATCHED, 0),
            line.remark,
            Outcome(line.outcome),
            line.case_id,
        )
        for line in lines
    ]


def waiting(session: Session) -> int:
    """Count what waits, by an index that holds nothing else."""
    return session.scalar(select(func.count()).where(IncomingPayment.waits)) or 0


def assign(session: Session, reference: str, basis: Basis, amount_fen: int, reason: str) -> list[LedgerEntry]:
    """Book money in suspense, or a part of it, on the case of ``basis``: a cashier says whose it is, and why.

    ``reference``: ``bank:ID`` or ``epay:ID``. Raises NotFoundError, WrongInputError, ConflictError; NotAllowedError
    for whoever imposed the fine.
    """
    if basis.case_id is None or not reason.strip():
        raise WrongInputError(*refused(Refusal.WHOSE_MONEY))
    hold(session, "ledger")
    kinds, open_fen = kinds_of(reference), _open(session, reference)
    not_who_decided(session, basis.case_id, basis.officer)
    if not 0 < amount_fen <= open_fen:
        raise ConflictError(*refused(Refusal.NOT_SO_MUCH_OF_IT, reference=reference, most=open_fen, found=amount_fen))
    matched = posted(kinds.matched, replace(basis, case_id=None), amount_fen, reference, reason)
    made = book.append_all(session, [matched, *payment(session, basis, amount_fen, reference, kinds.paid)])
    if amount_fen == open_fen:
        _settled(session, reference, ASSIGNED)
    return made


def give_back(session: Session, reference: str, basis: Basis, reason: str) -> LedgerEntry:
    """Send what is left in suspense of a payment back to who paid it."""
    if not reason.strip():
        raise WrongInputError(*refused(Refusal.WHY_BACK))
    hold(session, "ledger")
    kinds, left = kinds_of(reference), _open(session, reference)
    made = book.append(session, posted(kinds.returned, replace(basis, case_id=None), left, reference, reason))
    _settled(session, reference, RETURNED)
    return made


def payer_name(session: Session, box: SecretsBox, reference: str, by: By) -> str:
    """Return who paid, as the bank named them; the reason is noted before it opens (PIPL art. 51).

    Raises NotFoundError where none is kept, WrongInputError for no reason.
    """
    reason = checked_reason(by.reason, "opening a payer's name")
    audit.record(session, by.at_ms, by.who, "ledger.open.payer", None, f"{reference}: {reason}")
    session.flush()
    return sealed_values.opened(session, box, _line(session, reference).payer_of).decode()


def evidence_of(session: Session, reference: str) -> tuple[str, bool]:
    """Return what money in suspense rests on, and whether it is a demonstration's. Raises NotFoundError."""
    rows = select(LedgerEntry.evidence_sha256, LedgerEntry.demonstration)
    found = session.execute(
        rows.where(LedgerEntry.reference == reference, LedgerEntry.kind == kinds_of(reference).suspended).limit(1)
    ).one_or_none()
    if found is None:
        raise NotFoundError(*refused(Refusal.NOTHING_IN_SUSPENSE, reference=reference))
    return found.evidence_sha256, found.demonstration


def _line(session: Session, reference: str) -> IncomingPayment:
    found = session.get(IncomingPayment, reference)
    if found is None:
        raise NotFoundError(*refused(Refusal.NO_MONEY, reference=reference[:80]))
    return found


def _open(session: Session, reference: str) -> int:
    open_fen = -balances_of(session, [reference])[reference].get(Account.UNMATCHED, 0)
    if open_fen <= 0:
        raise NotFoundError(*refused(Refusal.NOTHING_IN_SUSPENSE, reference=reference))
    return open_fen


def _settled(session: Session, reference: str, outcome: str) -> None:
    """The payer's name has done its service."""
    line = IncomingPayment.reference == reference
    session.execute(update(IncomingPayment).where(line).values(outcome=outcome, waits=False))
    sealed_values.forget(session, f"{reference}/payer")


def with_payer(session: Session, references: Sequence[str]) -> frozenset[str]:
    """Return for which of these a payer's name is kept."""
    names = [f"{reference}/payer" for reference in references]
    kept = select(sealed_values.SealedValue.of).where(sealed_values.SealedValue.of.in_(names))
    return frozenset(of.removesuffix("/payer") for of in session.scalars(kept))
