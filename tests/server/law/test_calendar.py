"""Working days worked by hand, over Spring Festival 2026, both National Days and a year that nobody has announced.

2026: 14 February (Saturday) is worked, 15 to 23 February are off, 28 February (Saturday) is worked; 20 September
(Sunday) is worked, 25 to 27 September and 1 to 7 October are off, 10 October (Saturday) is worked.
2025: 28 September (Sunday) is worked, 1 to 8 October are off, 11 October (Saturday) is worked.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.law.calendar import Calendar, Due, add_days, add_months, add_years

CALENDAR = Calendar()
D = date.fromisoformat


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        # An ordinary week: Monday, then Tu We Th Fr Mo = 5.
        ("2026-03-02", 5, "2026-03-09"),
        # The day of the start is not counted, also when it is a working day: Friday, then Monday = 1.
        ("2026-03-06", 1, "2026-03-09"),
        # Spring Festival: Friday 13, then Sa 14 (worked) = 1.
        ("2026-02-13", 1, "2026-02-14"),
        # Sa 14 = 1, then nine days off, Tu 24 = 2.
        ("2026-02-13", 2, "2026-02-24"),
        # Fr 13 = 1, Sa 14 = 2, Tu 24 = 3.
        ("2026-02-12", 3, "2026-02-24"),
        # Sa 14 = 1, Tu 24 = 2, We 25 = 3, Th 26 = 4, Fr 27 = 5.
        ("2026-02-13", 5, "2026-02-27"),
        # ... and Sa 28 (worked) = 6, Mo 2 March = 7.
        ("2026-02-13", 6, "2026-02-28"),
        ("2026-02-13", 7, "2026-03-02"),
        # A start within the holiday: Tu 24 = 1, We 25 = 2, Th 26 = 3, Fr 27 = 4, Sa 28 = 5.
        ("2026-02-18", 5, "2026-02-28"),
        # National Day 2025: Su 28 (worked) = 1, Mo 29 = 2, Tu 30 = 3, Th 9 October = 4, Fr 10 = 5, Sa 11 (worked) = 6.
        ("2025-09-26", 3, "2025-09-30"),
        ("2025-09-26", 4, "2025-10-09"),
        ("2025-09-26", 5, "2025-10-10"),
        ("2025-09-26", 6, "2025-10-11"),
        ("2025-09-26", 7, "2025-10-13"),
        # National Day 2026: Su 20 (worked) = 1, Mo 21 = 2, Tu 22 = 3, We 23 = 4, Th 24 = 5.
        ("2026-09-18", 5, "2026-09-24"),
        # Mo 28 = 1, Tu 29 = 2, We 30 = 3, Th 8 October = 4, Fr 9 = 5, Sa 10 (worked) = 6.
        ("2026-09-24", 3, "2026-09-30"),
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-09-24", 6, "2026-10-10"),
        # The last announced day: We 30 = 1, Th 31 December = 2.
        ("2026-12-29", 2, "2026-12-31"),
    ],
)
def test_working_days(start, count, last):
    assert CALENDAR.add_working_days(D(start), count) == Due(D(last), provisional=False)


def test_a_year_that_nobody_has_announced_is_judged_by_its_weekdays_and_the_answer_says_so():
    # Th 31 December = 1, Fr 1 January 2027 = 2 by its weekday (it will be New Year's Day), Mo 4 = 3.
    assert CALENDAR.add_working_days(D("2026-12-30"), 3) == Due(D("2027-01-04"), provisional=True)
    assert CALENDAR.next_working_day(D("2027-02-28")) == Due(D("2027-03-01"), provisional=True)


def test_the_operators_table_stands_over_the_package():
    struck = Calendar(days={D("2026-03-03"): False, D("2026-03-07"): True})
    # Tu 3 is off by the table, We 4 = 1, Th 5 = 2, Fr 6 = 3, Sa 7 is worked by the table = 4.
    assert struck.add_working_days(D("2026-03-02"), 4) == Due(D("2026-03-07"), provisional=False)


def test_a_year_that_the_operator_has_entered_whole_is_known():
    entered = Calendar(days={D("2027-01-01"): False}, whole_years=frozenset({2027}))
    # Th 31 December = 1, Fr 1 January is off, Mo 4 = 2.
    assert entered.add_working_days(D("2026-12-30"), 2) == Due(D("2027-01-04"), provisional=False)


def test_a_year_that_the_operator_has_entered_whole_needs_no_package():
    # The package has 17 February 2026 as Spring Festival; a whole year's table without it has it as a Tuesday.
    assert Calendar(whole_years=frozenset({2026})).is_working(D("2026-02-17"))


def test_a_day_that_nobody_knows_on_the_way_to_a_known_one_makes_the_answer_provisional():
    # Su 28 February 2027 is off by its weekday alone; the table has Mo 1 March.
    one_day = Calendar(days={D("2027-03-01"): True})
    assert one_day.next_working_day(D("2027-02-28")) == Due(D("2027-03-01"), provisional=True)


def test_one_day_of_a_year_does_not_make_the_year_known():
    one_day = Calendar(days={D("2027-01-01"): False})
    assert one_day.add_working_days(D("2026-12-30"), 2) == Due(D("2027-01-04"), provisional=True)
    assert one_day.next_working_day(D("2026-12-31")) == Due(D("2026-12-31"), provisional=False)


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2026-02-24", 1, "2026-02-14"),  # Sa 14 February is the working day before Tu 24
        ("2026-02-24", 2, "2026-02-13"),
        ("2026-10-08", 1, "2026-09-30"),  # We 30 September is the one before Th 8 October
    ],
)
def test_working_days_before(start, count, last):
    assert CALENDAR.working_days_before(D(start), count).day == D(last)


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-01-31", 1, "2026-02-28"),  # no 31 February: the month's last day
        ("2028-01-31", 1, "2028-02-29"),  # a leap year's
        ("2025-08-31", 6, "2026-02-28"),
        ("2026-05-31", 1, "2026-06-30"),
        ("2026-10-15", 6, "2027-04-15"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_months(start, months, last):
    assert add_months(D(start), months) == D(last)


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        ("2024-02-29", 2, "2026-02-28"),  # 2026 has no 29 February
        ("2024-02-29", 4, "2028-02-29"),
        ("2026-11-25", 2, "2028-11-25"),
    ],
)
def test_years(start, years, last):
    assert add_years(D(start), years) == D(last)


def test_days_over_a_leap_day():
    # 28 February 2028, then the 29th = 1, 1 March = 2.
    assert add_days(D("2028-02-28"), 2) == D("2028-03-01")


@pytest.mark.parametrize("count", [0, -1])
def test_no_working_days_are_no_period(count):
    with pytest.raises(ValueError, match="expected one working day or more"):
        CALENDAR.add_working_days(D("2026-03-02"), count)


days = st.dates(D("2004-01-01"), D("2035-12-31"))
counts = st.integers(1, 60)
calendars = st.builds(
    Calendar, days=st.dictionaries(days, st.booleans(), max_size=20), whole_years=st.frozensets(st.integers(2004, 2035))
)


@given(calendars, days, counts)
def test_a_period_of_working_days_never_ends_on_a_day_off(calendar, day, count):
    assert calendar.is_working(calendar.add_working_days(day, count).day)
    assert calendar.is_working(calendar.next_working_day(day).day)


@given(calendars, days, counts, counts)
def test_n_days_and_then_m_days_are_n_plus_m_days(calendar, day, first, second):
    on_the_way = calendar.add_working_days(day, first)
    then, at_once = calendar.add_working_days(on_the_way.day, second), calendar.add_working_days(day, first + second)
    assert then.day == at_once.day
    assert (on_the_way.provisional or then.provisional) == at_once.provisional


@given(calendars, days, st.integers(0, 400), counts)
def test_who_starts_later_is_never_due_earlier(calendar, day, later, count):
    assert calendar.add_working_days(day, count).day <= calendar.add_working_days(day + timedelta(later), count).day


@given(calendars, days, counts)
def test_the_working_days_up_to_the_last_are_as_many_as_were_added(calendar, day, count):
    assert calendar.count_working_days(day, calendar.add_working_days(day, count).day) == count


@given(calendars, days, counts)
def test_back_from_a_working_day_and_forth_again(calendar, day, count):
    start = calendar.next_working_day(day).day
    assert calendar.working_days_before(calendar.add_working_days(start, count).day, count).day == start
