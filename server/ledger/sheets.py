"""Statements as XLSX (XlsxWriter): the same bytes for the same values. Texts are written as text, never as formulas."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from server.civil_time import beijing
from server.ledger.accounts import ACCOUNTS
from server.ledger.statements import PartyStatement, PeriodStatement

MADE: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The time that every file says it was made: XlsxWriter would write the clock's."""
MONEY: Final = "#,##0.00;[Red]-#,##0.00"
Cell = str | int | float
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def period_sheet(statement: PeriodStatement) -> bytes:
    """Return a day's or month's statement as a workbook of four sheets."""
    title = f"{statement.first} 至 {statement.last}" + ("（演示 demonstration）" if statement.demonstration else "")
    accounts: list[list[Cell]] = [
        [ACCOUNTS[a.account].zh, a.account, *map(_yuan, (a.opening_fen, a.debit_fen, a.credit_fen, a.closing_fen))]
        for a in statement.accounts
    ]
    moved: list[list[Cell]] = [[m.kind, m.debit, m.credit, m.entries, _yuan(m.amount_fen)] for m in statement.movements]
    waits: list[list[Cell]] = [
        [u.reference, _yuan(u.amount_fen), _yuan(u.open_fen), u.outcome, u.remark] for u in statement.unmatched
    ]
    cash: list[list[Cell]] = [
        [c.receipt, c.officer, _yuan(c.amount_fen), _moment(c.taken_at_ms), _moment(c.handed_in_at_ms)]
        for c in statement.cash_on_its_way
    ]
    head = f"{statement.head_day} {statement.head_size} {statement.head_root}" if statement.head_root else "—"
    return _workbook(
        [
            ("科目余额", title, ["科目", "account", "期初", "借方", "贷方", "期末"], accounts),
            ("发生额", f"{title}  账簿摘要 {head}", ["类别 kind", "借 debit", "贷 credit", "笔数", "金额"], moved),
            ("待核对款项", title, ["银行流水号", "金额", "未核对", "原因", "附言"], waits),
            ("未缴存现金", title, ["收据号", "执法人员", "金额", "收取", "交至单位"], cash),
        ]
    )


def party_sheet(statement: PartyStatement) -> bytes:
    """Return a party's statement as a workbook of one sheet."""
    owed = _yuan(statement.owed_fen), _yuan(statement.paid_fen), _yuan(statement.refund_due_fen)
    title = "尚欠 {:.2f} 元，已缴 {:.2f} 元，应退 {:.2f} 元".format(*owed)
    lines: list[list[Cell]] = [
        [line.number, line.case_id, _moment(line.at_ms), line.kind, _yuan(line.amount_fen), _yuan(line.owed_after_fen)]
        for line in statement.lines
    ]
    return _workbook([("对账单", title, ["序号", "案件", "时间", "类别 kind", "金额", "尚欠"], lines)])


def _workbook(sheets: Sequence[tuple[str, str, list[str], list[list[Cell]]]]) -> bytes:
    into = BytesIO()
    with xlsxwriter.Workbook(into, OPTIONS) as book:
        book.set_properties({"created": MADE})
        bold, money, whole = book.add_format({"bold": True}), book.add_format({"num_format": MONEY}), book.add_format()
        for name, title, header, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.set_column(0, len(header) - 1, 18)
            sheet.write_string(0, 0, title, bold)
            for column, word in enumerate(header):
                sheet.write_string(2, column, word, bold)
            for number, row in enumerate(rows, start=3):
                for column, cell in enumerate(row):
                    _write(sheet, (number, column), cell, money if isinstance(cell, float) else whole)
            sheet.freeze_panes(3, 0)
    return into.getvalue()


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, form: object) -> None:
    if isinstance(cell, str):
        sheet.write_string(*place, cell, form)
    else:
        sheet.write_number(*place, cell, form)


def _yuan(amount_fen: int) -> float:
    """A cell holds a double: exact to the fen up to 2**53 fen, which is far above any sum here."""
    return amount_fen / 100


def _moment(epoch_ms: int | None) -> str:
    return "" if epoch_ms is None else f"{beijing(epoch_ms):%Y-%m-%d %H:%M}"
