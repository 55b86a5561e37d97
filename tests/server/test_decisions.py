from dataclasses import replace

import pytest
from centre import NOW_MS, deliver, drop_trigger, make_act
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from server.cases import repository
from server.cases.procedure import (
    NEEDS_REASON,
    TRANSITIONS,
    Act,
    AgeBand,
    Basis,
    CaseState,
    Facts,
    allowed_acts,
    next_state,
    objections,
)
from server.cases.service import Order
from server.db import unit_of_work
from server.decisions import decide
from server.errors import ConflictError, ServerError, WrongInputError
from server.ledger.book import LedgerEntry, broken_at
from server.ledger.postings import Account, EntryKind, Posting, assess, balances, reverse
from server.ledger.postings import Basis as LedgerBasis
from server.lists import service as lists


def do(service, act: Act, case_id: int = 1, **given_values):
    with unit_of_work(service.sessions) as session:
        case = repository.get(session, case_id)
        values = {"version": case.version, "actor": "officer", "at_ms": NOW_MS} | given_values
        if act is Act.IDENTIFY:
            values = {"basis": Basis.SELF_REPORT, "age_band": AgeBand.ADULT} | values
        if act is Act.FINE:
            values = {"amount_fen": 1000} | values
        return decide(session, case, Order(act=act, **values), service.house)


def publish(service, case_id: int = 1, **changes):
    values = {"listing_id": f"l{case_id}", "officer": "officer", "reason": "r", "days": 7, "at_ms": NOW_MS} | changes
    with unit_of_work(service.sessions) as session:
        return lists.publish(session, repository.get(session, case_id), lists.Approval(**values), service.store)


def state(service, case_id: int = 1) -> str:
    with service.sessions.reading() as session:
        return repository.get(session, case_id).state


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("before", CaseState)
def test_what_the_table_has_is_done_and_what_it_has_not_is_refused(before, act):
    if (before, act) in TRANSITIONS:
        assert next_state(before, act) is TRANSITIONS[before, act]
        assert act in allowed_acts(before)
    else:
        with pytest.raises(ConflictError, match=f"a case that is {before}"):
            next_state(before, act)


FINE_LAW = {"amount_fen": 1000, "fine_range_fen": (500, 5000)}
TOO_MUCH = {"amount_fen": 5001, "fine_range_fen": (500, 5000)}


def facts(*, whole: bool = True, **values) -> Facts:
    return Facts(evidence_complete=whole, demonstration=False, **values)


OBJECTIONS = [
    ("pictures still on their way", Act.CONFIRM, facts(whole=False), 1),
    ("pictures are here", Act.CONFIRM, facts(), 0),
    ("a rejection without a reason of the list", Act.REJECT, facts(reason="because"), 1),
    ("a revocation without a reason", Act.REVOKE, facts(reason=" "), 1),
    ("an identification without basis and age", Act.IDENTIFY, facts(), 2),
    (
        "a demonstration's party in a real case",
        Act.IDENTIFY,
        facts(age_band=AgeBand.ADULT, basis=Basis.DEMONSTRATION),
        1,
    ),
    ("a fine under 14, fining off, no amount", Act.FINE, facts(age_band=AgeBand.UNDER_14), 3),
    ("unknown age", Act.FINE, facts(age_band=AgeBand.UNKNOWN, fining_switched_on=True, **FINE_LAW), 1),
    ("above the law", Act.FINE, facts(age_band=AgeBand.ADULT, fining_switched_on=True, **TOO_MUCH), 1),
    ("an adult within the law", Act.FINE, facts(age_band=AgeBand.ADULT, fining_switched_on=True, **FINE_LAW), 0),
    ("a warning to anybody", Act.WARN, facts(age_band=AgeBand.UNDER_14), 0),
]


@pytest.mark.parametrize(("story", "act", "known", "count"), OBJECTIONS, ids=[o[0] for o in OBJECTIONS])
def test_guards(story, act, known, count):
    assert len(objections(act, known)) == count


def test_what_ends_a_case_needs_a_reason():
    for act in NEEDS_REASON:
        assert objections(act, Facts(evidence_complete=True, demonstration=True))


def test_a_fine_posts_once_and_a_revocation_takes_everything_back(service):
    deliver(service, make_act())
    for act in (Act.CONFIRM, Act.IDENTIFY, Act.FINE):
        do(service, act)
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
    assert state(service) == "confirmed"


