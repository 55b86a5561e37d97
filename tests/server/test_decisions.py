"""Acts with all that follows from them, on a real database: the case, its money, its public line, its clocks."""

from dataclasses import replace
from datetime import date

import pytest
from centre import NOW_MS, deliver, drop_trigger, make_act
from hypothesis import given
from hypothesis import strategies as st
from officers import (
    FIRST,
    SECOND,
    TO_CONFIRMED,
    TO_DECIDED,
    TO_HEARD,
    TO_IDENTIFIED,
    TO_SERVED,
    do,
    house_of,
    lead,
)
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server import audit
from server.cases import repository
from server.cases.service import Order
from server.civil_time import beijing_day, day_ends_ms
from server.db import unit_of_work
from server.decisions.due import reckon, reckon_anew
from server.decisions.errors import ObjectedError
from server.decisions.service import decide
from server.decisions.settling import settle_paid
from server.decisions.situation import situation
from server.errors import ConflictError, ServerError, WrongInputError
from server.ledger import agreements, payments
from server.ledger.balances import money_of
from server.ledger.book import LedgerEntry, broken_at
from server.ledger.instalments import Due
from server.ledger.postings import Account, EntryKind, Posting, assess, balances, reverse
from server.ledger.postings import Basis as LedgerBasis
from server.lists import service as lists
from server.procedure.words import Act, AgeBand

DAY_MS = 86_400_000


def publish(service, case_id: int = 1, **changes):
    values = {"listing_id": f"l{case_id}", "officer": "officer", "reason": "r", "days": 7, "at_ms": NOW_MS} | changes
    with unit_of_work(service.sessions) as session:
        return lists.publish(session, repository.get(session, case_id), lists.Approval(**values), service.store)


def state(service, case_id: int = 1) -> str:
    with service.sessions.reading() as session:
        return repository.get(session, case_id).state


def test_a_fine_posts_once_and_a_revocation_takes_everything_back(service):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    publish(service)
    with service.sessions.reading() as session:
        (entry,) = session.scalars(select(LedgerEntry))
        assert (entry.amount_fen, entry.debit, entry.officer) == (1000, "fines_receivable", "officer")
        assert len(lists.public_lines(session, NOW_MS)) == 1
    do(service, Act.REVOKE, reason="wrong person")
    with service.sessions.reading() as session:
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
        assert [e.kind for e in entries] == ["assessed", "reversed"]
        assert {(e.debit, e.credit) for e in entries} == {
            ("fines_receivable", "fines_assessed"),
            ("fines_assessed", "fines_receivable"),
        }
        (line,) = lists.public_lines(session, NOW_MS)
        assert (line.withdrawn_because, line.picture_sha256, line.site_name) == ("wrong person", None, None)
        assert lists.public_picture(session, line.id, NOW_MS) is None
        assert broken_at(session) is None


def test_a_case_without_its_pictures_is_not_confirmed(service):
    deliver(service, make_act(), files=False)
    with pytest.raises(WrongInputError, match="not arrived whole"):
        do(service, Act.CONFIRM)
    assert state(service) == "received"


def test_two_officers_cannot_both_decide(service):
    deliver(service, make_act())
    do(service, Act.CONFIRM, version=1)
    with pytest.raises(ServerError):
        do(service, Act.REJECT, version=1, reason="unclear")
    assert state(service) == "second_review"


@pytest.mark.parametrize(
    ("story", "age", "sanction", "changes", "says"),
    [
        ("a minor", AgeBand.MINOR_14_17, Act.WARN, {}, "minors"),
        ("unsure age", AgeBand.UNKNOWN, Act.WARN, {}, "unsure age"),
        ("no reason", AgeBand.ADULT, Act.WARN, {"reason": " "}, "reason"),
        ("for ever", AgeBand.ADULT, Act.WARN, {"days": 31}, "30 days"),
    ],
)
def test_who_may_not_be_listed(service, story, age, sanction, changes, says):
    deliver(service, make_act())
    lead(service, TO_CONFIRMED)
    do(service, Act.IDENTIFY, age_band=age)
    lead(service, (sanction, Act.SERVE))
    with pytest.raises(WrongInputError, match=says):
        publish(service, **changes)


