"""What a fine costs that is paid late, worked by hand: 3 % a day, never above the fine, not while it stands still."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.law.law_book import read_law_book
from server.law.limits import LimitKey
from server.ledger.surcharge import Rate, Standstill, late_days, surcharge_fen

D = date.fromisoformat
LIMITS, TODAY = read_law_book().limits, date(2026, 11, 25)
RATE = Rate(LIMITS.at(LimitKey.SURCHARGE_RATE, TODAY).value, LIMITS.at(LimitKey.SURCHARGE_CAP, TODAY).value)
DUE = D("2026-03-10")


@pytest.mark.parametrize(
    ("fine_fen", "paid_on", "surcharge"),
    [
        (1000, "2026-03-02", 0),  # early
        (1000, "2026-03-10", 0),  # on the last day
        (1000, "2026-03-11", 30),  # one day late: 3 % of 10 yuan
        (2000, "2026-03-11", 60),
        (5000, "2026-03-11", 150),
        (1000, "2026-03-20", 300),  # ten days
        (1000, "2026-04-12", 990),  # 21 days in March + 12 = 33 days
        (1000, "2026-04-13", 1000),  # day 34 would be 10.20 yuan: the fine is the most
        (2000, "2026-04-13", 2000),
        (5000, "2026-04-13", 5000),
        (1000, "2029-01-01", 1000),
        (1010, "2026-03-13", 90),  # a day of 30.3 fen is 30
        (33, "2026-03-13", 0),  # less than a fen a day
        (0, "2026-03-13", 0),
    ],
)
def test_surcharge(fine_fen, paid_on, surcharge):
    assert surcharge_fen(fine_fen, DUE, D(paid_on), RATE) == surcharge


@pytest.mark.parametrize(
    ("standstills", "days"),
    [
        ([], 20),  # 11 to 30 March
        ([("2026-03-15", "2026-03-24")], 10),  # reconsideration for ten days: 11 to 14, 25 to 30
        ([("2026-03-15", None)], 4),  # it goes on: 11 to 14
        ([("2026-03-01", "2026-03-12")], 18),  # only 11 and 12 are late days
        ([("2026-02-01", "2026-03-10")], 20),  # over before anything is late
        ([("2026-03-15", "2026-03-20"), ("2026-03-18", "2026-03-24")], 10),  # two at once count once
        ([("2026-03-11", "2026-03-30")], 0),
        ([("2026-03-15", "2026-03-15")], 19),  # one day
    ],
)
def test_days_that_stand_still_cost_nothing(standstills, days):
    still = [Standstill(D(first), D(last) if last else None) for first, last in standstills]
    assert late_days(DUE, D("2026-03-30"), still) == days
    assert surcharge_fen(2000, DUE, D("2026-03-30"), RATE, still) == 60 * days


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="expected a fine of 0 fen or more, found -1"):
        surcharge_fen(-1, DUE, DUE, RATE)
    with pytest.raises(ValueError, match="expected no negative rate"):
        Rate(-1, 100)


@given(st.integers(0, 5_000_000), st.integers(-400, 4000), st.integers(0, 400))
def test_it_grows_with_the_days_and_never_passes_the_fine(fine_fen, late, more):
    until = DUE + timedelta(late)
    now, later = (surcharge_fen(fine_fen, DUE, day, RATE) for day in (until, until + timedelta(more)))
    assert 0 <= now <= later <= fine_fen
