"""What a party is told of days: what is near, what is over, and whose time it is."""

from datetime import date, timedelta

import pytest

from server.law.law_book import read_law_book
from server.law.moments import Moment
from server.law.terms import TermKey
from server.own_page.telling import deadlines, remedies_ahead
from server.procedure.clocks import clocks

M, T = Moment, TermKey
DAY_MS = 86_400_000
START_MS = 1_799_999_000_000  # 2027-01-15 in Beijing
START = date(2027, 1, 15)
BOOK = read_law_book()
SERVED = {M.ACT: START_MS, M.DECIDED: START_MS, M.FINED: START_MS, M.DECIDED_ON_THE_SPOT: START_MS, M.SERVED: START_MS}


def told(happened, days_later: int):
    running = clocks(happened, BOOK.terms, BOOK.calendar, START_MS + days_later * DAY_MS)
    return {line.key: line for line in deadlines(running, START + timedelta(days_later))}


@pytest.mark.parametrize(
    ("story", "happened", "key", "days_later", "when", "left"),
    [
        ("the day of the service", SERVED, T.PAYMENT, 0, "ahead", 17),  # the 30th is a Saturday
        ("the last day but one", SERVED, T.PAYMENT, 16, "ahead", 1),
        ("the last day", SERVED, T.PAYMENT, 17, "today", 0),
        ("the day after", SERVED, T.PAYMENT, 18, "over", 0),
        ("a remedy on the first day", SERVED, T.RECONSIDERATION, 0, "ahead", 60),
        ("noticed", {M.ACT: START_MS, M.NOTICED: START_MS}, T.COMING_IN, 29, "ahead", 2),  # the 14th is a Sunday
        ("objected", {M.ACT: START_MS, M.OBJECTED: START_MS}, T.OBJECTION_ANSWER, 7, "today", 0),
    ],
)
def test_how_a_last_day_stands(story, happened, key, days_later, when, left):
    line = told(happened, days_later)[key]
    assert (line.when, line.days_left) == (when, left)


def test_what_was_met_and_what_is_between_offices_is_not_told():
    assert T.PAYMENT not in told({**SERVED, M.PAID: START_MS + 1}, 1)
    assert T.TWO_YEARS not in told(SERVED, 1)


def test_a_deferral_that_nobody_has_ended_stands_still():
    line = told({**SERVED, M.DEFERRED: START_MS}, 3)[T.PAYMENT]
    assert (line.when, line.day) == ("paused", None)


@pytest.mark.parametrize(
    ("story", "happened", "on_the_spot", "keys"),
    [
        ("decided on the spot, not served", {M.DECIDED: START_MS}, True, [T.RECONSIDERATION]),
        ("an ordinary decision, not served", {M.DECIDED: START_MS}, False, [T.RECONSIDERATION, T.COURT]),
        ("served: the days themselves are told", SERVED, True, []),
    ],
)
def test_which_remedies_will_begin(story, happened, on_the_spot, keys):
    running = clocks(happened, BOOK.terms, BOOK.calendar, START_MS)
    found = remedies_ahead(BOOK.terms, running, START, on_the_spot=on_the_spot)
    assert [ahead.term.key for ahead in found] == keys
