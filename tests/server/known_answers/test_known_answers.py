"""Cases with a known answer: which become one, who gets one, what is kept of it, and that nobody can tell it apart."""

import re
from dataclasses import replace

import pytest
from centre import NOW_MS, csrf_of, deliver, make_act
from fastapi.testclient import TestClient
from officers import TO_CONFIRMED, TO_SERVED, do, house_of, lead, reject
from sqlalchemy import event, select, text
from sqlalchemy.exc import DatabaseError
from uploading import pages_of
from visiting import visit

from server import audit, statistics
from server.access.rights import Role
from server.cases import repository
from server.db import unit_of_work
from server.errors import WrongInputError
from server.known_answers import seeding
from server.known_answers import service as known_answers
from server.known_answers.models import KnownAnswer, KnownVerdict
from server.known_answers.service import KEPT_UP_MS
from server.procedure.words import Act
from server.queue.filters import DAY_MS
from server.retention import service as retention

LIN = "lin"


@pytest.fixture
def clock() -> list[int]:
    return [NOW_MS]


@pytest.fixture
def always(service, clock):
    """A centre at which a case with a known answer follows behind every verdict."""
    house = house_of(service.settings, KNOWN_ANSWER_SHARE=100)
    return replace(service, house=house, now_ms=lambda: clock[0])


@pytest.fixture
def client(always):
    app = pages_of(always)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def seeded(service, days: int = 30, count: int = 10) -> int:
    with unit_of_work(service.sessions) as session:
        return seeding.seed(session, "a-supervisor", days, count, "a salt", NOW_MS)


def finished(service) -> None:
    """Case 1 is served; 2 is new, 3 waits for its second review, 4 is new."""
    for number in range(1, 5):
        deliver(service, make_act(number))
    lead(service, TO_SERVED, 1)
    do(service, Act.CONFIRM, 3)
    seeded(service)


def get(client, service, path: str, name: str = LIN, role: Role = Role.REVIEWER):
    visit(client, service, role, name=name, at_ms=service.now_ms())
    return client.get(path)


def say(client, service, case_id: int, act: str, **form):
    page = get(client, service, f"/console/cases/{case_id}").text
    version = next(iter(re.findall(r'name="version" value="(\d+)"', page)), 2**40)  # none where nothing may be done
    return client.post(f"/console/cases/{case_id}", data={"csrf": csrf_of(page), "version": version, "act": act} | form)


def shape(html: str) -> str:
    """What a page says but for the case's own figures: numbers, times, hashes."""
    return re.sub(r'value="[\w-]{20,}"', "token", re.sub(r"\b[0-9a-f]{12}\b|\d+", "0", html))


@pytest.mark.parametrize(
    ("story", "acts", "is_known"),
    [
        ("two agreed, and it is served", TO_SERVED, True),
        ("it is not finished: a reviewer has still to work on it", TO_CONFIRMED, False),
        ("the party has objected, and it was denied", (*TO_SERVED, Act.OBJECT, Act.DENY), False),
        ("it was revoked", (*TO_SERVED, Act.REVOKE), False),
        ("it was reopened on the way", (*TO_CONFIRMED, Act.REOPEN, *TO_SERVED), False),
    ],
)
def test_which_cases_have_a_known_answer(always, story, acts, is_known):
    deliver(always, make_act())
    for act in acts:
        given = {} if act not in {Act.OBJECT, Act.DENY, Act.REVOKE, Act.REOPEN} else {"reason": "a reason"}
        do(always, act, **given)
    assert seeded(always) == int(is_known)


def test_one_review_alone_or_a_dispute_is_no_known_answer_and_none_is_seeded_twice(always):
    for number in range(1, 5):
        deliver(always, make_act(number))
    once = replace(always, house=replace(always.house, fining_codes=()))
    do(once, Act.REJECT, 1)
    do(always, Act.CONFIRM, 2)
    do(always, Act.REJECT, 2)
    do(always, Act.REJECT, 2, actor="zhao")
    reject(always, 3)
    lead(always, TO_SERVED, 4)
    assert [seeded(always), seeded(always)] == [2, 0]
    with always.sessions.reading() as session:
        assert {(row.case_id, row.act) for row in session.scalars(select(KnownAnswer))} == {
            (3, "reject"),
            (4, "confirm"),
        }


@pytest.mark.parametrize(("days", "count"), [(0, 1), (367, 1), (1, 0), (1, 501)])
def test_seeding_is_bounded(always, days, count):
    with pytest.raises(WrongInputError, match="expected 1 to 366 days"):
        seeded(always, days, count)


