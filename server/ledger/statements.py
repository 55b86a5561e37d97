"""The values of statements: trial balance, a party's, a day's or a month's. Frozen, for pages, PDF and XLSX alike.

Everything but a party's lines comes from the daily sums. Real money and demonstrations never stand in one sum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger import sums
from server.ledger.accounts import Account
from server.ledger.balances import money_of
from server.ledger.case_money import CaseMoney
from server.ledger.cash import cash_moments
from server.ledger.cash_values import Cash
from server.ledger.heads import newest
from server.ledger.kinds import EntryKind
from server.ledger.models import LedgerEntry
from server.ledger.sums import Movement
from server.ledger.suspense import Unmatched, unmatched

FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account over a span of days, in fen; balances are debits less credits."""

    account: Account
    opening_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def closing_fen(self) -> int:
        """Return the balance at the end of the last day."""
        return self.opening_fen + self.debit_fen - self.credit_fen


@dataclass(frozen=True, slots=True)
class PeriodStatement:
    """A day's or a month's statement, first and last day counted. ``head_*``: the newest head up to its end."""

    first: date
    last: date
    demonstration: bool
    accounts: tuple[AccountLine, ...]
    movements: tuple[Movement, ...]
    unmatched: tuple[Unmatched, ...]
    cash_on_its_way: tuple[Cash, ...]
    head_day: date | None
    head_size: int | None
    head_root: str | None

    @property
    def balanced(self) -> bool:
        """Tell whether debits and credits are the same, before, within and after."""
        debits, credits_ = (sum(getattr(line, side) for line in self.accounts) for side in ("debit_fen", "credit_fen"))
        return debits == credits_ and sum(line.opening_fen for line in self.accounts) == 0


@dataclass(frozen=True, slots=True)
class PartyLine:
    """One entry of a party's case: what it did to what is owed, and what is owed after it."""

    number: int
    case_id: int
    at_ms: int
    kind: EntryKind
    owed_change_fen: int
    amount_fen: int
    owed_after_fen: int


@dataclass(frozen=True, slots=True)
class PartyStatement:
    """What became of the money of a party's cases."""

    case_ids: tuple[int, ...]
    lines: tuple[PartyLine, ...]
    owed_fen: int
    paid_fen: int
    refund_due_fen: int


def trial_balance(session: Session, last: date, *, demonstration: bool = False) -> tuple[AccountLine, ...]:
    """Return every account at the end of a day."""
    return _account_lines([], sums.movements(session, FIRST_DAY, last, demonstration=demonstration))


def period(session: Session, first: date, last: date, *, demonstration: bool = False) -> PeriodStatement:
    """Return the statement of a span of days. What waits is told as it stands now."""
    before = sums.movements(session, FIRST_DAY, first - timedelta(days=1), demonstration=demonstration)
    within = sums.movements(session, first, last, demonstration=demonstration)
    head = next(iter(newest(session, last + timedelta(days=1), 1)), None)
    return PeriodStatement(
        first=first,
        last=last,
        demonstration=demonstration,
        accounts=_account_lines(before, within),
        movements=tuple(within),
        unmatched=tuple(unmatched(session)),
        cash_on_its_way=tuple(cash_moments(session)),
        head_day=None if head is None else head.day,
        head_size=None if head is None else head.size,
        head_root=None if head is None else head.root,
    )


def day(session: Session, of: date, *, demonstration: bool = False) -> PeriodStatement:
    """Return a day's statement."""
    return period(session, of, of, demonstration=demonstration)


def month(session: Session, year: int, number: int, *, demonstration: bool = False) -> PeriodStatement:
    """Return a month's statement."""
    first = date(year, number, 1)
    last = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    return period(session, first, last, demonstration=demonstration)


def _account_lines(before: Iterable[Movement], within: Iterable[Movement]) -> tuple[AccountLine, ...]:
    opening = dict.fromkeys(Account, 0)
    debit, credit = dict.fromkeys(Account, 0), dict.fromkeys(Account, 0)
    for moved in before:
        opening[moved.debit] += moved.amount_fen
        opening[moved.credit] -= moved.amount_fen
    for moved in within:
        debit[moved.debit] += moved.amount_fen
        credit[moved.credit] += moved.amount_fen
    return tuple(AccountLine(account, opening[account], debit[account], credit[account]) for account in Account)


def party(session: Session, case_ids: Sequence[int]) -> PartyStatement:
    """Return the statement over a party's cases, by number of the entry."""
    rows = select(LedgerEntry).where(LedgerEntry.case_id.in_(case_ids)).order_by(LedgerEntry.number)
    owed_fen, lines = 0, []
    for entry in session.scalars(rows):
        change = _owed_change(entry)
        owed_fen += change
        case_id = entry.case_id or 0
        kind = EntryKind(entry.kind)
        lines.append(PartyLine(entry.number, case_id, entry.at_ms, kind, change, entry.amount_fen, owed_fen))
    money: Sequence[CaseMoney] = list(money_of(session, case_ids).values())
    return PartyStatement(
        tuple(case_ids),
        tuple(lines),
        sum(m.owed_fen for m in money),
        sum(m.paid_fen for m in money),
        sum(m.refund_due_fen for m in money),
    )


def _owed_change(entry: LedgerEntry) -> int:
    owed = (Account.FINES_RECEIVABLE, Account.SURCHARGE_RECEIVABLE)
    return entry.amount_fen * ((entry.debit in owed) - (entry.credit in owed))