def test_an_undecided_case_is_not_listed_and_a_listed_one_not_twice_and_a_line_ends(service):
    deliver(service, make_act())
    with pytest.raises(WrongInputError, match="only a decision that has been served"):
        publish(service)
    lead(service, (*TO_IDENTIFIED, Act.WARN, Act.SERVE))
    publish(service)
    with pytest.raises(WrongInputError, match="listed once"):
        publish(service, listing_id="again")
    with service.sessions.reading() as session:
        assert len(lists.public_lines(session, NOW_MS + 6 * lists.DAY_MS)) == 1
        assert lists.public_lines(session, NOW_MS + 7 * lists.DAY_MS) == []
        assert lists.public_picture(session, "l1", NOW_MS + 7 * lists.DAY_MS) is None


@pytest.mark.parametrize("table", ["ledger_entries", "case_acts", "audit_log"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at_ms = 0", "DELETE FROM {}"])
def test_the_database_refuses_to_rewrite_history(service, table, change):
    deliver(service, make_act())
    lead(service, TO_DECIDED)
    with pytest.raises(DatabaseError, match="appended only"), unit_of_work(service.sessions) as session:
        session.execute(text(change.format(table)))


def test_a_rewritten_entry_breaks_the_chain(service):
    for number in (1, 2):
        deliver(service, make_act(number))
        lead(service, TO_DECIDED, number)
    with unit_of_work(service.sessions) as session:
        drop_trigger(session, "ledger_entries_no_UPDATE")
        session.execute(text("UPDATE ledger_entries SET amount_fen = 1 WHERE number = 1"))
        assert broken_at(session) == 1


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=20), st.data())
def test_assessing_and_reversing_always_balances(amounts, data):
    basis = LedgerBasis(1, "officer", "0" * 64, NOW_MS, False)
    postings: list[Posting] = [assess(basis, amount) for amount in amounts]
    chosen = data.draw(st.sets(st.integers(0, len(amounts) - 1)))
    postings += [reverse(postings[i], i + 1, "officer", NOW_MS) for i in sorted(chosen)]
    totals = balances(postings)
    assert sum(totals.values()) == 0
    assert totals[Account.FINES_RECEIVABLE] == sum(a for i, a in enumerate(amounts) if i not in chosen)
    with pytest.raises(ValueError, match="reversal"):
        reverse(next((p for p in postings if p.kind is EntryKind.REVERSED), reverse(postings[0], 1, "o", 1)), 9, "o", 1)


@pytest.mark.parametrize(
    ("age", "form_says", "fined"),
    [
        (AgeBand.ADULT, None, True),
        (AgeBand.MINOR_14_17, None, True),
        (AgeBand.UNDER_14, None, False),
        (AgeBand.UNKNOWN, None, False),
        (AgeBand.UNDER_14, AgeBand.ADULT, False),
        (AgeBand.UNKNOWN, AgeBand.ADULT, False),
    ],
)
def test_who_may_be_fined_is_what_was_recorded_and_not_what_a_form_says(service, age, form_says, fined):
    deliver(service, make_act())
    lead(service, TO_CONFIRMED)
    do(service, Act.IDENTIFY, age_band=age)
    if fined:
        lead(service, (Act.NOTIFY, Act.HEAR, Act.FINE))
    else:
        with pytest.raises(ObjectedError, match=r"under 14|age is known"):
            do(service, Act.NOTIFY, age_band=form_says)
    with service.sessions.reading() as session:
        assert len(session.scalars(select(LedgerEntry)).all()) == int(fined)


def test_a_code_that_is_not_switched_on_cannot_be_fined(service):
    deliver(service, make_act())
    elsewhere = replace(service, house=replace(service.house, fining_codes=("2007",)))
    lead(elsewhere, (Act.CONFIRM, Act.IDENTIFY))  # and is looked at once
    with pytest.raises(WrongInputError, match="not switched on"):
        do(elsewhere, Act.NOTIFY)
    assert state(service) == "identified"