@pytest.mark.parametrize(
    ("story", "age", "sanction", "changes", "says"),
    [
        ("a minor", AgeBand.MINOR_14_17, Act.FINE, {}, "minors"),
        ("unsure age", AgeBand.UNKNOWN, Act.WARN, {}, "unsure age"),
        ("no reason", AgeBand.ADULT, Act.WARN, {"reason": " "}, "reason"),
        ("for ever", AgeBand.ADULT, Act.WARN, {"days": 31}, "30 days"),
    ],
)
def test_who_may_not_be_listed(service, story, age, sanction, changes, says):
    deliver(service, make_act())
    do(service, Act.CONFIRM)
    do(service, Act.IDENTIFY, age_band=age)
    do(service, sanction)
    with pytest.raises(WrongInputError, match=says):
        publish(service, **changes)


def test_an_undecided_case_is_not_listed_and_a_listed_one_not_twice_and_a_line_ends(service):
    deliver(service, make_act())
    with pytest.raises(WrongInputError, match="only a decided case"):
        publish(service)
    for act in (Act.CONFIRM, Act.IDENTIFY, Act.WARN):
        do(service, act)
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
    for act in (Act.CONFIRM, Act.IDENTIFY, Act.FINE):
        do(service, act)
    with pytest.raises(DatabaseError, match="appended only"), unit_of_work(service.sessions) as session:
        session.execute(text(change.format(table)))


def test_a_rewritten_entry_breaks_the_chain(service):
    for number in (1, 2):
        deliver(service, make_act(number))
        for act in (Act.CONFIRM, Act.IDENTIFY, Act.FINE):
            do(service, act, number)
    with unit_of_work(service.sessions) as session:
        drop_trigger(session, "ledger_entries_no_UPDATE")
        session.execute(text("UPDATE ledger_entries SET amount_fen = 1 WHERE number = 1"))
        assert broken_at(session) == 1


ACTS = st.lists(st.tuples(st.integers(1, 2), st.sampled_from(Act)), max_size=14)


@given(ACTS)
@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_tried_the_books_balance_and_no_state_is_illegal(service, tried):
    with service.sessions.reading() as session:
        first = (session.scalar(select(func.max(repository.Case.id))) or 0) + 1
    for offset in range(2):
        deliver(service, make_act(first + offset))
    for number, act in tried:
        case_id = first + number - 1
        before = CaseState(state(service, case_id))
        try:
            do(service, act, case_id, reason="other")
        except ServerError:
            assert state(service, case_id) == before
        else:
            assert state(service, case_id) == TRANSITIONS[before, act]
    with service.sessions.reading() as session:
        assert broken_at(session) is None
        for offset in range(2):
            of_case = [e for e in session.scalars(select(LedgerEntry)) if e.case_id == first + offset]
            owed = sum(e.amount_fen if e.debit == Account.FINES_RECEIVABLE else -e.amount_fen for e in of_case)
            case = repository.get(session, first + offset)
            assert owed == (1000 if (case.state, case.sanction) == ("decided", "fine") else 0)


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
def test_who_may_be_fined_is_what_was_recorded_and_not_what_the_form_of_the_fine_says(service, age, form_says, fined):
    deliver(service, make_act())
    do(service, Act.CONFIRM)
    do(service, Act.IDENTIFY, age_band=age)
    if fined:
        do(service, Act.FINE)
    else:
        with pytest.raises(WrongInputError, match="at least 14"):
            do(service, Act.FINE, age_band=form_says)
    with service.sessions.reading() as session:
        assert len(session.scalars(select(LedgerEntry)).all()) == int(fined)


def test_a_code_that_is_not_switched_on_cannot_be_fined(service):
    deliver(service, make_act())
    do(service, Act.CONFIRM)
    do(service, Act.IDENTIFY)
    elsewhere = replace(service, house=replace(service.house, fining_codes=("2007",)))
    with pytest.raises(WrongInputError, match="not switched on"):
        do(elsewhere, Act.FINE)
    assert state(service) == "identified"


def test_an_act_on_a_day_without_law_is_not_fined_but_can_be_rejected(service):
    for number in (1, 2):
        deliver(service, make_act(number, entered_at_ms=number))
        do(service, Act.CONFIRM, number)
    do(service, Act.REJECT, 1, reason="other")
    do(service, Act.IDENTIFY, 2)
    with pytest.raises(WrongInputError, match="not switched on"):
        do(service, Act.FINE, 2)
    assert (state(service, 1), state(service, 2)) == ("rejected", "identified")
