"""A period's statement as its document says it (server.documents): trial balance, counts, the head that seals it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.civil_time import day_ends_ms
from server.documents.accounts import DailyStatement, LedgerFigures, LedgerLine, MonthlyStatement
from server.ledger import suspense
from server.ledger.accounts import ACCOUNTS
from server.ledger.models import LedgerEntry, LedgerHead
from server.ledger.statements import PeriodStatement

DAY_MS = 86_400_000


def statement_said(session: Session, told: PeriodStatement, prepared_by: str) -> DailyStatement | MonthlyStatement:
    """Return the document of a day, or of a month. Who checks it signs on paper."""
    figures = LedgerFigures(
        first_day=told.first,
        last_day=told.last,
        lines=tuple(
            LedgerLine(a.account, ACCOUNTS[a.account].zh, a.opening_fen, a.debit_fen, a.credit_fen, a.closing_fen)
            for a in told.accounts
        ),
        debit_total_fen=sum(a.debit_fen for a in told.accounts),
        credit_total_fen=sum(a.credit_fen for a in told.accounts),
        postings=sum(moved.entries for moved in told.movements),
        cases=_cases(session, told),
        unmatched=suspense.waiting(session),
        head_sha256=told.head_root or "—",
        prepared_by=prepared_by,
        checked_by="",
    )
    return DailyStatement(figures) if told.first == told.last else MonthlyStatement(figures)


def _cases(session: Session, told: PeriodStatement) -> int:
    """Count the cases that were touched: a published head closes its day, so it bounds which entries are looked at."""
    before = select(LedgerHead.size).where(LedgerHead.day < told.first).order_by(LedgerHead.day.desc()).limit(1)
    behind = select(LedgerHead.size).where(LedgerHead.day >= told.last).order_by(LedgerHead.day).limit(1)
    from_ms, to_ms = day_ends_ms(told.first) - DAY_MS, day_ends_ms(told.last)
    touched = select(func.count(LedgerEntry.case_id.distinct())).where(
        LedgerEntry.number > (session.scalar(before) or 0),
        LedgerEntry.at_ms >= from_ms,
        LedgerEntry.at_ms < to_ms,
        LedgerEntry.demonstration == told.demonstration,
    )
    last = session.scalar(behind)
    return session.scalar(touched if last is None else touched.where(LedgerEntry.number <= last)) or 0
