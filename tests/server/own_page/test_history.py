"""What a case's history means to its party: whether it can be looked up, and which decision stands."""

import pytest

from server.own_page.history import decision, was_entered
from server.procedure.history import Done
from server.procedure.words import Act, CaseState

A, S = Act, CaseState
SHORT = ((A.CONFIRM, S.RECEIVED, S.CONFIRMED), (A.IDENTIFY, S.CONFIRMED, S.IDENTIFIED))
TOLD = (*SHORT, (A.NOTIFY, S.IDENTIFIED, S.NOTIFIED), (A.HEAR, S.NOTIFIED, S.HEARD))
SPOT = (*TOLD, (A.FINE, S.HEARD, S.DECIDED))
APPROVED = (*TOLD, (A.FINE, S.HEARD, S.PROPOSED), (A.APPROVE, S.PROPOSED, S.DECIDED))
SERVED = (*SPOT, (A.SERVE, S.DECIDED, S.SERVED))


def history(rows):
    return [Done(act, before, after, "officer", number * 10) for number, (act, before, after) in enumerate(rows, 1)]


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
