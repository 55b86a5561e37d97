"""Why an act may not be done, as a table an officer could read; each row changes one fact of a case that may."""

from dataclasses import replace

import pytest

from server.procedure.facts import Facts, Money, Review
from server.procedure.guards import GUARDS, objections
from server.procedure.reasons import TEXTS, Objection, Reason
from server.procedure.table import TABLE
from server.procedure.words import SANCTIONS, Act, AgeBand, Basis

RIGHT = Facts(
    evidence_complete=True,
    reason="unclear",
    reason_on_list=True,
    review=Review(
        actor="li",
        earlier_by=frozenset({"wang"}),
        first_confirmed=True,
        reviewed_twice=True,
        seen_ms=4000,
        seen_min_ms=3000,
    ),
    money=Money(
        amount_fen=1000,
        range_fen=(500, 5000),
        announced_fen=1000,
        simple_max_fen=20_000,
        fining_on=True,
        decided_fen=2000,
        overdue=True,
    ),
    basis=Basis.SHOWN_ON_SITE,
    age_band=AgeBand.ADULT,
    identity_known=True,
    contact_confirmed=True,
    hearing_over=True,
    remedies_over=True,
    statement_kept=True,
    until_ms=2,
    until_range_ms=(1, 3),
)


def review(**changes) -> Facts:
    return replace(RIGHT, review=replace(RIGHT.review, **changes))


def money(**changes) -> Facts:
    return replace(RIGHT, money=replace(RIGHT.money, **changes))


def fact(**changes) -> Facts:
    return replace(RIGHT, **changes)


