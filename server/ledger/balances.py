"""Balances by case, straight from the entries by index: a case has few, so their sum is always right and soon there."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.ledger.accounts import Account
from server.ledger.case_money import CaseMoney, case_money
from server.ledger.models import LedgerEntry
from server.ledger.postings import Posting

T = TypeVar("T")
Scope = int | str
"""A case's id; or, of money in suspense, the reference by which it came."""
AT_ONCE: Final = 5_000
"""Values in one IN: PostgreSQL takes 65,535 parameters."""


def scope_of(posting: Posting) -> Scope:
    """Return what a posting's balance belongs to."""
    return posting.case_id if posting.case_id is not None else posting.reference or ""


def balances_of(session: Session, scopes: Iterable[Scope]) -> dict[Scope, dict[Account, int]]:
    """Return the balances of cases and of references in suspense: debits less credits, in fen."""
    found: dict[Scope, dict[Account, int]] = {scope: {} for scope in scopes}
    cases = [scope for scope in found if isinstance(scope, int)]
    references = [scope for scope in found if isinstance(scope, str)]
    for part in parts_of(cases):
        _read(session, LedgerEntry.case_id, LedgerEntry.case_id.in_(part), found)
    for names in parts_of(references):
        of_these = LedgerEntry.reference.in_(names) & LedgerEntry.case_id.is_(None)
        _read(session, LedgerEntry.reference, of_these, found)
    return found


def _read(
    session: Session,
    of: InstrumentedAttribute[Any],
    where: ColumnElement[bool],
    into: dict[Scope, dict[Account, int]],
) -> None:
    by = (of, LedgerEntry.debit, LedgerEntry.credit)
    rows = select(*by, func.sum(LedgerEntry.amount_fen)).where(where).group_by(*by)
    for scope, debit, credit, amount in session.execute(rows):
        totals = into[scope]
        totals[Account(debit)] = totals.get(Account(debit), 0) + int(amount)
        totals[Account(credit)] = totals.get(Account(credit), 0) - int(amount)


def money_of(session: Session, case_ids: Sequence[int]) -> dict[int, CaseMoney]:
    """Return what each case owes, has paid and is owed back."""
    found = balances_of(session, case_ids)
    assessed = _ever_assessed(session, case_ids)
    return {case: case_money(found[case], ever_assessed=case in assessed) for case in case_ids}


def _ever_assessed(session: Session, case_ids: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for part in parts_of(case_ids):
        rows = select(LedgerEntry.case_id).where(LedgerEntry.case_id.in_(part), LedgerEntry.kind == "assessed")
        found.update(case for case in session.scalars(rows) if case is not None)
    return found


def parts_of(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield values in as many as one IN takes."""
    for at in range(0, len(values), AT_ONCE):
        yield values[at : at + AT_ONCE]
