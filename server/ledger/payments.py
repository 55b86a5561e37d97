"""Payments and what else becomes of what is owed, a service function a step. The caller checks that who acts may.

Whoever imposed a fine does not collect it (行政处罚法 art. 67); cash on the spot is in server.ledger.cash.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from server.civil_time import beijing_day
from server.db import hold
from server.errors import ConflictError, NotAllowedError, WrongInputError
from server.ledger import book
from server.ledger.accounts import Account
from server.ledger.balances import balances_of, money_of
from server.ledger.bank_matching import Outcome, outcome_of
from server.ledger.case_money import CaseMoney, split_payment, standing
from server.ledger.kinds import EntryKind
from server.ledger.models import IncomingPayment, LedgerEntry
from server.ledger.postings import Basis, Posting, plain_text, post
from server.ledger.references import payment_reference
from server.ledger.refusals import Refusal, refused

K = EntryKind


def posted(
    kind: EntryKind, basis: Basis, amount_fen: int, reference: str | None = None, reason: str | None = None
) -> Posting:
    """Return a posting as `post` does. Raises WrongInputError."""
    try:
        return post(kind, basis, amount_fen, reference, plain_text(reason))
    except ValueError as error:
        raise WrongInputError(*refused(Refusal.NO_POSTING, problems=error)) from error


def take_epay(session: Session, basis: Basis, amount_fen: int, transaction: str) -> list[LedgerEntry]:
    """Book an e-payment; told twice it is booked once. What no case owes goes into suspense."""
    hold(session, "ledger")
    reference = f"epay:{transaction}"
    known = book.of_kinds(session, (K.PAID_EPAY, K.SURCHARGE_PAID_EPAY, K.SUSPENSE_EPAY), [reference])
    if known:
        return known
    outcome = _epay_outcome(session, basis.case_id, amount_fen)
    if outcome is Outcome.MATCHED:
        kinds = (K.PAID_EPAY, K.SURCHARGE_PAID_EPAY)
        made = book.append_all(session, payment(session, basis, amount_fen, reference if transaction else None, kinds))
    else:
        suspended = replace(basis, case_id=None)
        made = [
            book.append(session, posted(K.SUSPENSE_EPAY, suspended, amount_fen, reference if transaction else None))
        ]
    _came(session, basis, amount_fen, reference, outcome)
    return made


def _epay_outcome(session: Session, case_id: int | None, amount_fen: int) -> Outcome:
    """Whoever pays so has named the case and the amount: a part is taken as well, what nobody owes waits."""
    if case_id is None:
        return Outcome.NO_REFERENCE
    found = outcome_of(amount_fen, money_of(session, [case_id])[case_id], ())
    return Outcome.MATCHED if found is Outcome.PARTIAL else found


def _came(session: Session, basis: Basis, amount_fen: int, reference: str, outcome: Outcome) -> None:
    session.add(
        IncomingPayment(
            reference=reference,
            booked_on=beijing_day(basis.at_ms),
            amount_fen=amount_fen,
            remark="" if basis.case_id is None else payment_reference(basis.case_id),
            outcome=outcome,
            waits=outcome is not Outcome.MATCHED,
            case_id=basis.case_id,
        )
    )
    session.flush()


def payment(
    session: Session,
    basis: Basis,
    amount_fen: int,
    reference: str | None,
    kinds: tuple[EntryKind, EntryKind] = (K.PAID_BANK, K.SURCHARGE_PAID_BANK),
) -> list[Posting]:
    """Return the postings of a payment on a case: the fine first, then the surcharge."""
    case_id = basis.case_id or 0
    return split(money_of(session, [case_id])[case_id], basis, amount_fen, reference, kinds)


def split(
    money: CaseMoney,
    basis: Basis,
    amount_fen: int,
    reference: str | None,
    kinds: tuple[EntryKind, EntryKind] = (K.PAID_BANK, K.SURCHARGE_PAID_BANK),
) -> list[Posting]:
    """Return the same for a case whose money is known. Raises WrongInputError where more comes than is owed."""
    try:
        parts = split_payment(money, amount_fen)
    except ValueError as error:
        raise WrongInputError(
            *refused(Refusal.MORE_THAN_OWED, case=basis.case_id, owed=money.owed_fen, found=amount_fen)
        ) from error
    return [posted(kind, basis, part, reference) for kind, part in zip(kinds, parts, strict=True) if part]


def move(session: Session, kind: EntryKind, bases: Sequence[Basis], officer: str) -> list[LedgerEntry]:
    """Settle e-payments with the bank, or hand money to the treasury: all that each case has on the account moved from.

    Cases without money there are passed over.
    """
    source = {K.EPAY_SETTLED: Account.EPAY, K.TO_TREASURY: Account.BANK}[kind]
    hold(session, "ledger")
    held = balances_of(session, [basis.case_id for basis in bases if basis.case_id is not None])
    made = []
    for basis in bases:
        totals = held.get(basis.case_id or 0, {})
        kept = -totals.get(Account.REFUNDS_DUE, 0) if kind is K.TO_TREASURY else 0  # what goes back is not handed on
        amount_fen = totals.get(source, 0) - kept
        if amount_fen > 0:
            made.append(posted(kind, replace(basis, officer=officer), amount_fen, None))
    return book.append_all(session, made)


def decide_otherwise(session: Session, kind: EntryKind, basis: Basis, amount_fen: int, reason: str) -> LedgerEntry:
    """Waive what is owed, or let social service stand for it; with a reason. No more than is owed."""
    if kind not in {K.WAIVED, K.SURCHARGE_WAIVED, K.SERVED_SOCIALLY} or not reason:
        raise WrongInputError(*refused(Refusal.NO_WAIVER, kind=kind, reason=reason))
    return book.append(session, posted(kind, basis, amount_fen, None, reason))


def add_surcharge(session: Session, basis: Basis, amount_fen: int, may_ask_fen: int, reason: str) -> LedgerEntry:
    """Ask for a surcharge, up to what the law lets be asked for today (行政处罚法 art. 72: it may, it need not)."""
    if not reason.strip() or not 0 < amount_fen <= may_ask_fen:
        raise WrongInputError(*refused(Refusal.NO_SURCHARGE, most=may_ask_fen, found=amount_fen))
    return book.append(session, posted(K.SURCHARGE, basis, amount_fen, None, reason))


def refund(session: Session, basis: Basis, reason: str) -> list[LedgerEntry]:
    """Pay a case's refunds due back: from the bank as far as its money lies there, else from the treasury.

    Raises ConflictError where nothing is due, or the money is still on its way to the bank.
    """
    hold(session, "ledger")
    totals = balances_of(session, [basis.case_id or 0])[basis.case_id or 0]
    due_fen = -totals.get(Account.REFUNDS_DUE, 0)
    from_bank = min(due_fen, totals.get(Account.BANK, 0))
    from_treasury = min(due_fen - from_bank, totals.get(Account.TREASURY, 0))
    if due_fen == 0 or from_bank + from_treasury < due_fen:
        why = Refusal.NOTHING_DUE_BACK if due_fen == 0 else Refusal.MONEY_ON_ITS_WAY
        raise ConflictError(*refused(why, case=basis.case_id))
    parts = ((K.REFUNDED, from_bank), (K.REFUNDED_BY_TREASURY, from_treasury))
    return book.append_all(session, [posted(kind, basis, part, None, reason) for kind, part in parts if part])


class DecidedByThemError(NotAllowedError):
    """Whoever imposed a fine would book its payment."""

    words_key = "ledger.decided_by_them"


def not_who_decided(session: Session, case_id: int, who: str) -> None:
    """Hold that whoever imposed a case's fine does not book its payment (art. 67). Raises DecidedByThemError."""
    entries = standing(book.entries_of(session, case_id))
    if any(e.posting.kind is K.ASSESSED and e.posting.officer == who for e in entries):
        raise DecidedByThemError(*refused(Refusal.DECIDED_BY_THEM, who=who, case=case_id))
