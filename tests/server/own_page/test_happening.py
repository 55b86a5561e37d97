"""From a history to what has happened: what was undone has not, and what a party must do runs from there."""

import pytest

from server.law.moments import Moment
from server.own_page.happening import decision, moments, was_entered
from server.procedure.history import Done
from server.procedure.words import Act, CaseState

A, M, S = Act, Moment, CaseState
SHORT = ((A.CONFIRM, S.RECEIVED, S.CONFIRMED), (A.IDENTIFY, S.CONFIRMED, S.IDENTIFIED))
TOLD = (*SHORT, (A.NOTIFY, S.IDENTIFIED, S.NOTIFIED), (A.HEAR, S.NOTIFIED, S.HEARD))
SPOT = (*TOLD, (A.FINE, S.HEARD, S.DECIDED))
APPROVED = (*TOLD, (A.FINE, S.HEARD, S.PROPOSED), (A.APPROVE, S.PROPOSED, S.DECIDED))
SERVED = (*SPOT, (A.SERVE, S.DECIDED, S.SERVED))


def history(rows):
    return [Done(act, before, after, "officer", number * 10) for number, (act, before, after) in enumerate(rows, 1)]


def happened(rows):
    return {moment: at_ms for moment, at_ms in moments(history(rows), 1).items() if moment not in {M.ACT, M.COLLECTED}}


@pytest.mark.parametrize(
    ("story", "rows", "known"),
    [
        ("nothing yet", (), {}),
        ("rejected at once", ((A.REJECT, S.RECEIVED, S.REJECTED),), {M.REJECTED: 10, M.DELETED: 10}),
        ("entered", SHORT, {M.ENTERED: 10, M.QUERY_OPENED: 10, M.FILED: 10}),
        (
            "told and heard",
            TOLD,
            {M.ENTERED: 10, M.QUERY_OPENED: 10, M.FILED: 10, M.NOTICED: 30, M.CAME_IN: 40, M.STATEMENT_GIVEN: 40},
        ),
        (
            "another rider is told anew",
            (*TOLD, (A.REASSIGN, S.HEARD, S.IDENTIFIED)),
            {M.ENTERED: 10, M.QUERY_OPENED: 10, M.FILED: 10},
        ),
        ("reopened: it begins anew", (*TOLD, (A.REOPEN, S.HEARD, S.RECEIVED)), {}),
    ],
)
def test_what_has_happened(story, rows, known):
    assert happened(rows) == known


@pytest.mark.parametrize(
    ("story", "rows", "fined", "on_the_spot"),
    [
        ("fined by one officer", SPOT, 50, 50),
        ("fined and approved", APPROVED, 60, None),
        ("warned", (*TOLD, (A.WARN, S.HEARD, S.DECIDED)), None, 50),
    ],
)
def test_what_kind_of_decision_it_was(story, rows, fined, on_the_spot):
    found = happened(rows)
    assert (found.get(M.FINED), found.get(M.DECIDED_ON_THE_SPOT)) == (fined, on_the_spot)
    assert M.DECIDED in found


def test_a_remedy_that_changes_nothing_leaves_the_service_where_it_was():
    back = (*SERVED, (A.OBJECT, S.SERVED, S.OBJECTED), (A.DENY, S.OBJECTED, S.SERVED))
    assert happened(back)[M.SERVED] == 60
    assert happened(back)[M.OBJECTION_ANSWERED] == 80
    again = (*back, (A.OBJECT, S.SERVED, S.OBJECTED))
    assert happened(again)[M.OBJECTED] == 90
    assert M.OBJECTION_ANSWERED not in happened(again)


def test_time_to_sue_runs_from_the_answer_to_a_reconsideration():
    rows = (
        *SERVED,
        (A.APPLY_RECONSIDERATION, S.SERVED, S.RECONSIDERATION),
        (A.MAINTAIN, S.RECONSIDERATION, S.SERVED),
    )
    assert happened(rows)[M.RECONSIDERATION_SERVED] == 80


@pytest.mark.parametrize(
    ("story", "rows", "entered", "act"),
    [
        ("just reported", (), False, None),
        ("never believed", ((A.REJECT, S.RECEIVED, S.REJECTED),), False, None),
        ("entered", SHORT, True, None),
        ("taken out again", (*SHORT, (A.REJECT, S.IDENTIFIED, S.REJECTED)), True, None),
        ("fined", SPOT, True, A.FINE),
        ("proposed", APPROVED[:-1], True, None),
        ("approved: the fine is what was decided", APPROVED, True, A.FINE),
        ("served", SERVED, True, A.FINE),
        ("revoked", (*SERVED, (A.REVOKE, S.SERVED, S.REVOKED)), True, None),
        (
            "back from court",
            (*SERVED, (A.SUE, S.SERVED, S.COURT), (A.MAINTAIN, S.COURT, S.SERVED)),
            True,
            A.FINE,
        ),
        (
            "back from court to a decision that is not served",
            (*SPOT, (A.SUE, S.DECIDED, S.COURT), (A.MAINTAIN, S.COURT, S.DECIDED)),
            True,
            A.FINE,
        ),
    ],
)
def test_whether_it_can_be_looked_up_and_what_was_decided(story, rows, entered, act):
    assert was_entered(history(rows)) == entered
    found = decision(history(rows))
    assert (None if found is None else found.act) == act
