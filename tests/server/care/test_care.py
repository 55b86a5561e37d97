"""The figures of a reviewer's care: what is counted, below which number none is told, and who sees whose."""

import re

import pytest
from centre import NOW_MS, deliver, make_act
from fastapi.testclient import TestClient
from officers import FIRST, SECOND, TO_SERVED, do, house_of, lead
from uploading import pages_of
from visiting import visit

from server.access.rights import Role
from server.care.figures import Care, Later, Share, Verdict, care
from server.care.service import care_of, reviewers
from server.db import unit_of_work
from server.known_answers.models import KnownAnswer, KnownShow, KnownVerdict
from server.known_answers.service import KEPT_UP_MS
from server.procedure.words import Act, CaseState

W = CaseState
R, S, C, D, V = W.RECEIVED, W.SECOND_REVIEW, W.CONFIRMED, W.DISPUTED, W.REVOKED
FIRST_OF_TWO = Verdict(1, 7, R, S, 5000)


@pytest.mark.parametrize(
    ("story", "verdict", "later", "agreed", "overturned"),
    [
        ("alone", Verdict(1, 7, R, C, 5000), (), None, 0),
        ("second, and agreed", Verdict(2, 7, S, C, 5000), (), (1, 1), 0),
        ("second, and did not", Verdict(2, 7, S, D, 5000), (), (0, 1), 0),
        ("first, and the second agreed", FIRST_OF_TWO, (Later(2, Act.CONFIRM, S, C),), (1, 1), 0),
        ("first, and the second did not", FIRST_OF_TWO, (Later(2, Act.REJECT, S, D),), (0, 1), 0),
        ("first, and nobody has looked yet", FIRST_OF_TWO, (), None, 0),
        ("first, and it was reopened before anybody looked", FIRST_OF_TWO, (Later(2, Act.REOPEN, S, R),), None, 0),
        (
            "an objection was upheld after the decision",
            Verdict(1, 7, R, C, 5000),
            (Later(5, Act.OBJECT, W.SERVED, W.OBJECTED), Later(6, Act.UPHOLD, W.OBJECTED, V)),
            None,
            1,
        ),
        ("it was denied", Verdict(1, 7, R, C, 5000), (Later(6, Act.DENY, W.OBJECTED, W.SERVED),), None, 0),
        (
            "it was revoked before this verdict",
            Verdict(9, 7, R, C, 5000),
            (Later(6, Act.REVOKE, W.SERVED, V),),
            None,
            0,
        ),
    ],
)
def test_what_is_counted(story, verdict, later, agreed, overturned):
    found = care("lin", Share(0, 0), [verdict], {7: later}, 1)
    assert found == Care("lin", None, agreed and Share(*agreed), Share(overturned, 1), 5000)


@pytest.mark.parametrize(("count", "told"), [(0, False), (19, False), (20, True), (21, True)])
def test_a_figure_of_too_few_is_not_told(count, told):
    verdicts = [Verdict(number, number, S, C, 4000) for number in range(count)]
    found = care("lin", Share(count, count), verdicts, {}, 20)
    figures = (found.known, found.agreed, found.overturned, found.seen_median_ms)
    assert [figure is not None for figure in figures] == [told] * 4


def test_an_interval_says_how_much_a_figure_is_worth():
    low, high = Share(18, 20).interval
    assert (round(low, 3), round(high, 3)) == (0.699, 0.972)


def answered(service, reviewer: str, rights: list[bool], at_ms: int) -> None:
    with unit_of_work(service.sessions) as session:
        for number, right in enumerate(rights, 1):
            answer = KnownAnswer(case_id=number, act="confirm", reason="", seeded_by="zhao", at_ms=0)
            session.add(answer)
            session.flush()
            show = KnownShow(known_id=answer.id, case_id=number, reviewer=reviewer, at_ms=0)
            session.add(show)
            session.flush()
            said = {"act": "confirm", "reason": "", "at_ms": at_ms, "seen_ms": 4000, "right": right}
            session.add(KnownVerdict(show_id=show.id, reviewer=reviewer, **said))


def test_the_figures_of_real_cases(service):
    house = house_of(service.settings, CARE_FIGURE_MIN=1)
    for number in (1, 2, 3):
        deliver(service, make_act(number))
    lead(service, TO_SERVED, 1)
    do(service, Act.OBJECT, 1, reason="that was not me")
    do(service, Act.UPHOLD, 1, reason="it was another")
    do(service, Act.CONFIRM, 2)
    do(service, Act.REJECT, 2)
    answered(service, SECOND, [True, True, False], NOW_MS)
    with service.sessions.reading() as session:
        first, second = (care_of(session, name, house, NOW_MS) for name in (FIRST, SECOND))
        assert (first.agreed, first.overturned) == (Share(1, 2), Share(1, 2))
        assert (second.agreed, second.overturned, second.seen_median_ms) == (Share(1, 2), Share(1, 2), 0)
        # A known answer of today is not counted today: the figure's step would tell the reviewer which it was.
        assert (second.known, care_of(session, SECOND, house, NOW_MS + KEPT_UP_MS + 1).known) == (None, Share(2, 3))
        assert reviewers(session) == [FIRST]


@pytest.fixture
def client(service):
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as made:
        yield made


@pytest.mark.parametrize(
    ("role", "lines", "seeds"),
    [
        (Role.REVIEWER, ["a-reviewer"], False),
        (Role.SUPERVISOR, ["a-reviewer", "a-supervisor", "officer"], True),
        (Role.AUDITOR, ["a-reviewer", "a-supervisor", "officer"], False),
    ],
)
def test_a_reviewer_sees_their_own_line_and_no_other(client, service, role, lines, seeds):
    for other in (Role.REVIEWER, Role.SUPERVISOR, role):
        visit(client, service, other)
    page = client.get("/console/care").text
    assert re.findall(r'data-reviewer="([^"]+)"', page) == lines
    assert ("/console/care/seed" in page) == seeds


def test_a_supervisor_seeds_and_the_bounds_are_the_forms(client, service):
    csrf = visit(client, service, Role.SUPERVISOR)
    answer = client.post("/console/care/seed", data={"csrf": csrf, "days": 30, "count": 5})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/care")
    assert client.post("/console/care/seed", data={"csrf": csrf, "days": 30, "count": 501}).status_code == 422
