"""What a party may send, state by state: written by hand from 程序规定 art. 5 and 行政处罚法 arts. 44 and 45."""

import pytest

from server.own_page.words import taken
from server.procedure.words import CaseState as S

ALL, OBJECTION = ("objection", "statement", "defence"), ("objection",)
TABLE = {
    S.RECEIVED: (),
    S.SECOND_REVIEW: (),
    S.DISPUTED: (),
    S.CONFIRMED: ALL,
    S.IDENTIFIED: ALL,
    S.NOTIFIED: ALL,
    S.HEARD: ALL,
    S.PROPOSED: ALL,
    S.DECIDED: OBJECTION,
    S.SERVED: OBJECTION,
    S.PAID: OBJECTION,
    S.ENFORCEMENT: OBJECTION,
    S.OBJECTED: ALL,
    S.RECONSIDERATION: (),
    S.COURT: (),
    S.REJECTED: (),
    S.REVOKED: (),
    S.LAPSED: (),
    S.ARCHIVED: (),
    S.SHELVED: (),
}


@pytest.mark.parametrize("state", S)
def test_what_is_taken_in_a_state(state):
    expected = TABLE[state]
    assert taken(state, party_known=True) == expected
    assert taken(state, party_known=False) == tuple(kind for kind in expected if kind == "objection")
