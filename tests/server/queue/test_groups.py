"""Which states wait for whom, as an officer would say it."""

import pytest

from server.access.rights import Role, may
from server.procedure.table import ENDED
from server.procedure.words import CaseState
from server.queue.groups import MOVED_BY, OPEN, STATES, is_blind, told_apart, waiting_for

OFFICER = {"received", "second_review", "confirmed", "identified", "notified", "heard", "decided"}
HEAD = {"proposed", "objected", "reconsideration", "court"}
WAITING = [
    (Role.REVIEWER, OFFICER),
    (Role.SUPERVISOR, OFFICER | HEAD | {"disputed"}),
    (Role.LEGAL, HEAD),
    (Role.AUDITOR, OFFICER | HEAD | {"disputed", "served", "enforcement"}),  # looks at everything that is open
]


def rights_of(role):
    return lambda right: may(role, right)


@pytest.mark.parametrize(("role", "states"), WAITING)
def test_what_waits_for_a_role(role, states):
    assert {state.value for state in waiting_for(rights_of(role))} == states


def test_every_state_is_in_one_group_or_the_case_is_over():
    assert len(OPEN) == len(set(OPEN))
    assert set(CaseState) - set(OPEN) == {*ENDED, CaseState.PAID}
    assert set(MOVED_BY) < set(OPEN)
    assert [len(states) for states in STATES.values()] == [3, 1, 4, 1, 2, 3]


@pytest.mark.parametrize(("role", "blind"), [(role, role in {Role.REVIEWER, Role.SUPERVISOR}) for role in Role])
def test_who_may_give_a_verdict_is_not_told_of_another(role, blind):
    assert is_blind(rights_of(role)) is blind


@pytest.mark.parametrize(
    ("asked", "blind", "sought"),
    [
        (["received"], True, ["received", "second_review"]),
        (["second_review"], True, ["received", "second_review"]),
        (["second_review"], False, ["second_review"]),
        (["disputed"], True, ["disputed"]),
        (["decided", "received"], True, ["received", "second_review", "decided"]),
    ],
)
def test_the_blind_cannot_ask_for_a_second_review_alone(asked, blind, sought):
    assert list(told_apart(map(CaseState, asked), blind=blind)) == sought