def test_an_act_on_a_day_without_law_or_of_long_ago_is_not_fined_but_can_be_deleted(service):
    for number in (1, 2):
        deliver(service, make_act(number, entered_at_ms=number))
        do(service, Act.CONFIRM, number)
    do(service, Act.REJECT, 1, reason="other")
    do(service, Act.IDENTIFY, 2)
    with pytest.raises(WrongInputError, match="not switched on"):
        do(service, Act.NOTIFY, 2)
    assert (state(service, 1), state(service, 2)) == ("rejected", "identified")


# What fining asks for besides: two people, a notice, a hearing, two years.


def test_the_first_reviewer_cannot_be_the_second_and_who_disagreed_settles_nothing(service):
    deliver(service, make_act())
    do(service, Act.CONFIRM)
    with pytest.raises(ObjectedError, match="another person's"):
        do(service, Act.CONFIRM, actor=FIRST)
    do(service, Act.REJECT)
    assert state(service) == "disputed"
    for actor in (FIRST, SECOND):
        with pytest.raises(ObjectedError, match="another person's"):
            do(service, Act.CONFIRM, actor=actor)
    do(service, Act.CONFIRM, actor="zhao")
    assert state(service) == "confirmed"


def test_an_act_is_never_before_the_one_before_it(service):
    """Two reject at once, and who read the clock first comes second: the deletion's clock must end all the same."""
    deliver(service, make_act())
    do(service, Act.REJECT, at_ms=NOW_MS + 5)
    assert do(service, Act.REJECT, at_ms=NOW_MS).at_ms == NOW_MS + 5
    with service.sessions.reading() as session:
        case = repository.get(session, 1)
        assert (case.state, case.next_due_ms) == ("rejected", None)
        assert situation(session, case, service.house, NOW_MS + DAY_MS).next_due_ms is None


def test_a_case_is_looked_at_for_as_long_as_the_law_data_says(service):
    deliver(service, make_act())
    slow = replace(service, house=house_of(service.settings, VIEWING_TIME_MIN=3000))
    with pytest.raises(ObjectedError, match=r"at least 3.0 s, found 0.0 s"):
        do(slow, Act.CONFIRM)  # without having opened it
    with unit_of_work(service.sessions) as session:
        audit.opened(session, NOW_MS, FIRST, "case.view", 1, "to review it")
    with pytest.raises(ObjectedError, match=r"at least 3.0 s, found 2.9 s"):
        do(slow, Act.CONFIRM, at_ms=NOW_MS + 2900)
    do(slow, Act.CONFIRM, at_ms=NOW_MS + 3000)


def test_ten_cases_opened_at_once_are_not_looked_at_in_the_time_of_one(service):
    for number in (1, 2):
        deliver(service, make_act(number))
        with unit_of_work(service.sessions) as session:
            audit.opened(session, NOW_MS, FIRST, "case.view", number, "to review it")
    slow = replace(service, house=house_of(service.settings, VIEWING_TIME_MIN=3000))
    do(slow, Act.CONFIRM, 1, at_ms=NOW_MS + 3000)
    with pytest.raises(ObjectedError, match=r"at least 3.0 s, found 0.5 s"):
        do(slow, Act.CONFIRM, 2, at_ms=NOW_MS + 3500)
    do(slow, Act.CONFIRM, 2, at_ms=NOW_MS + 6000)


def test_an_amount_never_rises_after_the_notice_and_may_fall(service):
    deliver(service, make_act())
    lead(service, TO_HEARD)
    with pytest.raises(ObjectedError, match="told 1000 fen, found 1001"):
        do(service, Act.FINE, amount_fen=1001)
    do(service, Act.FINE, amount_fen=500)
    assert money(service).owed_fen == 500


