"""When a fine is late and what a surcharge may come to; by when cash must be where. Tables, by the law's own data."""

from dataclasses import replace
from datetime import date

import pytest
from books import at

from server.errors import NotFoundError
from server.law.law_book import read_law_book
from server.ledger.case_money import CaseMoney
from server.ledger.cash_clocks import cash_clocks
from server.ledger.cash_values import Cash
from server.ledger.incoming import Source, kinds_of
from server.ledger.kinds import EntryKind
from server.ledger.lateness import LawOfPayment, lateness
from server.ledger.surcharge import Standstill

BOOK = read_law_book()
LAW = LawOfPayment(BOOK.terms, BOOK.limits, BOOK.calendar)
OWED = CaseMoney(2000, 0, 2000, 0, 0, 0, ever_assessed=True)


@pytest.mark.parametrize(
    ("story", "today", "money", "standstills", "late_days", "may_ask_fen"),
    [
        ("the last day itself", date(2026, 10, 20), OWED, (), 0, 0),
        ("the first late day: 3 per cent", date(2026, 10, 21), OWED, (), 1, 60),
        ("ten days", date(2026, 10, 30), OWED, (), 10, 600),
        ("ten days, six of them in court", date(2026, 10, 30), OWED, ((21, 26),), 4, 240),
        ("never above the fine", date(2027, 10, 30), OWED, (), 375, 2000),
        ("half of it is paid", date(2026, 10, 30), replace(OWED, fine_owed_fen=1000, paid_fen=1000), (), 10, 300),
        ("some was asked for", date(2026, 10, 30), replace(OWED, surcharge_assessed_fen=500), (), 10, 100),
        ("more was asked for", date(2026, 10, 30), replace(OWED, surcharge_assessed_fen=900), (), 10, 0),
    ],
)
def test_a_fine_served_on_5_october_2026_is_late_from_21_october(
    story, today, money, standstills, late_days, may_ask_fen
):
    pauses = [Standstill(date(2026, 10, first), date(2026, 10, last)) for first, last in standstills]
    found = lateness(money, date(2026, 10, 5), pauses, today, LAW)
    assert (found.due, found.late_days, found.may_ask_fen) == (date(2026, 10, 20), late_days, may_ask_fen)
    assert not found.verified  # whether 15 days are working days is asked of the police (terms.toml)


def test_a_day_without_law_has_no_last_day():
    assert lateness(OWED, date(2000, 1, 3), [], date(2026, 1, 1), LAW) is None


@pytest.mark.parametrize(
    ("story", "taken", "handed_in", "now", "state", "due"),
    [
        ("Tuesday, two working days", "2026-11-24", None, "2026-11-24", "running", date(2026, 11, 26)),
        ("the day before", "2026-11-24", None, "2026-11-25", "alarm", date(2026, 11, 26)),
        ("its last day", "2026-11-24", None, "2026-11-26", "due_today", date(2026, 11, 26)),
        ("the day after", "2026-11-24", None, "2026-11-27", "late", date(2026, 11, 26)),
        ("Friday: not over the weekend", "2026-11-27", None, "2026-11-29", "running", date(2026, 12, 1)),
        ("the unit's two days run anew", "2026-11-24", "2026-11-26", "2026-11-30", "due_today", date(2026, 11, 30)),
        ("late at the unit, not the bank", "2026-11-16", "2026-11-26", "2026-11-26", "running", date(2026, 11, 30)),
    ],
)  # fmt: skip
def test_cash_has_two_working_days_for_each_step(story, taken, handed_in, now, state, due):
    cash = Cash("R1", 1, "zhang", 1000, at(taken), None if handed_in is None else at(handed_in))
    (one,) = cash_clocks([cash], BOOK.terms, BOOK.calendar, at(now, "18:00"))
    assert (one.clock.state, one.clock.due) == (state, due)
    assert one.pressing == (state in {"due_today", "late"})


def test_what_is_due_first_comes_first():
    days = {"R1": "2026-11-24", "R2": "2026-11-20", "R3": "2026-11-23", "R0": "1990-01-02"}
    cash = [Cash(receipt, 1, "zhang", 1000, at(day)) for receipt, day in days.items()]
    found = cash_clocks(cash, BOOK.terms, BOOK.calendar, at("2026-11-24", "18:00"))
    assert [one.cash.receipt for one in found] == ["R2", "R3", "R1", "R0"]
    assert found[-1].clock is None  # the law's data do not reach back so far
    assert not found[-1].pressing


@pytest.mark.parametrize("reference", ["", "bank", "bank:", "cash:1", "receipt:R1"])
def test_money_comes_by_a_bank_or_a_payment_service(reference):
    with pytest.raises(NotFoundError, match="expected bank:ID or epay:ID"):
        kinds_of(reference)


def test_each_source_has_its_kinds():
    assert kinds_of("bank:1").returned is EntryKind.SUSPENSE_RETURNED
    assert kinds_of("epay:1:2").returned is EntryKind.SUSPENSE_EPAY_RETURNED
    assert set(Source) == {"bank", "epay"}
