"""A bank's file: read to the letter, every problem by line and column, and what an entry pays."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger.bank_file import BankFileError, read_bank_file
from server.ledger.bank_matching import Outcome, match
from server.ledger.case_money import CaseMoney
from server.ledger.instalments import Due, agreement_problems, equal_parts, still_due
from server.ledger.references import payment_reference

TODAY = date(2026, 10, 9)
HEADER = "booked_on,amount,currency,reference,payer_name,bank_id"
GOOD = "2026-10-08,10.00,CNY,0000 0000 1262,张三,B1"


def read(*lines, encoding="utf-8"):
    return read_bank_file("\r\n".join([HEADER, *lines]).encode(encoding), TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_the_same_in_every_encoding(encoding):
    (entry,) = read(GOOD, encoding=encoding).entries
    assert (entry.booked_on, entry.amount_fen, entry.payer_name) == (date(2026, 10, 8), 1000, "张三")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2026-10-08,10.00,CNY,r,n", "line 2: expected 6 columns, found 5"),
        ("08.10.2026,10.00,CNY,r,n,B1", "line 2, booked_on: expected a day like"),
        ("2026-02-30,10.00,CNY,r,n,B1", "line 2, booked_on: expected a day like"),
        ("2026-10-10,10.00,CNY,r,n,B1", "line 2, booked_on: expected a day up to 2026-10-09"),
        ("2026-10-08,10,CNY,r,n,B1", "line 2, amount: expected yuan with two decimals"),
        ("2026-10-08,1e3,CNY,r,n,B1", "line 2, amount: expected yuan with two decimals"),
        ("2026-10-08,-10.00,CNY,r,n,B1", "line 2, amount: expected yuan with two decimals"),
        ("2026-10-08,0.00,CNY,r,n,B1", "line 2, amount: expected more than nothing"),
        ("2026-10-08,99999999999999.00,CNY,r,n,B1", "line 2, amount: expected more than nothing"),
        ("2026-10-08,10.00,USD,r,n,B1", "line 2, currency: expected CNY"),
        ("2026-10-08,10.00,CNY,=1+1,n,B1", "line 2, reference: expected text, found what a spreadsheet"),
        ("2026-10-08,10.00,CNY,r,@n,B1", "line 2, payer_name: expected text, found what a spreadsheet"),
        ("2026-10-08,10.00,CNY,r,n\x01,B1", "line 2, payer_name: expected one line of plain text"),
        ("2026-10-08,10.00,CNY,r,n,", "line 2, bank_id: expected the bank's own id"),
        (f"{GOOD}\r\n{GOOD}", "line 3, bank_id: B1 stands in line 2 already"),
        ('2026-10-08,10.00,CNY,"r', "line 2: expected CSV"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(line, says):
    with pytest.raises(BankFileError) as caught:
        read(line)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(says)


def test_all_problems_of_a_file_come_at_once():
    with pytest.raises(BankFileError) as caught:
        read("x,y,z,=r,n,", GOOD, "2026-10-08,10.00,EUR,r,n,B2")
    places = [problem.split(":")[0] for problem in caught.value.problems]
    assert places == [
        "line 2, reference", "line 2, bank_id", "line 2, booked_on", "line 2, amount", "line 2, currency",
        "line 4, currency",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"\xff\xff\xff", "UTF-8 or GBK"), (b"a,b\n", "expected the columns"), (HEADER.encode(), "at least one entry")],
)
def test_what_is_no_bank_file(data, says):
    with pytest.raises(BankFileError, match=says):
        read_bank_file(data, TODAY)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_told(data):
    with suppress(BankFileError):
        assert read_bank_file(HEADER.encode() + b"\n" + data, TODAY).entries


OWES = CaseMoney(1000, 0, 1000, 0, 0, 0, True)
LATE = CaseMoney(1000, 60, 1000, 60, 0, 0, True)
R12 = payment_reference(12)
PARTS = (Due(date(2026, 11, 1), 400), Due(date(2026, 12, 1), 600))


@pytest.mark.parametrize(
    ("story", "remark", "amount_fen", "money", "parts", "outcome"),
    [
        ("exactly", R12, 1000, OWES, (), Outcome.MATCHED),
        ("fine and surcharge", R12, 1060, LATE, (), Outcome.MATCHED),
        ("the surcharge is missing", R12, 1000, LATE, (), Outcome.PARTIAL),
        ("too little", R12, 999, OWES, (), Outcome.PARTIAL),
        ("too much", R12, 1001, OWES, (), Outcome.OVER),
        ("the first part that was agreed", R12, 400, OWES, PARTS, Outcome.MATCHED),
        ("another part", R12, 600, OWES, PARTS, Outcome.PARTIAL),
        ("the second part", R12, 600, CaseMoney(600, 0, 1000, 0, 400, 0, True), PARTS, Outcome.MATCHED),
        ("paid before", R12, 1000, CaseMoney(0, 0, 1000, 0, 1000, 0, True), (), Outcome.PAID_ALREADY),
        ("revoked", R12, 1000, CaseMoney(0, 0, 0, 0, 0, 0, True), (), Outcome.REVOKED),
        ("never fined", R12, 1000, CaseMoney(0, 0, 0, 0, 0, 0, False), (), Outcome.NEVER_FINED),
        ("a case that is not here", payment_reference(13), 1000, OWES, (), Outcome.UNKNOWN_CASE),
        ("no reference", "张三", 1000, OWES, (), Outcome.NO_REFERENCE),
        ("a wrong digit", R12[:-1] + "3", 1000, OWES, (), Outcome.NO_REFERENCE),
        ("two references", f"{R12} {payment_reference(13)}", 1000, OWES, (), Outcome.SEVERAL_REFERENCES),
    ],
)
def test_what_an_entry_pays(story, remark, amount_fen, money, parts, outcome):
    assert match(remark, amount_fen, {12: money}, {12: parts}).outcome is outcome


@pytest.mark.parametrize(
    ("dues", "says"),
    [
        ((), "1 to 60 parts"),
        ((Due(date(2026, 11, 1), 999),), "sum up to the 1000 fen"),
        ((Due(date(2026, 10, 9), 1000),), "a day after"),
        ((Due(date(2026, 11, 1), 1000), Due(date(2026, 12, 1), 0)), "a positive amount"),
        ((Due(date(2026, 12, 1), 400), Due(date(2026, 11, 1), 600)), "later day"),
    ],
)
def test_what_is_no_agreement(dues, says):
    assert [p for p in agreement_problems(dues, 1000, TODAY) if says in p]


@given(st.integers(1, 10_000), st.integers(1, 12), st.data())
def test_parts_sum_up_and_payments_meet_the_earliest_first(owed_fen, count, data):
    count = min(count, owed_fen)
    parts = equal_parts(owed_fen, [date(2027, 1 + at, 1) for at in range(count)])
    assert agreement_problems(parts, owed_fen, TODAY) == []
    left = data.draw(st.integers(0, owed_fen))
    due = still_due(parts, left)
    assert sum(part.open_fen for part in due) == left
    assert [p.open_fen == 0 for p in due] == sorted((p.open_fen == 0 for p in due), reverse=True)
    assert all(part.late(date(2028, 1, 1)) == (part.open_fen > 0) for part in due)