def test_nobody_is_fined_before_they_were_heard_or_their_time_is_over(service):
    deliver(service, make_act())
    lead(service, (*TO_IDENTIFIED, Act.NOTIFY))
    with pytest.raises(ObjectedError, match="has not been heard"):
        do(service, Act.FINE)
    do(service, Act.FINE, at_ms=NOW_MS + 40 * DAY_MS)  # 30 days of 程序规定 art. 20
    assert state(service) == "decided"


def test_after_two_years_nobody_is_fined_and_the_case_lapses(service):
    deliver(service, make_act())
    lead(service, TO_HEARD)
    late_ms = NOW_MS + 732 * DAY_MS
    with pytest.raises(ObjectedError, match="two years"):
        do(service, Act.FINE, at_ms=late_ms)
    with pytest.raises(ObjectedError, match="are not over"):
        do(service, Act.LAPSE)
    do(service, Act.LAPSE, at_ms=late_ms)
    assert (state(service), due(service)) == ("lapsed", None)


def test_more_time_is_granted_to_its_last_day(service):
    deliver(service, make_act())
    lead(service, (*TO_IDENTIFIED, Act.NOTIFY))
    before = due(service)
    do(service, Act.PROLONG, until_ms=NOW_MS + 20 * DAY_MS, reason="in hospital")
    assert due(service) > before
    with pytest.raises(ObjectedError, match="more time ends within"):
        do(service, Act.PROLONG, until_ms=NOW_MS + 93 * DAY_MS, reason="longer")


def test_more_time_is_waited_for_also_where_the_period_was_over_when_it_was_granted(service):
    deliver(service, make_act())
    lead(service, (*TO_IDENTIFIED, Act.NOTIFY))
    late_ms = NOW_MS + 40 * DAY_MS
    do(service, Act.PROLONG, at_ms=late_ms, until_ms=late_ms + 20 * DAY_MS, reason="in hospital")
    with pytest.raises(ObjectedError, match="has not been heard"):
        do(service, Act.FINE, at_ms=late_ms + 19 * DAY_MS)
    do(service, Act.FINE, at_ms=late_ms + 21 * DAY_MS)


def test_an_order_for_a_version_that_nobody_has_seen_yet_is_refused(service):
    deliver(service, make_act())
    with unit_of_work(service.sessions) as session:  # whoever reads the case now, and does so when it is there
        case = repository.get(session, 1)
        session.execute(text("UPDATE cases SET version = 2, state = 'second_review' WHERE id = 1"))
        with pytest.raises(ConflictError, match="by somebody else meanwhile"):
            decide(session, case, Order(Act.CONFIRM, 2, FIRST, NOW_MS), service.house)


def test_a_warning_costs_nothing_whatever_its_form_says(service):
    deliver(service, make_act())
    lead(service, (*TO_IDENTIFIED, Act.NOTIFY, Act.HEAR))
    do(service, Act.WARN, amount_fen=1000)
    with service.sessions.reading() as session:
        assert repository.get(session, 1).amount_fen is None
        assert repository.acts(session, 1)[-1].amount_fen is None


def test_a_deferral_moves_the_queues_day(service):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    before = due(service)
    with unit_of_work(service.sessions) as session:
        agreements.grant(session, 1, [Due(date(2027, 12, 1), 1000)], "zhao", "hardship", NOW_MS)
        reckon(session, 1, service.house, NOW_MS)
    assert due(service) > before


def test_a_large_fine_needs_another_head_and_only_then_costs_anything(service):
    deliver(service, make_act())
    small = replace(service, house=house_of(service.settings, SIMPLE_PROCEDURE_MAX=500))
    lead(small, TO_HEARD)
    do(small, Act.FINE, actor=FIRST)
    assert (state(service), money(service).owed_fen) == ("proposed", 0)
    with pytest.raises(ObjectedError, match="another person's"):
        do(small, Act.APPROVE, actor=FIRST)
    do(small, Act.APPROVE, actor="legal")
    assert (state(service), money(service).owed_fen) == ("decided", 1000)


