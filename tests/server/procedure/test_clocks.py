"""The clocks of a case as an officer sees them: which run, until when, near, due today, late, met, standing still."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.civil_time import BEIJING, day_ends_ms
from server.law.law_book import read_law_book
from server.law.moments import Moment
from server.law.terms import Consequence, Pause, TermKey
from server.procedure.clocks import ClockState, clocks, consequences, next_due_ms, remedies_over

BOOK = read_law_book()
CALENDAR = BOOK.calendar


def ms(told: str) -> int:
    """Return the instant of a Beijing time such as 2026-02-12 10:00."""
    return int(datetime.fromisoformat(told).replace(tzinfo=BEIJING).timestamp() * 1000)


def known(**moments: str) -> dict[Moment, int]:
    return {Moment(name): ms(told) for name, told in moments.items()}


def at(moments, now):
    return clocks(moments, BOOK.terms, CALENDAR, ms(now))


def one(moments, key, now):
    (found,) = (clock for clock in at(moments, now) if clock.key == key)
    return found


# Collected on Thursday 12 February 2026: Fr 13 = 1, Sa 14 (worked) = 2, Tu 24 = 3, We 25 = 4, Th 26 = 5.
COLLECTED = known(collected="2026-02-12 10:00")


@pytest.mark.parametrize(
    ("now", "entered", "state"),
    [
        ("2026-02-12 10:00", None, "running"),  # its first moment
        ("2026-02-20 12:00", None, "running"),  # Spring Festival
        ("2026-02-24 23:59", None, "running"),
        ("2026-02-25 00:00", None, "alarm"),  # one working day before the last
        ("2026-02-25 23:59", None, "alarm"),
        ("2026-02-26 00:00", None, "due_today"),
        ("2026-02-26 23:59", None, "due_today"),
        ("2026-02-27 00:00", None, "late"),  # one day late
        ("2026-03-30 00:00", None, "late"),
        ("2026-02-26 23:59", "2026-02-26 23:58", "met"),  # on the last day
        ("2026-03-30 00:00", "2026-02-26 23:59", "met"),
        ("2026-03-30 00:00", "2026-02-27 00:00", "late"),  # a minute too late stays late
        ("2026-02-26 12:00", "2026-02-26 13:00", "due_today"),  # what has not happened yet ends nothing
    ],
)
def test_a_review_in_five_working_days(now, entered, state):
    moments = COLLECTED | (known(entered=entered) if entered else {})
    found = one(moments, "review", now)
    assert (found.state, found.due, found.provisional) == (state, date(2026, 2, 26), False)


def test_the_day_of_the_start_is_the_day_in_beijing():
    # 12 February 16:30 UTC is 13 February in Beijing: Sa 14 = 1, Tu 24 = 2, We 25 = 3, Th 26 = 4, Fr 27 = 5.
    assert one(known(collected="2026-02-13 00:30"), "review", "2026-02-13 01:00").due == date(2026, 2, 27)


def test_an_alarm_comes_on_a_day_on_which_somebody_can_act():
    # 2 W from Fr 13: Sa 14 (worked) = 1, Tu 24 = 2; the working day before the last is Sa 14, ten days earlier.
    moments = known(decided_on_the_spot="2026-02-13 09:00")
    assert one(moments, "copy_on_file", "2026-02-13 23:59").state == "running"
    assert one(moments, "copy_on_file", "2026-02-14 00:00").state == "alarm"
    assert one(moments, "copy_on_file", "2026-02-24 12:00").state == "due_today"


@pytest.mark.parametrize(
    ("moments", "running"),
    [
        (known(collected="2026-03-02 10:00", act="2026-03-02 10:00"), ["review", "two_years"]),
        (known(entered="2026-03-03 10:00"), ["query", "notice"]),
        (known(noticed="2026-03-04 10:00"), ["coming_in"]),
        # A warning is served, and owes nothing.
        (known(served="2026-03-05 10:00"), ["reconsideration", "court"]),
        (known(served="2026-03-05 10:00", fined="2026-03-05 10:00"), ["payment", "reconsideration", "court"]),
        # After a decision on the spot, reconsideration comes before the court (行政复议法 art. 23).
        (
            known(served="2026-03-05 10:00", decided_on_the_spot="2026-03-05 10:00"),
            ["copy_on_file", "reconsideration"],
        ),
        (known(revoked="2026-03-06 10:00"), []),  # nothing was published
        (known(revoked="2026-03-06 10:00", published="2026-03-05 10:00"), ["withdrawal"]),
        (known(objected="2026-03-06 10:00"), ["objection_forwarding", "objection_answer"]),
        (known(cash_taken="2026-03-06 10:00"), ["cash_to_unit"]),
        (known(device_live="2026-03-06 10:00"), ["device_filing"]),
        (known(five_records_noticed="2026-05-08 10:00"), ["five_records"]),
        (known(five_records_noticed="2026-04-08 10:00"), []),  # the rules are in force from May
        ({}, []),
        (known(collected="2026-12-02 10:00"), []),  # it has not happened yet
    ],
)
def test_which_clocks_run_and_what_is_due_first_comes_first(moments, running):
    assert [clock.key for clock in at(moments, "2026-06-01 12:00")] == running


@pytest.mark.parametrize(
    ("paused", "now", "state", "due"),
    [
        # Served on 2 March, 15 days: Tu 17 March.
        ({}, "2026-03-13 12:00", "alarm", "2026-03-17"),  # Th 12, Fr 13, Mo 16: three working days before
        ({}, "2026-03-18 00:00", "late", "2026-03-17"),
        # Deferred from the 10th until the 30th, 20 days: 6 April is a day off (Qingming), Tu 7 April.
        ({"deferred": "2026-03-10 09:00"}, "2026-03-12 09:00", "paused", None),
        (
            {"deferred": "2026-03-10 09:00", "deferred_until": "2026-03-30 09:00"},
            "2026-03-12 09:00",
            "paused",
            "2026-04-07",
        ),
        (
            {"deferred": "2026-03-10 09:00", "deferred_until": "2026-03-30 09:00"},
            "2026-03-30 09:00",
            "running",
            "2026-04-07",
        ),
        (
            {"deferred": "2026-03-10 09:00", "deferred_until": "2026-03-30 09:00"},
            "2026-04-08 00:00",
            "late",
            "2026-04-07",
        ),
        # Asked for on the last day: 17 March + 13 days = 30 March.
        (
            {"deferred": "2026-03-17 23:00", "deferred_until": "2026-03-30 09:00"},
            "2026-03-20 09:00",
            "paused",
            "2026-03-30",
        ),
        # Granted when it was late already: it stays late.
        (
            {"deferred": "2026-03-18 09:00", "deferred_until": "2026-03-30 09:00"},
            "2026-03-20 09:00",
            "late",
            "2026-03-17",
        ),
        # An end before its beginning is no end.
        (
            {"deferred": "2026-03-10 09:00", "deferred_until": "2026-03-05 09:00"},
            "2026-03-20 09:00",
            "paused",
            None,
        ),
        # Granted before the decision was served: nothing was running.
        (
            {"deferred": "2026-03-01 09:00", "deferred_until": "2026-03-30 09:00"},
            "2026-03-18 09:00",
            "late",
            "2026-03-17",
        ),
    ],
)
def test_a_deferral_stops_the_time_to_pay(paused, now, state, due):
    moments = known(served="2026-03-02 10:00", fined="2026-03-02 10:00", **paused)
    found = one(moments, "payment", now)
    assert (found.state, found.due) == (state, due and date.fromisoformat(due))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-03-26 12:00", "paused"),  # the second pause
        ("2026-04-03 23:59", "due_today"),
        ("2026-04-04 00:00", "late"),
    ],
)
def test_a_second_pause_counts_where_the_first_let_the_time_run_on(now, state):
    # Served on 2 March, 15 days: 17 March. Paused from the 10th to the 20th, 10 days: 27 March. Paused again from
    # the 25th to 1 April, 7 days: Fr 3 April.
    payment = BOOK.terms.at(TermKey.PAYMENT, date(2026, 3, 2))
    pauses = (*payment.pauses, Pause(begins=Moment.PROLONGED, ends=Moment.PROLONGED_UNTIL))
    terms = BOOK.terms.model_copy(update={"term": (payment.model_copy(update={"pauses": pauses}),)})
    moments = known(
        served="2026-03-02 10:00",
        fined="2026-03-02 10:00",
        deferred="2026-03-10 09:00",
        deferred_until="2026-03-20 09:00",
        prolonged="2026-03-25 09:00",
        prolonged_until="2026-04-01 09:00",
    )
    (found,) = clocks(moments, terms, CALENDAR, ms(now))
    assert (found.state, found.due) == (state, date(2026, 4, 3))


def test_a_decision_on_the_spot_is_served_at_the_same_instant():
    moments = known(decided="2026-03-05 10:00", served="2026-03-05 10:00", decided_on_the_spot="2026-03-05 10:00")
    assert one(moments, "service", "2026-12-01 00:00").state == "met"


def test_paid_during_the_deferral_is_in_time():
    moments = known(
        served="2026-03-02 10:00", fined="2026-03-02 10:00", deferred="2026-03-10 09:00", paid="2026-05-02 10:00"
    )
    assert one(moments, "payment", "2026-12-31 10:00").state == "met"


@pytest.mark.parametrize(
    ("now", "barred"),
    [("2026-02-28 23:59", False), ("2026-03-01 00:00", True)],  # two years from 29 February 2024
)
def test_two_years_after_the_act_no_fine_is_possible(now, barred):
    running = at(known(act="2024-02-29 08:00"), now)
    assert (Consequence.BARS_FINE in consequences(running)) is barred


def test_a_decision_within_two_years_stays_possible_to_collect():
    running = at(known(act="2024-02-29 08:00", decided="2026-02-28 17:00"), "2026-06-01 00:00")
    assert Consequence.BARS_FINE not in consequences(running)


@pytest.mark.parametrize(
    ("moments", "now", "over"),
    [
        ({}, "2026-06-01 12:00", False),  # nothing has been served
        ({"served": "2026-01-05 10:00"}, "2026-03-20 12:00", False),  # reconsideration is over, court is not
        ({"served": "2026-01-05 10:00"}, "2026-07-06 23:59", False),  # 6 months: Su 5 July, so Mo 6 is the last day
        ({"served": "2026-01-05 10:00"}, "2026-07-07 00:00", True),
        # On the spot the court comes only after reconsideration: 5 January + 60 = Fr 6 March.
        ({"served": "2026-01-05 10:00", "decided_on_the_spot": "2026-01-05 10:00"}, "2026-03-06 23:59", False),
        ({"served": "2026-01-05 10:00", "decided_on_the_spot": "2026-01-05 10:00"}, "2026-03-07 00:00", True),
        # Reconsideration was asked for and answered: 15 days from 2 March, Tu 17.
        ({"served": "2026-01-05 10:00", "reconsideration_asked": "2026-01-10 10:00"}, "2026-12-01 00:00", False),
        (
            {
                "served": "2026-01-05 10:00",
                "reconsideration_asked": "2026-01-10 10:00",
                "reconsideration_served": "2026-03-02 10:00",
            },
            "2026-03-17 23:59",
            False,
        ),
        (
            {
                "served": "2026-01-05 10:00",
                "reconsideration_asked": "2026-01-10 10:00",
                "reconsideration_served": "2026-03-02 10:00",
            },
            "2026-03-18 00:00",
            True,
        ),
        # In court: it is not over.
        ({"served": "2026-01-05 10:00", "sued": "2026-01-10 10:00"}, "2026-12-01 00:00", False),
    ],
)
def test_when_no_remedy_is_open_any_more(moments, now, over):
    assert remedies_over(at(known(**moments), now)) is over


@pytest.mark.parametrize(
    ("moments", "now", "next_due"),
    [
        ({}, "2026-03-02 12:00", None),
        # Review until Mo 9 March, two years until 2028: the review.
        ({"act": "2026-03-02 10:00", "collected": "2026-03-02 10:00"}, "2026-03-02 12:00", "2026-03-10 00:00"),
        # The police are late: it stays in front.
        ({"act": "2026-03-02 10:00", "collected": "2026-03-02 10:00"}, "2026-03-20 12:00", "2026-03-10 00:00"),
        # Rejected: nothing is waited for.
        (
            {"act": "2026-03-02 10:00", "collected": "2026-03-02 10:00", "rejected": "2026-03-03 10:00"},
            "2026-03-20 12:00",
            None,
        ),
        # A party's time that is over is waited for no longer: 4 March + 30 = Fr 3 April.
        ({"noticed": "2026-03-04 10:00"}, "2026-04-03 12:00", "2026-04-04 00:00"),
        ({"noticed": "2026-03-04 10:00"}, "2026-04-04 00:00", None),
        # Nobody has said how long the party's time was prolonged.
        ({"noticed": "2026-03-04 10:00", "prolonged": "2026-03-20 10:00"}, "2026-06-04 00:00", None),
    ],
)
def test_the_column_that_the_queue_is_ordered_by(moments, now, next_due):
    assert next_due_ms(at(known(**moments), now)) == (next_due and ms(next_due))


def test_the_midnight_after_the_last_day_is_beijings():
    assert day_ends_ms(date(2026, 2, 26)) == ms("2026-02-27 00:00")


STEPS = st.integers(ms("2025-09-01 00:00"), ms("2027-03-01 00:00"))
CASES = st.dictionaries(st.sampled_from(Moment), STEPS, max_size=12)


@given(CASES, STEPS, STEPS)
def test_what_is_late_stays_late(moments, one_time, another):
    early, late = (
        {clock.key: clock for clock in clocks(moments, BOOK.terms, CALENDAR, now)}
        for now in sorted((one_time, another))
    )
    for key, clock in early.items():
        if clock.state is ClockState.LATE and key in late:  # a decision on the spot, told of later, takes court away
            assert late[key].state is ClockState.LATE


@given(CASES, STEPS)
def test_nothing_is_late_before_the_column_says_so_and_something_is_after_it(moments, now):
    running = clocks(moments, BOOK.terms, CALENDAR, now)
    due_ms = next_due_ms(running)
    late = [clock for clock in running if clock.is_over and clock.still_counts]
    assert bool(late) is (due_ms is not None and due_ms <= now)


@given(CASES, STEPS, STEPS)
def test_a_day_that_has_gone_by_stays_the_next_one_until_something_happens(moments, one_time, another):
    early, late = sorted((one_time, another))
    ends = {Moment.PROLONGED_UNTIL, Moment.DEFERRED_UNTIL}  # alone of all they are known beforehand
    happened = {moment: at_ms for moment, at_ms in moments.items() if at_ms <= early or moment in ends}
    due_ms = next_due_ms(clocks(happened, BOOK.terms, CALENDAR, early))
    if due_ms is not None and due_ms <= early:
        assert next_due_ms(clocks(happened, BOOK.terms, CALENDAR, late)) == due_ms
