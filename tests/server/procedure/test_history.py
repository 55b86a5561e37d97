"""What a case's history tells, as stories."""

import pytest

from server.procedure.history import Done, announced_fen, came_from, done_before, last_at_ms, reviewed_twice, reviews
from server.procedure.words import Act, CaseState

S, A = CaseState, Act


def story(*acts: tuple[Act, CaseState, CaseState, str]) -> list[Done]:
    return [Done(act, before, after, actor, at_ms) for at_ms, (act, before, after, actor) in enumerate(acts, 1)]


FIRST = (A.CONFIRM, S.RECEIVED, S.SECOND_REVIEW, "wang")
SECOND = (A.CONFIRM, S.SECOND_REVIEW, S.CONFIRMED, "li")
AT_ODDS = (A.REJECT, S.SECOND_REVIEW, S.DISPUTED, "li")
SETTLED = (A.CONFIRM, S.DISPUTED, S.CONFIRMED, "zhao")
REOPENED = (A.REOPEN, S.CONFIRMED, S.RECEIVED, "zhao")
ALONE = (A.CONFIRM, S.RECEIVED, S.CONFIRMED, "wang")
ASKED = (A.REVIEW_AGAIN, S.CONFIRMED, S.SECOND_REVIEW, "zhao")


@pytest.mark.parametrize(
    ("told", "acts", "twice"),
    [
        ("nobody has looked", (), False),
        ("one reviewer alone", (ALONE,), False),
        ("two reviewers", (FIRST, SECOND), True),
        ("the second rejects, the supervisor confirms", (FIRST, AT_ODDS, SETTLED), True),
        ("the first rejects, second and supervisor confirm", ((A.REJECT, *FIRST[1:]), SECOND, SETTLED), True),
        ("asked to look again, and another does", (ALONE, ASKED, SECOND), True),
        ("reopened after two reviews, one since", (FIRST, SECOND, REOPENED, ALONE), False),
    ],
)
def test_two_people_have_confirmed(told, acts, twice):
    assert reviewed_twice(story(*acts)) is twice


def test_a_second_review_is_held_against_the_first_and_an_approval_against_its_proposal():
    proposed = (A.FINE, S.HEARD, S.PROPOSED, "wang")
    assert by(done_before(story(FIRST), S.SECOND_REVIEW)) == ["wang"]
    assert by(done_before(story(ALONE, ASKED), S.SECOND_REVIEW)) == ["wang"]
    assert by(done_before(story(FIRST, AT_ODDS), S.DISPUTED)) == ["wang", "li"]
    assert by(done_before(story(ALONE, proposed), S.PROPOSED)) == ["wang"]
    objected = (A.OBJECT, S.PROPOSED, S.OBJECTED, "clerk"), (A.DENY, S.OBJECTED, S.PROPOSED, "li")
    assert by(done_before(story(ALONE, proposed, *objected), S.PROPOSED)) == ["wang"]
    assert by(done_before(story(ALONE), S.CONFIRMED)) == []


def by(acts) -> list[str]:
    return [done.actor for done in acts]


def test_a_remedy_goes_back_to_where_the_newest_one_began():
    first = (A.OBJECT, S.NOTIFIED, S.OBJECTED, "clerk"), (A.DENY, S.OBJECTED, S.NOTIFIED, "zhao")
    acts = story(*first, (A.FINE, S.NOTIFIED, S.DECIDED, "wang"), (A.OBJECT, S.DECIDED, S.OBJECTED, "clerk"))
    assert came_from(acts, S.OBJECTED) is S.DECIDED
    assert came_from(acts, S.DECIDED) is None


def test_a_notice_to_another_rider_binds_nobody_else():
    notice = Done(A.NOTIFY, S.IDENTIFIED, S.NOTIFIED, "wang", 5, amount_fen=1000)
    again = Done(A.REASSIGN, S.NOTIFIED, S.IDENTIFIED, "wang", 6)
    assert announced_fen([notice]) == 1000
    assert announced_fen([notice, again]) is None
    assert announced_fen([]) is None
    assert last_at_ms([notice, again], A.NOTIFY) == 5
    assert last_at_ms([notice], A.HEAR) is None


def test_reviews_are_verdicts_on_the_record_not_later_rejections():
    later = (A.REJECT, S.NOTIFIED, S.REJECTED, "wang")
    assert [done.actor for done in reviews(story(FIRST, SECOND, later))] == ["wang", "li"]