R = Reason
ROWS = [
    ("pictures on their way", Act.CONFIRM, fact(evidence_complete=False), [R.EVIDENCE_INCOMPLETE]),
    ("the clock was wrong", Act.CONFIRM, fact(held="clock: 5 s off"), [R.HELD]),
    ("clicked away in a second", Act.CONFIRM, review(seen_ms=900), [R.SEEN_TOO_SHORT]),
    ("exactly the floor", Act.CONFIRM, review(seen_ms=3000), []),
    ("the same reviewer twice", Act.CONFIRM, review(actor="wang"), [R.SAME_REVIEWER]),
    ("the same reviewer rejects", Act.REJECT, review(actor="wang"), [R.SAME_REVIEWER]),
    ("a reason of one's own", Act.REJECT, fact(reason="dull", reason_on_list=False), [R.REASON_NOT_ON_LIST]),
    ("a held event can be rejected", Act.REJECT, fact(held="clock", evidence_complete=False), []),
    ("neither basis nor age", Act.IDENTIFY, fact(basis=None, age_band=None), [R.NO_BASIS, R.NO_AGE]),
    ("a demonstration's party", Act.IDENTIFY, fact(basis=Basis.DEMONSTRATION), [R.DEMONSTRATION_ONLY]),
    ("another rider, no reason", Act.REASSIGN, fact(reason=" "), [R.NO_REASON]),
    ("nobody knows the address", Act.NOTIFY, fact(contact_confirmed=False), [R.CONTACT_NOT_CONFIRMED]),
    ("nobody knows the person", Act.NOTIFY, fact(identity_known=False), [R.NO_IDENTITY]),
    ("a demonstration has no address", Act.NOTIFY, fact(contact_confirmed=False, demonstration=True), []),
    ("two years are over", Act.NOTIFY, fact(two_years_over=True), [R.TWO_YEARS_OVER]),
    ("a fine within the law", Act.FINE, RIGHT, []),
    ("a fine after two years", Act.FINE, fact(two_years_over=True), [R.TWO_YEARS_OVER]),
    ("a fine of a child", Act.FINE, fact(age_band=AgeBand.UNDER_14), [R.UNDER_14]),
    ("a fine, age unknown", Act.FINE, fact(age_band=AgeBand.UNKNOWN), [R.AGE_UNKNOWN]),
    ("a fine at 15", Act.FINE, fact(age_band=AgeBand.MINOR_14_17), []),
    ("fining is off", Act.FINE, money(fining_on=False), [R.FINING_OFF]),
    ("above the law", Act.FINE, money(amount_fen=5001, announced_fen=9000), [R.AMOUNT_OUT_OF_RANGE]),
    ("no amount", Act.FINE, money(amount_fen=None), [R.AMOUNT_OUT_OF_RANGE]),
    ("the notice spoke of no fine", Act.FINE, money(announced_fen=None), [R.NOT_ANNOUNCED]),
    ("a notice of a fine, one reviewer", Act.NOTIFY, review(reviewed_twice=False), [R.NOT_REVIEWED_TWICE]),
    ("a notice without a fine, one reviewer", Act.NOTIFY, replace(review(reviewed_twice=False), money=Money()), []),
    ("a notice of a fine to a child", Act.NOTIFY, fact(age_band=AgeBand.UNDER_14), [R.UNDER_14]),
    ("raised after the defence", Act.FINE, money(amount_fen=1001), [R.AMOUNT_ABOVE_NOTICE]),
    ("lowered after the defence", Act.FINE, money(amount_fen=500), []),
    ("one reviewer only", Act.FINE, review(reviewed_twice=False), [R.NOT_REVIEWED_TWICE]),
    ("before the party was heard", Act.FINE, fact(hearing_over=False), [R.NOT_HEARD]),
    ("a child is not warned: a warning is a penalty", Act.WARN, fact(age_band=AgeBand.UNDER_14), [R.UNDER_14]),
    ("a child is educated", Act.EDUCATE, fact(age_band=AgeBand.UNDER_14), []),
    ("a favour without a reason", Act.EDUCATE, fact(reason_on_list=False), [R.LENIENCY_NOT_ON_LIST]),
    ("who proposed it approves it", Act.APPROVE, review(actor="wang"), [R.SAME_REVIEWER]),
    ("money is owed", Act.SETTLE, money(owed_fen=30), [R.STILL_OWED]),
    ("money is owed to the party", Act.SETTLE, money(owed_fen=-30), [R.STILL_OWED]),
    ("the court raises a fine", Act.REDUCE, money(amount_fen=2001), [R.NOT_LOWER]),
    ("the court lowers it to nothing: that is an annulment", Act.REDUCE, money(amount_fen=0), [R.NOT_LOWER]),
    ("not overdue", Act.ENFORCE, money(overdue=False), [R.NOT_OVERDUE]),
    ("it can still be appealed", Act.ENFORCE, fact(remedies_over=False), [R.REMEDIES_OPEN]),
    ("a revocation is made public with its reason", Act.REVOKE, fact(reason=""), [R.NO_REASON]),
    ("too early to lapse", Act.LAPSE, RIGHT, [R.TWO_YEARS_NOT_OVER]),
    ("nothing is kept of what was said", Act.HEAR, fact(statement_kept=False), [R.NO_STATEMENT]),
    ("a demonstration's party says nothing", Act.HEAR, fact(statement_kept=False, demonstration=True), []),
    ("more time without an end", Act.PROLONG, fact(until_ms=None), [R.UNTIL_OUT_OF_RANGE]),
    ("more time than three months", Act.PROLONG, fact(until_ms=4), [R.UNTIL_OUT_OF_RANGE]),
    ("served without a proof", Act.SERVE, fact(reason=""), [R.NO_REASON]),
    ("archived while money is owed", Act.ARCHIVE, money(owed_fen=1), [R.STILL_OWED]),
]


@pytest.mark.parametrize(("story", "act", "facts", "found"), ROWS, ids=[row[0] for row in ROWS])
def test_guards(story, act, facts, found):
    assert [objection.reason for objection in objections(act, facts)] == found


def test_all_reasons_are_told_at_once():
    wrong = fact(held="chain", evidence_complete=False)
    wrong = replace(wrong, review=replace(wrong.review, seen_ms=0, actor="wang"))
    found = [objection.reason for objection in objections(Act.CONFIRM, wrong)]
    assert found == [R.HELD, R.EVIDENCE_INCOMPLETE, R.SEEN_TOO_SHORT, R.SAME_REVIEWER]


def test_an_event_that_is_held_back_accuses_nobody():
    for act in (*SANCTIONS, Act.CONFIRM, Act.IDENTIFY, Act.NOTIFY):
        assert R.HELD in [objection.reason for objection in objections(act, fact(held="clock"))], act


def test_every_reason_has_both_languages_and_every_guard_is_of_an_act_of_the_table():
    assert set(TEXTS) == set(Reason)
    assert {step.act for step in TABLE} - set(GUARDS) == {Act.SUE, Act.APPLY_RECONSIDERATION}
    told = Objection(R.AMOUNT_ABOVE_NOTICE, "1000", "1001")
    assert "told 1000 fen, found 1001" in told.text()
    assert "不得因申辩加重处罚" in told.text("zh")