def test_an_objection_that_is_right_takes_money_and_list_back_in_one_step(service):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    publish(service)
    do(service, Act.OBJECT, reason="that was not me")
    do(service, Act.UPHOLD, reason="it was another rider")
    assert (state(service), money(service).owed_fen) == ("revoked", 0)
    with service.sessions.reading() as session:
        assert [line.withdrawn_because for line in lists.public_lines(session, NOW_MS)] == ["it was another rider"]


def test_an_objection_that_is_wrong_leads_back_to_where_the_case_stood(service):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    do(service, Act.OBJECT, reason="that was not me")
    do(service, Act.DENY, reason="it was: still 3")
    assert (state(service), money(service).owed_fen) == ("served", 1000)


def test_a_lower_fine_is_the_only_one_that_stands_and_what_was_paid_above_it_goes_back(service):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    pay(service, 1000)
    lead(service, (Act.APPLY_RECONSIDERATION,), reason="渝府复〔2027〕1号")
    do(service, Act.REDUCE, amount_fen=600, reason="渝府复〔2027〕1号")
    assert (state(service), money(service).refund_due_fen, money(service).assessed_fen) == ("paid", 400, 600)


def test_a_lower_fine_leaves_nobody_owing_what_was_waived(service):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    with unit_of_work(service.sessions) as session:
        basis = LedgerBasis(1, "zhao", "0" * 64, NOW_MS, demonstration=False)
        payments.decide_otherwise(session, EntryKind.WAIVED, basis, 400, "hardship")
    pay(service, 600)
    do(service, Act.SUE, reason="渝行初〔2027〕1号")
    do(service, Act.REDUCE, amount_fen=900, reason="渝行初〔2027〕1号")
    assert (state(service), money(service).owed_fen, money(service).refund_due_fen) == ("paid", 0, 0)


def test_a_case_of_which_nothing_is_owed_is_settled_with_its_payment(service):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    pay(service, 400)
    assert state(service) == "served"
    pay(service, 600)
    assert state(service) == "paid"
    with pytest.raises(ConflictError):
        do(service, Act.ENFORCE)


RULING = "渝府复〔2027〕1号"


@pytest.mark.parametrize(
    ("story", "remedy", "paid_fen", "answer", "given", "stands"),
    [
        ("paid while the objection was open, denied", Act.OBJECT, 1000, Act.DENY, {}, ("paid", 0, 0)),
        (
            "paid while it was reconsidered, maintained",
            Act.APPLY_RECONSIDERATION,
            1000,
            Act.MAINTAIN,
            {},
            ("paid", 0, 0),
        ),
        ("paid in court, maintained", Act.SUE, 1000, Act.MAINTAIN, {}, ("paid", 0, 0)),
        ("lowered to what was paid", Act.SUE, 600, Act.REDUCE, {"amount_fen": 600}, ("paid", 0, 0)),
        ("lowered below it: the rest is due back", Act.SUE, 900, Act.REDUCE, {"amount_fen": 600}, ("paid", 0, 300)),
        ("lowered, and something is still owed", Act.SUE, 500, Act.REDUCE, {"amount_fen": 600}, ("served", 100, 0)),
        ("nothing was paid, denied", Act.OBJECT, 0, Act.DENY, {}, ("served", 1000, 0)),
        ("annulled", Act.SUE, 1000, Act.ANNUL, {}, ("revoked", 0, 1000)),
    ],
)
def test_a_case_that_comes_back_from_a_remedy_owing_nothing_is_settled_with_the_answer(
    service, story, remedy, paid_fen, answer, given, stands
):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    do(service, remedy, reason=RULING)
    if paid_fen:
        pay(service, paid_fen)
    assert state(service) not in {"served", "paid"}  # a payment ends no remedy
    do(service, answer, reason=RULING, **given)
    assert (state(service), money(service).owed_fen, money(service).refund_due_fen) == stands


def test_who_paid_before_the_decision_was_served_owes_nothing_then(service):
    deliver(service, make_act())
    lead(service, TO_DECIDED)
    pay(service, 1000)
    do(service, Act.SERVE)
    assert state(service) == "paid"
    with service.sessions.reading() as session:
        assert [(row.act, row.actor) for row in repository.acts(session, 1)][-2:] == [
            ("serve", FIRST),
            ("settle", FIRST),
        ]