def test_nobody_can_tell_a_known_answer_a_second_review_and_a_first_one_apart(client, always):
    finished(always)
    assert say(client, always, 2, "confirm").status_code == 303  # and behind it follows the known one
    queue = get(client, always, "/console").text
    assert re.findall(r'data-row href="/console/cases/(\d+)"', queue) == ["1", "3", "4"]
    rows = {shape(row) for row in re.findall(r"<tr data-case=.*?</tr>", queue, re.DOTALL)}
    assert len(rows) == 1
    pages = [get(client, always, f"/console/cases/{number}") for number in (1, 3, 4)]
    assert shape(pages[0].text) == shape(pages[1].text) == shape(pages[2].text)
    assert {re.sub(r"\d", "", str(sorted(page.headers))) for page in pages} == {
        re.sub(r"\d", "", str(sorted(pages[0].headers)))
    }
    versions = [int(re.search(r'name="version" value="(\d+)"', page.text)[1]) for page in pages]
    assert all(2**40 <= version < 2**42 for version in versions)
    wrong = [say(client, always, number, "serve", reason="x") for number in (1, 3, 4)]
    assert {(answer.status_code, shape(answer.text)) for answer in wrong} == {(409, shape(wrong[0].text))}
    given = [say(client, always, number, "confirm") for number in (1, 4)]
    assert [(answer.status_code, shape(answer.headers["location"])) for answer in given] == [
        (303, "/console/cases/0")
    ] * 2
    after = [get(client, always, f"/console/cases/{number}").text for number in (1, 4)]
    assert shape(after[0]) == shape(after[1])
    again = [say(client, always, number, "confirm") for number in (1, 4)]
    assert {(answer.status_code, shape(answer.text)) for answer in again} == {(422, shape(again[0].text))}


def counted(queue: str) -> dict[str, tuple[int, int]]:
    """Return what the queue's page says of each stage: how many are late, and due today."""
    groups = re.findall(r'data-group="(\w+)".*?</a>', queue, re.DOTALL)
    told = [re.search(rf'data-group="{group}".*?</a>', queue, re.DOTALL)[0] for group in groups]
    marks = [[re.search(rf"{word} (\d+)", text) for word in ("逾期", "今日")] for text in told]
    return {group: tuple(int(m[1]) if m else 0 for m in found) for group, found in zip(groups, marks, strict=True)}


def rows_of(queue: str) -> list[str]:
    return re.findall(r'data-row href="/console/cases/(\d+)"', queue)


def test_the_counts_of_the_queue_are_those_of_its_rows(client, always, clock):
    finished(always)
    say(client, always, 2, "confirm")
    clock[0] += 90 * DAY_MS  # every period of the review and of the payment is over
    for filters in ("due=late", "group=review&due=late"):
        assert rows_of(get(client, always, f"/console?{filters}").text) == ["1", "3", "4"]
    told = counted(client.get("/console").text)
    assert (told["review"], told["payment"]) == ((3, 0), (0, 0))
    for name, role in (("an-other", Role.REVIEWER), ("a-supervisor", Role.SUPERVISOR)):
        others = counted(get(client, always, "/console", name, role).text)
        assert others["payment"] == (1, 0), name


@pytest.mark.parametrize("where", ["group=payment", "state=served", "state=served&due=late", "state=served&site=s-1"])
def test_where_it_really_stands_it_is_not_found_until_it_is_shown_as_what_it_is(client, always, clock, where):
    finished(always)
    lead(always, TO_SERVED, 4)  # one that is served as well, and is what it is
    say(client, always, 2, "confirm")
    served = ["4"]
    clock[0] += 90 * DAY_MS
    assert rows_of(get(client, always, f"/console?{where}").text) == served
    assert client.get("/console/cases/4/next").headers["location"] != "/console/cases/1"
    say(client, always, 1, "confirm")
    assert rows_of(get(client, always, f"/console?{where}").text) == served
    clock[0] += KEPT_UP_MS + 1
    assert sorted(rows_of(get(client, always, f"/console?{where}").text)) == ["1", "4"]


def test_a_known_answer_costs_the_database_as_many_questions_as_any_case(client, always):
    finished(always)
    say(client, always, 2, "confirm")
    engine, asked = always.sessions.writing.kw["bind"], []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for number in (1, 3, 4):
        get(client, always, "/console/cases/4")
        asked.clear()
        client.get(f"/console/cases/{number}")
        counts.append(len(asked))
    assert max(counts) - min(counts) <= 1, counts


