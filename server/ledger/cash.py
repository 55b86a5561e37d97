"""On-the-spot cash on its way: officer -> unit -> bank, every step with who and when (行政处罚法 arts. 68, 70, 71).

Each function takes who acts; the caller checks that they may, and how many days the law gives.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.db import hold
from server.errors import ConflictError, NotAllowedError, NotFoundError, WrongInputError
from server.ledger import book
from server.ledger.cash_values import Cash
from server.ledger.kinds import EntryKind
from server.ledger.models import LedgerEntry, OpenCash
from server.ledger.payments import posted
from server.ledger.postings import Basis, Posting
from server.ledger.refusals import Refusal, refused

K = EntryKind
AT_MOST: Final = 5_000
"""Receipts that are looked at at once; cash that is handed in within the law's two days is far less."""


def take_cash(session: Session, basis: Basis, amount_fen: int, receipt: str, limit_fen: int) -> LedgerEntry:
    """Take cash on the spot, up to the law's limit. Raises WrongInputError, ConflictError for a receipt used before."""
    if not 0 < amount_fen <= limit_fen:
        raise WrongInputError(*refused(Refusal.CASH_ABOVE_LIMIT, most=limit_fen, found=amount_fen))
    hold(session, "ledger")
    if book.of_kinds(session, (K.PAID_CASH,), [f"receipt:{receipt}"]):
        raise ConflictError(*refused(Refusal.RECEIPT_GIVEN, receipt=receipt))
    made = book.append(session, posted(K.PAID_CASH, basis, amount_fen, f"receipt:{receipt}" if receipt else None))
    session.add(OpenCash(reference=f"receipt:{receipt}"))
    session.flush()
    return made


def hand_in(session: Session, receipts: Sequence[str], from_officer: str, basis: Basis) -> list[LedgerEntry]:
    """Hand cash in at the unit: ``basis.officer`` receives it from the one who took it."""
    if basis.officer == from_officer:
        raise NotAllowedError(*refused(Refusal.OWN_CASH, officer=from_officer))
    hold(session, "ledger")
    found = _cash(session, receipts)
    others = sorted({cash.receipt for cash in found if cash.officer != from_officer})
    if others:
        raise WrongInputError(*refused(Refusal.ANOTHER_S_RECEIPTS, officer=from_officer, receipts=", ".join(others)))
    moved = [cash.receipt for cash in found if cash.handed_in_at_ms is not None]
    if moved:
        raise ConflictError(*refused(Refusal.HANDED_IN, receipts=", ".join(moved)))
    return book.append_all(session, [_cash_step(K.CASH_HANDED_IN, cash, basis) for cash in found])


def bank_cash(session: Session, receipts: Sequence[str], basis: Basis, deposit_slip: str) -> list[LedgerEntry]:
    """Pay cash into the bank; ``deposit_slip`` is the bank's own number of the deposit."""
    if not deposit_slip:
        raise WrongInputError(*refused(Refusal.NO_SLIP))
    hold(session, "ledger")
    found = _cash(session, receipts)
    wrong = [cash.receipt for cash in found if cash.handed_in_at_ms is None or cash.banked_at_ms is not None]
    if wrong:
        raise ConflictError(*refused(Refusal.NOT_WITH_THE_UNIT, receipts=", ".join(wrong)))
    made = book.append_all(session, [_cash_step(K.CASH_BANKED, c, basis, f"deposit {deposit_slip}") for c in found])
    session.execute(delete(OpenCash).where(OpenCash.reference.in_([entry.reference for entry in made])))
    return made


def _cash_step(kind: EntryKind, cash: Cash, basis: Basis, reason: str | None = None) -> Posting:
    """Each step rests on what the taking rests on; of ``basis`` only who acts and when is looked at."""
    of_case = Basis(cash.case_id, basis.officer, cash.evidence_sha256, basis.at_ms, cash.demonstration)
    return posted(kind, of_case, cash.amount_fen, f"receipt:{cash.receipt}", reason)


def _cash(session: Session, receipts: Sequence[str]) -> list[Cash]:
    wanted = list(dict.fromkeys(receipts))
    if len(wanted) != len(receipts) or not wanted:
        raise WrongInputError(*refused(Refusal.RECEIPTS_TWICE, found=len(receipts), different=len(wanted)))
    known = {cash.receipt: cash for cash in cash_moments(session, wanted)}
    missing = [receipt for receipt in wanted if receipt not in known]
    if missing:
        raise NotFoundError(*refused(Refusal.NO_SUCH_CASH, receipts=", ".join(missing)))
    return [known[receipt] for receipt in wanted]


def cash_moments(session: Session, receipts: Sequence[str] | None = None, limit: int = AT_MOST) -> list[Cash]:
    """Return cash that was taken and stands, with its moments: of these receipts, or what is not banked yet."""
    kinds = (K.PAID_CASH, K.CASH_HANDED_IN, K.CASH_BANKED)
    references = _on_its_way(session, limit) if receipts is None else [f"receipt:{receipt}" for receipt in receipts]
    moves: dict[str, dict[EntryKind, LedgerEntry]] = {}
    for entry in book.standing_of_kinds(session, kinds, references):
        moves.setdefault(entry.reference or "", {})[EntryKind(entry.kind)] = entry
    return [_cash_of(steps) for steps in moves.values() if K.PAID_CASH in steps]


def _on_its_way(session: Session, limit: int) -> list[str]:
    return list(session.scalars(select(OpenCash.reference).order_by(OpenCash.reference).limit(limit)))


def _cash_of(steps: dict[EntryKind, LedgerEntry]) -> Cash:
    taken, handed, banked = steps[K.PAID_CASH], steps.get(K.CASH_HANDED_IN), steps.get(K.CASH_BANKED)
    return Cash(
        receipt=(taken.reference or "").removeprefix("receipt:"),
        case_id=taken.case_id or 0,
        officer=taken.officer,
        amount_fen=taken.amount_fen,
        taken_at_ms=taken.at_ms,
        handed_in_at_ms=None if handed is None else handed.at_ms,
        banked_at_ms=None if banked is None else banked.at_ms,
        evidence_sha256=taken.evidence_sha256,
        demonstration=taken.demonstration,
    )