def test_what_was_waived_while_a_remedy_was_open_is_no_longer_asked_for(service):
    deliver(service, make_act())
    lead(service, TO_SERVED)
    do(service, Act.OBJECT, reason="that was not me")
    with unit_of_work(service.sessions) as session:
        basis = LedgerBasis(1, "zhao", "0" * 64, NOW_MS, demonstration=False)
        payments.decide_otherwise(session, EntryKind.WAIVED, basis, 1000, "hardship")
    do(service, Act.DENY, reason="it was: still 3")
    assert state(service) == "paid"


def test_a_warning_that_comes_back_from_a_remedy_has_nothing_to_settle(service):
    deliver(service, make_act())
    lead(service, (*TO_IDENTIFIED, Act.WARN, Act.SERVE))
    do(service, Act.OBJECT, reason="that was not me")
    do(service, Act.DENY, reason="it was: still 3")
    assert state(service) == "served"


def test_another_rider_is_told_and_heard_anew(service):
    deliver(service, make_act())
    lead(service, TO_HEARD)
    do(service, Act.REASSIGN)
    with pytest.raises(ConflictError):
        do(service, Act.FINE)
    lead(service, (Act.NOTIFY, Act.HEAR, Act.FINE))
    with service.sessions.reading() as session:
        assert repository.party(session, 1).number == "P-0000002"


def test_a_reopened_case_is_reviewed_anew(service):
    deliver(service, make_act())
    lead(service, TO_IDENTIFIED)
    do(service, Act.REOPEN, reason="the lamp had failed", actor="zhao")
    assert state(service) == "received"
    do(service, Act.CONFIRM)
    assert state(service) == "second_review"


def test_the_queues_column_is_the_next_day_of_the_law(service):
    deliver(service, make_act())
    received = due(service)
    assert received == day_ends_ms(beijing_day(received - 1))
    assert 5 <= (received - NOW_MS) / DAY_MS <= 20  # five working days, over the festival of 2027
    lead(service, (*TO_IDENTIFIED, Act.NOTIFY))
    come_in = due(service)
    assert reckon_anew(service.sessions, service.house, come_in - 1) == 0
    assert reckon_anew(service.sessions, service.house, come_in) == 1  # the party's time is over: what is next?
    assert due(service) > come_in


def test_a_day_that_has_gone_by_is_looked_at_once(service):
    deliver(service, make_act())
    lead(service, (*TO_IDENTIFIED, Act.NOTIFY))
    come_in = due(service)
    assert reckon_anew(service.sessions, service.house, come_in + DAY_MS, since_ms=come_in) == 0
    assert due(service) == come_in
    assert reckon_anew(service.sessions, service.house, come_in + DAY_MS, since_ms=come_in - 1) == 1


def test_who_draws_the_second_review_cannot_be_foreseen_and_is_always_the_same(service):
    for number in range(1, 41):
        deliver(service, make_act(number))
    drawn = replace(
        service, house=house_of(service.settings.model_copy(update={"fining_codes": ()}), SECOND_REVIEW_SHARE=50)
    )
    for number in range(1, 41):
        do(drawn, Act.CONFIRM, number)
    states = [state(service, number) for number in range(1, 41)]
    assert 8 < states.count("second_review") < 32
    assert set(states) == {"second_review", "confirmed"}


def due(service, case_id: int = 1) -> int | None:
    with service.sessions.reading() as session:
        return repository.get(session, case_id).next_due_ms


def money(service, case_id: int = 1):
    with service.sessions.reading() as session:
        return money_of(session, [case_id])[case_id]


def pay(service, amount_fen: int) -> None:
    with unit_of_work(service.sessions) as session:
        basis = LedgerBasis(1, "cashier", "0" * 64, NOW_MS, demonstration=False)
        payments.take_epay(session, basis, amount_fen, f"t-{amount_fen}")
        settle_paid(session, [1], "cashier", NOW_MS, service.house)