def test_the_verdict_is_kept_apart_and_nothing_of_the_case_or_the_figures_changes(client, always):
    finished(always)
    say(client, always, 2, "confirm")
    with always.sessions.reading() as session:
        before = statistics.counts(session), len(repository.acts(session, 1))
        due = retention.count_due(session, always.retention, NOW_MS)
    say(client, always, 1, "reject", reason="unclear")
    with always.sessions.reading() as session:
        assert (statistics.counts(session), len(repository.acts(session, 1))) == before
        assert retention.count_due(session, always.retention, NOW_MS) == due
        (verdict,) = session.scalars(select(KnownVerdict))
        assert (verdict.reviewer, verdict.act, verdict.reason, verdict.right) == (LIN, "reject", "unclear", False)
        assert [line.who for line in audit.newest(session, audit.Wanted(what="known.reject"), None, 9)] == [LIN]
        assert audit.newest(session, audit.Wanted(LIN, "case.reject"), None, 9) == []


def test_the_same_guards_hold_a_hasty_verdict_up(client, always, clock):
    finished(always)
    say(client, always, 2, "confirm")
    slow = replace(always, house=house_of(always.settings, VIEWING_TIME_MIN=3000, KNOWN_ANSWER_SHARE=100))
    app = pages_of(slow)
    with TestClient(app, follow_redirects=False) as other:
        answer = say(other, slow, 1, "confirm")
        assert (answer.status_code, "查看时间不足" in answer.text) == (422, True)
        clock[0] += 3000
        csrf = visit(other, slow, Role.REVIEWER, name=LIN, at_ms=clock[0])
        form = {"csrf": csrf, "version": 2**40, "act": "reject", "reason": "no such reason"}
        assert other.post("/console/cases/1", data=form).status_code == 422
        assert other.post("/console/cases/1", data=form | {"reason": "unclear"}).status_code == 303
        clock[0] += 1000
        answer = say(other, slow, 4, "confirm")  # opened this moment; and the known verdict was a second ago
        assert answer.status_code == 422


def test_whoever_has_opened_the_case_is_not_asked_of_it(client, always):
    finished(always)
    get(client, always, "/console/cases/1")
    say(client, always, 2, "confirm")
    with always.sessions.reading() as session:
        assert known_answers.waiting(session, LIN) is None


@pytest.mark.parametrize("share", [0, 30])
def test_how_often_one_follows_is_drawn(always, share):
    finished(always)
    drawn = 0
    for number in range(200):
        with always.sessions.writing() as session:
            drawing = known_answers.Drawing(LIN, f"{LIN}|{number}|1", share / 100, "a salt", NOW_MS)
            known_answers.draw(session, drawing)
            drawn += known_answers.waiting(session, LIN) is not None
            session.rollback()
    assert (drawn == 0) if share == 0 else 40 <= drawn <= 80


@pytest.mark.parametrize(
    ("story", "role", "name"),
    [
        ("another reviewer", Role.REVIEWER, "an-other"),
        ("a supervisor", Role.SUPERVISOR, "an-officer"),
        ("the auditor", Role.AUDITOR, "auditor"),
    ],
)
def test_for_everybody_else_the_case_is_what_it_is(client, always, story, role, name):
    finished(always)
    say(client, always, 2, "confirm")
    assert 'data-state="served"' in get(client, always, "/console/cases/1", name, role).text


def test_a_case_that_lives_again_and_a_week_after_the_verdict_is_shown_as_what_it_is(client, always, clock):
    finished(always)
    say(client, always, 2, "confirm")
    say(client, always, 1, "confirm")
    assert 'data-state="second_review"' in get(client, always, "/console/cases/1").text
    clock[0] += KEPT_UP_MS + 1
    assert 'data-state="served"' in get(client, always, "/console/cases/1").text
    clock[0] = NOW_MS
    do(always, Act.OBJECT, reason="that was not me")
    assert 'data-state="objected"' in get(client, always, "/console/cases/1").text


@pytest.mark.parametrize("table", ["known_answers", "known_answer_shows", "known_answer_verdicts"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at_ms = 0", "DELETE FROM {}"])
def test_what_was_asked_and_said_is_not_rewritten(client, always, table, change):
    finished(always)
    say(client, always, 2, "confirm")
    say(client, always, 1, "confirm")
    with pytest.raises(DatabaseError, match="appended only"), unit_of_work(always.sessions) as session:
        session.execute(text(change.format(table)))
