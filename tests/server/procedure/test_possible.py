"""Which acts a page offers: what no form can make good is not offered, and nothing else is left out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.procedure.facts import Facts, Money, Review
from server.procedure.guards import GUARDS, objections
from server.procedure.possible import why_impossible
from server.procedure.reasons import Reason
from server.procedure.words import NAMING, Act, AgeBand, Basis

R = Reason
EMPTY = Facts(
    evidence_complete=True,
    review=Review(actor="li", earlier_by=frozenset({"wang"}), reviewed_twice=True, seen_min_ms=3000),
    money=Money(range_fen=(500, 5000), announced_fen=1000, simple_max_fen=20_000, fining_on=True, decided_fen=1000),
    age_band=AgeBand.ADULT,
    identity_known=True,
    contact_confirmed=True,
    statement_kept=True,
    hearing_over=True,
    until_range_ms=(1, 3),
)
"""A case as its page has it: nobody has filled in anything, nobody has looked for long yet."""


def money(**changes) -> Facts:
    return replace(EMPTY, money=replace(EMPTY.money, **changes))


def fact(**changes) -> Facts:
    return replace(EMPTY, **changes)


ROWS = [
    ("looked at for a moment: that passes", Act.CONFIRM, EMPTY, []),
    ("pictures on their way", Act.CONFIRM, fact(evidence_complete=False), [R.EVIDENCE_INCOMPLETE]),
    ("one's own verdict", Act.REJECT, replace(EMPTY, review=Review(actor="w", earlier_by=frozenset("w"))),
     [R.SAME_REVIEWER]),
    ("the site is suspended", Act.IDENTIFY, fact(site_suspended="lamp"), [R.SITE_SUSPENDED]),
    ("a party is named by the form", Act.IDENTIFY, fact(age_band=None), []),
    ("nobody knows who it is", Act.NOTIFY, fact(identity_known=False, contact_confirmed=False),
     [R.NO_IDENTITY, R.CONTACT_NOT_CONFIRMED]),
    ("a child is told, without a fine", Act.NOTIFY, fact(age_band=AgeBand.UNDER_14), []),
    ("a child is not fined", Act.FINE, fact(age_band=AgeBand.UNDER_14), [R.UNDER_14]),
    ("fining is off", Act.FINE, money(fining_on=False), [R.FINING_OFF]),
    ("the notice told of no fine", Act.FINE, money(announced_fen=None), [R.NOT_ANNOUNCED]),
    ("the notice told of less than the law has now", Act.FINE, money(announced_fen=300), [R.AMOUNT_ABOVE_NOTICE]),
    ("the notice told of the least", Act.FINE, money(announced_fen=500), []),
    ("the party was not heard", Act.FINE, fact(hearing_over=False), [R.NOT_HEARD]),
    ("nothing is kept of what was said", Act.HEAR, fact(statement_kept=False), [R.NO_STATEMENT]),
    ("two years are not over", Act.LAPSE, EMPTY, [R.TWO_YEARS_NOT_OVER]),
    ("two years are over", Act.LAPSE, fact(two_years_over=True), []),
    ("after two years", Act.WARN, fact(two_years_over=True), [R.TWO_YEARS_OVER]),
    ("money is owed", Act.SETTLE, money(owed_fen=30), [R.STILL_OWED]),
    ("neither late nor final", Act.ENFORCE, EMPTY, [R.NOT_OVERDUE, R.REMEDIES_OPEN]),
    ("a fine is lowered", Act.REDUCE, EMPTY, []),
    ("a warning is not lowered", Act.REDUCE, money(decided_fen=None), [R.NO_FINE]),
    ("a fen is not lowered", Act.REDUCE, money(decided_fen=1), [R.NOT_LOWER]),
    ("more time", Act.PROLONG, EMPTY, []),
    ("a suit needs nothing", Act.SUE, EMPTY, []),
]  # fmt: skip


@pytest.mark.parametrize(("story", "act", "facts", "why"), ROWS, ids=[row[0] for row in ROWS])
def test_what_no_form_can_make_good(story, act, facts, why):
    assert [objection.reason for objection in why_impossible(act, facts)] == why


WORDS, FEN, FLAG = st.sampled_from(["", " ", "unclear"]), st.integers(-1, 60), st.booleans()
RANGE = st.tuples(FEN, FEN)
CASES = st.builds(
    Facts,
    evidence_complete=FLAG,
    demonstration=FLAG,
    held=st.sampled_from([None, None, "clock"]),
    site_suspended=st.sampled_from([None, None, "lamp"]),
    review=st.builds(
        Review,
        actor=st.sampled_from(["li", "wang"]),
        earlier_by=st.sampled_from([frozenset(), frozenset({"wang"})]),
        reviewed_twice=FLAG,
        seen_min_ms=st.integers(0, 5),
    ),
    money=st.builds(
        Money,
        range_fen=RANGE,
        announced_fen=st.none() | FEN,
        fining_on=FLAG,
        decided_fen=st.none() | FEN,
        owed_fen=st.sampled_from([0, 0, 5]),
        overdue=FLAG,
    ),
    age_band=st.none() | st.sampled_from(AgeBand),
    identity_known=FLAG,
    contact_confirmed=FLAG,
    hearing_over=FLAG,
    two_years_over=FLAG,
    remedies_over=FLAG,
    statement_kept=FLAG,
    until_range_ms=st.tuples(st.integers(0, 5), st.integers(0, 5)).map(sorted).map(tuple),
)
BANDS, BASES = st.none() | st.sampled_from(AgeBand), st.none() | st.sampled_from(Basis)


@st.composite
def forms(draw, act: Act, facts: Facts) -> Facts:
    """The facts with any form of the act filled in, by somebody who has looked for any time."""
    named = {"basis": draw(BASES), "age_band": draw(BANDS)} if act in NAMING else {}
    return replace(
        facts,
        **named,
        reason=draw(WORDS),
        reason_on_list=draw(FLAG),
        until_ms=draw(st.none() | st.integers(0, 6)),
        money=replace(facts.money, amount_fen=draw(st.none() | st.integers(1, 61))),  # a form takes none below a fen
        review=replace(facts.review, seen_ms=draw(st.integers(0, 6))),
    )


@given(st.sampled_from(sorted(GUARDS)), CASES, st.data())
def test_what_is_impossible_is_refused_whatever_the_form_says(act, facts, data):
    if why_impossible(act, facts):
        assert objections(act, data.draw(forms(act, facts))) != ()


@given(st.sampled_from(sorted(GUARDS)), CASES, st.data())
def test_a_form_that_is_not_refused_is_one_of_an_act_that_is_offered(act, facts, data):
    filled = data.draw(forms(act, facts))
    if not objections(act, filled):
        assert why_impossible(act, filled) == ()
        assert why_impossible(act, facts) == ()


FORM = frozenset({
    *(R.SEEN_TOO_SHORT, R.NO_REASON, R.REASON_NOT_ON_LIST, R.LENIENCY_NOT_ON_LIST, R.NO_BASIS, R.NO_AGE),
    *(R.DEMONSTRATION_ONLY, R.UNTIL_OUT_OF_RANGE),
})  # fmt: skip
"""What only a form, or a moment's patience, makes good: never why an act is impossible."""


@given(st.sampled_from(sorted(GUARDS)), CASES)
def test_no_act_is_called_impossible_for_what_its_form_asks(act, facts):
    assert not {objection.reason for objection in why_impossible(act, facts)} & FORM
