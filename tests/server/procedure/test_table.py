"""The procedure's table, as an officer would read it: where a case goes, and where it never goes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import ConflictError
from server.procedure.diagram import diagram
from server.procedure.facts import Facts, Money, Review
from server.procedure.table import (
    BACK,
    DECIDED,
    ENDED,
    OPEN_REMEDIES,
    TABLE,
    UNDECIDED,
    Condition,
    allowed_acts,
    next_state,
)
from server.procedure.words import SANCTIONS, Act, AgeBand, CaseState

S, A, C = CaseState, Act, Condition
ONE = Facts()
TWO = Facts(review=Review(second_due=True))
FIRST_CONFIRMED = Facts(review=Review(first_confirmed=True))
FIRST_REJECTED = Facts(review=Review(first_confirmed=False))
KNOWN = replace(FIRST_CONFIRMED, age_band=AgeBand.ADULT)
SMALL = Facts(money=Money(amount_fen=2_000, simple_max_fen=20_000))
LARGE = Facts(money=Money(amount_fen=20_001, simple_max_fen=20_000))

WAYS = [
    ("one reviewer is enough", S.RECEIVED, A.CONFIRM, ONE, S.CONFIRMED),
    ("two must look", S.RECEIVED, A.CONFIRM, TWO, S.SECOND_REVIEW),
    ("a rejection is looked at twice as well", S.RECEIVED, A.REJECT, TWO, S.SECOND_REVIEW),
    ("both confirm", S.SECOND_REVIEW, A.CONFIRM, FIRST_CONFIRMED, S.CONFIRMED),
    ("both reject", S.SECOND_REVIEW, A.REJECT, FIRST_REJECTED, S.REJECTED),
    ("the second rejects what the first confirmed", S.SECOND_REVIEW, A.REJECT, FIRST_CONFIRMED, S.DISPUTED),
    ("the second confirms what the first rejected", S.SECOND_REVIEW, A.CONFIRM, FIRST_REJECTED, S.DISPUTED),
    ("the supervisor settles it", S.DISPUTED, A.CONFIRM, ONE, S.CONFIRMED),
    ("looked at again once the party is known", S.SECOND_REVIEW, A.CONFIRM, KNOWN, S.IDENTIFIED),
    ("settled once the party is known", S.DISPUTED, A.CONFIRM, KNOWN, S.IDENTIFIED),
    ("a slight act needs no notice", S.IDENTIFIED, A.EDUCATE, ONE, S.DECIDED),
    ("a small fine is one officer's", S.HEARD, A.FINE, SMALL, S.DECIDED),
    ("a large one needs the head's approval", S.HEARD, A.FINE, LARGE, S.PROPOSED),
    ("another rider's act", S.NOTIFIED, A.REASSIGN, ONE, S.IDENTIFIED),
    ("an objection is right before the decision", S.OBJECTED, A.UPHOLD, Facts(came_from=S.NOTIFIED), S.REJECTED),
    ("an objection is right after it", S.OBJECTED, A.UPHOLD, Facts(came_from=S.SERVED), S.REVOKED),
    ("an objection is wrong", S.OBJECTED, A.DENY, Facts(came_from=S.NOTIFIED), S.NOTIFIED),
    ("reconsideration changes nothing", S.RECONSIDERATION, A.MAINTAIN, Facts(came_from=S.PAID), S.PAID),
    ("the court lowers the fine", S.COURT, A.REDUCE, Facts(came_from=S.SERVED), S.SERVED),
    ("the court annuls it", S.COURT, A.ANNUL, Facts(came_from=S.SERVED), S.REVOKED),
    ("two years are over", S.IDENTIFIED, A.LAPSE, ONE, S.LAPSED),
]


@pytest.mark.parametrize(("story", "before", "act", "facts", "after"), WAYS, ids=[way[0] for way in WAYS])
def test_where_a_case_goes(story, before, act, facts, after):
    assert next_state(before, act, facts) is after


NEVER = [
    ("a fine without a notice", S.IDENTIFIED, A.FINE),
    ("a fine nobody was asked about", S.CONFIRMED, A.FINE),
    ("a fine on a machine's word", S.RECEIVED, A.FINE),
    ("a fine while an objection is open", S.OBJECTED, A.FINE),
    ("a decision that is confirmed again", S.DECIDED, A.CONFIRM),
    ("a decided case that is deleted instead of revoked", S.DECIDED, A.REJECT),
    ("a revoked case that comes back", S.REVOKED, A.REOPEN),
    ("a payment before the decision is served", S.DECIDED, A.SETTLE),
]


@pytest.mark.parametrize(("story", "before", "act"), NEVER, ids=[way[0] for way in NEVER])
def test_where_a_case_never_goes(story, before, act):
    with pytest.raises(ConflictError, match=f"a case that is {before} takes no {act}; expected one of"):
        next_state(before, act, ONE)


FACTS = st.builds(
    Facts,
    review=st.builds(Review, first_confirmed=st.none() | st.booleans(), second_due=st.booleans()),
    money=st.builds(Money, amount_fen=st.none() | st.integers(0, 50_000), simple_max_fen=st.just(20_000)),
    age_band=st.none() | st.sampled_from(AgeBand),
    came_from=st.sampled_from(sorted(state for state in S if state is not S.ARCHIVED)),
)


@given(state=st.sampled_from(S), act=st.sampled_from(A), facts=FACTS)
def test_one_way_at_the_most_leads_on_and_every_way_that_the_table_has_can_be_gone(state, act, facts):
    rows = [step for step in TABLE if (step.before, step.act) == (state, act)]
    if not rows:
        with pytest.raises(ConflictError):
            next_state(state, act, facts)
        return
    if state is S.SECOND_REVIEW and facts.review.first_confirmed is None:
        facts = replace(facts, review=replace(facts.review, first_confirmed=True))
    after = next_state(state, act, facts)
    assert after in {facts.came_from if step.after is BACK else step.after for step in rows}
    assert act in allowed_acts(state)


def test_rows_that_share_a_state_and_an_act_are_told_apart_by_conditions():
    shared = {}
    for step in TABLE:
        shared.setdefault((step.before, step.act), []).append(step.when)
    known = [
        {()},
        {(C.ONE_REVIEW,), (C.SECOND_DUE,)},
        {(C.AGREED, C.NOBODY_KNOWN), (C.AGREED, C.PARTY_KNOWN), (C.AT_ODDS,)},
        {(C.AGREED,), (C.AT_ODDS,)},
        {(C.NOBODY_KNOWN,), (C.PARTY_KNOWN,)},
        {(C.SIMPLE,), (C.ORDINARY,)},
        {(C.UNDECIDED,), (C.AFTER_DECISION,)},
    ]
    assert all(set(whens) in known for whens in shared.values())


def test_nothing_is_decided_that_nobody_has_confirmed_and_nobody_is_named_for():
    """Every way from the record to a decision leads through a confirmation and through an identification."""
    assert S.DECIDED not in _reached(without=S.IDENTIFIED)
    assert S.DECIDED not in _reached(never=A.CONFIRM)


def test_no_fine_without_a_notice():
    ways = [step for step in TABLE if step.act is A.FINE]
    assert {step.before for step in ways} == {S.NOTIFIED, S.HEARD}
    assert not {S.NOTIFIED, S.HEARD} & _reached(without=S.IDENTIFIED)


def test_every_case_can_come_to_an_end_and_none_is_lost():
    for state in S:
        assert state in {*ENDED, *OPEN_REMEDIES} or set(ENDED) & _reached(start=state), state
    assert not any(step.before in ENDED for step in TABLE)


def test_every_state_is_before_a_decision_or_after_it_or_a_remedy_or_an_end():
    sorted_in = [*UNDECIDED, *DECIDED, *OPEN_REMEDIES, *ENDED]
    assert sorted(sorted_in) == sorted(S)
    assert {step.after for step in TABLE if step.act in SANCTIONS} == {S.DECIDED, S.PROPOSED}


def test_the_picture_has_every_state():
    assert all(state.value in diagram() for state in S)


def _reached(
    start: CaseState = S.RECEIVED, without: CaseState | None = None, never: Act | None = None
) -> set[CaseState]:
    """Return the states that can be reached; a remedy goes back to where it began."""
    found: set[tuple[CaseState, CaseState]] = set()
    waiting = [(start, start)]
    while waiting:
        state, came_from = waiting.pop()
        for step in (step for step in TABLE if step.before is state and step.act is not never):
            after = came_from if step.after is BACK else step.after
            began = state if after in OPEN_REMEDIES else after
            if after is not without and (after, began) not in found:
                found.add((after, began))
                waiting.append((after, began))
    return {state for state, _ in found}
