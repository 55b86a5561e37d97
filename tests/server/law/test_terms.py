"""On which day each period of the law ends, worked by hand from our data (server/law/terms.toml)."""

from datetime import date

import pytest

from server.law.calendar import Calendar, Due
from server.law.law_book import read_law_book
from server.law.terms import TermKey, Unit

BOOK = read_law_book()
D = date.fromisoformat


LAST_DAYS = [
    # 5 W: Fr 13 = 1, Sa 14 (worked) = 2, Tu 24 = 3, We 25 = 4, Th 26 = 5.
    ("review", "2026-02-12", "2026-02-26"),
    # 5 W: Su 28 September (worked) = 1, Mo 29 = 2, Tu 30 = 3, Th 9 October = 4, Fr 10 = 5.
    ("notice", "2025-09-26", "2025-10-10"),
    # The same day, also on a day off.
    ("query", "2026-02-18", "2026-02-18"),
    ("objection_forwarding", "2026-02-14", "2026-02-14"),
    # 30 C: 16 January + 30 = 15 February, the first day off; Tu 24 is the first working day after it.
    ("coming_in", "2026-01-16", "2026-02-24"),
    # 30 C: 15 January + 30 = Sa 14 February, a make-up workday: it stays.
    ("coming_in", "2026-01-15", "2026-02-14"),
    # 3 W: Sa 14 = 1, Tu 24 = 2, We 25 = 3.
    ("deletion", "2026-02-13", "2026-02-25"),
    ("withdrawal", "2026-02-13", "2026-02-25"),
    # 2 W over National Day 2026: Th 8 October = 1, Fr 9 = 2.
    ("copy_on_file", "2026-09-30", "2026-10-09"),
    ("cash_to_unit", "2026-09-30", "2026-10-09"),
    # 2 W: Fr 9 = 1, Sa 10 (worked) = 2.
    ("cash_to_bank", "2026-10-08", "2026-10-10"),
    # 7 W: Mo 28 = 1, Tu 29 = 2, We 30 = 3, Th 8 October = 4, Fr 9 = 5, Sa 10 (worked) = 6, Mo 12 = 7.
    ("service", "2026-09-24", "2026-10-12"),
    # 15 C: 5 February + 15 = 20 February, a day off; Tu 24.
    ("payment", "2026-02-05", "2026-02-24"),
    # 15 C: 30 January + 15 = Sa 14 February, a make-up workday.
    ("payment", "2026-01-30", "2026-02-14"),
    # 15 C in an ordinary month: 2 March + 15 = Tu 17.
    ("payment", "2026-03-02", "2026-03-17"),
    # 90 C: 5 July, 26 left in July, 31 in August = 57, 30 in September = 87, 3 October = 90, a day off; Th 8.
    ("decision", "2026-07-05", "2026-10-08"),
    # 5 W: Mo 28 = 1, Tu 29 = 2, We 30 September = 3, Th 8 October = 4, Fr 9 = 5.
    ("objection_answer", "2026-09-24", "2026-10-09"),
    # 60 C: 20 December, 11 left = 11, 31 in January = 42, 18 February = 60, a day off; Tu 24.
    ("reconsideration", "2025-12-20", "2026-02-24"),
    ("public_notice", "2025-12-20", "2026-02-24"),
    # 6 months: there is no 31 February, Sa 28 is a make-up workday.
    ("court", "2025-08-31", "2026-02-28"),
    # 15 C: 16 September + 15 = Th 1 October, a day off; Th 8.
    ("court_after_reconsideration", "2026-09-16", "2026-10-08"),
    # 2 years, in the party's favour without rolling on: from 29 February to the 28th; Su 1 October 2028 stays.
    ("two_years", "2024-02-29", "2026-02-28"),
    ("two_years", "2026-10-01", "2028-10-01"),
    # 30 C: 8 May + 30 = Su 7 June; Mo 8.
    ("five_records", "2026-05-08", "2026-06-08"),
    # 30 C, and no day off moves it: 16 January + 30 = Su 15 February.
    ("device_filing", "2026-01-16", "2026-02-15"),
]


@pytest.mark.parametrize(("term", "start", "last"), LAST_DAYS)
def test_last_day(term, start, last):
    found = BOOK.terms.at(TermKey(term), D(start))
    assert found.due(D(start), BOOK.calendar) == Due(D(last), provisional=False)


def test_a_last_day_in_a_year_that_nobody_has_announced_is_provisional():
    # 6 months from 31 August 2026: Su 28 February 2027, so Mo 1 March by its weekday.
    court = BOOK.terms.at(TermKey.COURT, D("2026-08-31"))
    assert court.due(D("2026-08-31"), BOOK.calendar) == Due(D("2027-03-01"), provisional=True)
    # Two years rest on no calendar of working days.
    two_years = BOOK.terms.at(TermKey.TWO_YEARS, D("2026-08-31"))
    assert two_years.due(D("2026-08-31"), BOOK.calendar) == Due(D("2028-08-31"), provisional=False)


def test_every_term_has_a_row_in_that_table():
    assert {term for term, _, _ in LAST_DAYS} == set(TermKey)


@pytest.mark.parametrize(
    ("term", "number", "unit"),
    [
        ("device_filing", 30, "calendar_days"),  # the table of requirements, row 3
        ("review", 5, "working_days"),  # 16
        ("deletion", 3, "working_days"),  # 17
        ("query", 0, "same_day"),  # 18
        ("notice", 5, "working_days"),
        ("coming_in", 30, "calendar_days"),
        ("copy_on_file", 2, "working_days"),  # 25
        ("two_years", 2, "years"),  # 27
        ("decision", 90, "calendar_days"),
        ("service", 7, "working_days"),  # 28
        ("public_notice", 60, "calendar_days"),
        ("payment", 15, "calendar_days"),  # 29
        ("cash_to_unit", 2, "working_days"),  # 30
        ("cash_to_bank", 2, "working_days"),
        ("objection_forwarding", 0, "same_day"),  # 33
        ("objection_answer", 5, "working_days"),
        ("reconsideration", 60, "calendar_days"),  # 34
        ("court", 6, "months"),
        ("court_after_reconsideration", 15, "calendar_days"),
        ("five_records", 30, "calendar_days"),  # 35
        ("withdrawal", 3, "working_days"),  # 38
    ],
)
def test_periods_are_those_of_the_law(term, number, unit):
    found = BOOK.terms.at(TermKey(term), D("2026-11-25"))
    assert (found.number, found.unit) == (number, Unit(unit))


def test_the_same_day_never_rolls_on():
    query = BOOK.terms.at(TermKey.QUERY, D("2026-02-18")).model_copy(update={"rolls_over_days_off": True})
    assert query.due(D("2026-02-18"), BOOK.calendar) == Due(D("2026-02-18"), provisional=False)


def test_working_days_that_were_paused_are_added():
    review = BOOK.terms.at(TermKey.REVIEW, D("2026-02-12"))
    # Paused from Fr 13 (after it) to We 25: Sa 14 = 1, Tu 24 = 2, We 25 = 3 working days.
    assert review.paused_days(D("2026-02-13"), D("2026-02-25"), Calendar()) == 3
    # Th 26 is the fifth; three more are Fr 27, Sa 28 (worked), Mo 2 March.
    assert review.due(D("2026-02-12"), Calendar(), 3).day == D("2026-03-02")
