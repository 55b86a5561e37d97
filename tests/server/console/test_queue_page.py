"""The queue over HTTP: what each role is shown first, filters and search by the address, the way to the next case."""

import re

import pytest
from centre import NOW_MS, deliver, make_act
from fastapi.testclient import TestClient
from officers import do, lead
from uploading import pages_of
from visiting import visit

from server.access.rights import Role
from server.cases import repository
from server.cases.models import Case
from server.db import unit_of_work
from server.procedure.words import Act
from server.queue.filters import DAY_MS

DUE_DAYS = {1: 9, 2: 2, 3: -1, 4: 0, 5: 5}


@pytest.fixture
def client(service):
    """Five cases: 1 to 3 to be reviewed (3 by a second officer), 4 confirmed, 5 under an objection."""
    for number in range(1, 6):
        deliver(service, make_act(number, track_id=number, entered_at_ms=NOW_MS - number * 600_000))
    lead(service, (Act.CONFIRM,), 3, actor="a-reviewer")
    lead(service, (Act.CONFIRM, Act.CONFIRM), 4)
    lead(service, (Act.CONFIRM, Act.CONFIRM), 5)
    do(service, Act.OBJECT, 5, reason="不是本人")
    with unit_of_work(service.sessions) as session:
        for number, days in DUE_DAYS.items():
            session.get(Case, number).next_due_ms = NOW_MS + days * DAY_MS + 1
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def numbers(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'<tr data-case="(\d+)"', html)]


def shown(client, address: str = "") -> list[int]:
    answer = client.get(f"/console{address}")
    assert answer.status_code == 200
    return numbers(answer.text)


@pytest.mark.parametrize(
    ("role", "name", "cases"),
    [
        (Role.REVIEWER, "a-reviewer", [4, 2, 1]),  # not 3: the first verdict was theirs
        (Role.REVIEWER, "another", [3, 4, 2, 1]),
        (Role.SUPERVISOR, "a-supervisor", [3, 4, 2, 5, 1]),
        (Role.LEGAL, "a-lawyer", [5]),
        (Role.AUDITOR, "an-auditor", [3, 4, 2, 5, 1]),
    ],
)
def test_what_waits_for_whoever_looks_the_oldest_clock_first(client, service, role, name, cases):
    visit(client, service, role, name=name)
    assert shown(client) == cases


@pytest.mark.parametrize(
    ("address", "cases"),
    [
        ("?group=review", [3, 2, 1]),
        ("?group=party", [4]),
        ("?group=remedies", [5]),
        ("?group=payment", []),
        ("?state=confirmed", [4]),
        ("?state=received", [3, 2, 1]),  # both, as the reviewer must not tell them apart
        ("?state=second_review", [3, 2, 1]),
        ("?group=review&due=late", [3]),
        ("?due=today", [4]),
        ("?due=soon", [2]),
        ("?site=s-1&kind=pedestrian_red_light&age=week", [3, 4, 2, 1]),
        ("?kind=wrong_way", []),
        ("?site=s-2", []),
        ("?age=over_month", []),
        (f"?after={NOW_MS + 1}.4", [2, 1]),
        ("?after=nonsense", [3, 4, 2, 1]),
        ("?group=&state=&site=&kind=&age=&due=&q=&after=", [3, 4, 2, 1]),
    ],
)
def test_filters(client, service, address, cases):
    visit(client, service, Role.REVIEWER, name="another")
    assert shown(client, address) == cases


@pytest.mark.parametrize(
    "address", ["?group=all", "?state=x", "?due=1", "?other=1", f"?site={'s' * 101}", f"?q={'1' * 81}"]
)
def test_an_address_that_asks_for_nothing_known_is_refused(client, service, address):
    visit(client, service, Role.REVIEWER)
    assert client.get(f"/console{address}").status_code == 422


def test_a_reviewer_cannot_tell_a_second_review_from_a_first_but_an_auditor_can(client, service):
    visit(client, service, Role.REVIEWER, name="another")
    page = client.get("/console?group=review").text
    assert "待复核" not in page
    assert len(re.findall(r"<td>待审核</td>", page)) == 3
    visit(client, service, Role.AUDITOR)
    assert "<td>待复核</td>" in client.get("/console?group=review").text


def test_how_each_day_stands_is_said_in_words(client, service):
    visit(client, service, Role.AUDITOR)
    page = client.get("/console").text
    assert re.findall(r'data-due="(\w+)">([^<]+)<', page) == [
        ("late", "已逾期"),
        ("today", "今日到期"),
        ("soon", "3 日内到期"),
    ]
    tile = page.partition('data-group="review"')[2].partition("</a>")[0]
    assert "逾期 1" in tile
    assert "今日" not in tile


@pytest.mark.parametrize(
    ("q", "leads_to"),
    [("LK-0000005", "/console/cases/5"), ("5", "/console/cases/5"), (str(make_act(2).message.event_id), None)],
)
def test_a_search_opens_the_case(client, service, q, leads_to):
    visit(client, service, Role.LEGAL)
    answer = client.get("/console", params={"q": q})
    assert answer.status_code == 303
    assert answer.headers["location"] == (leads_to or "/console/cases/2")


def test_a_search_without_a_case_says_so(client, service):
    visit(client, service, Role.LEGAL)
    answer = client.get("/console", params={"q": "<b>LK-7777777"})
    assert answer.status_code == 200
    assert "没有此编号的案件: &lt;b&gt;LK-7777777" in answer.text


def go_on(client, case_id: int) -> str:
    return client.get(f"/console/cases/{case_id}/next").headers["location"]


def test_the_next_case_is_of_the_same_filters(client, service):
    visit(client, service, Role.SUPERVISOR)
    assert shown(client, "?group=review") == [3, 2, 1]
    assert go_on(client, 3) == "/console/cases/2"
    assert go_on(client, 2) == "/console/cases/1"
    assert go_on(client, 1) == "/console/cases/3"
    assert shown(client, "?group=party") == [4]
    assert go_on(client, 4) == "/console?group=party"
    assert shown(client) == [3, 4, 2, 5, 1]
    assert go_on(client, 3) == "/console/cases/4"


def test_after_an_act_the_next_case_is_behind_where_the_case_stood(client, service):
    visit(client, service, Role.SUPERVISOR, name="zhao")
    shown(client)
    assert go_on(client, 3) == "/console/cases/4"  # 3 is passed over
    do(service, Act.IDENTIFY, 4, actor="zhao")
    with unit_of_work(service.sessions) as session:
        repository.get(session, 4).next_due_ms = NOW_MS + 90 * DAY_MS  # another period runs now
    assert go_on(client, 4) == "/console/cases/2"


def test_a_cookie_that_this_page_has_not_written_is_as_none(client, service):
    visit(client, service, Role.SUPERVISOR)
    client.cookies.set("lukou_queue", "group=%00&after=9&after=&x=y")
    assert go_on(client, 3) == "/console/cases/4"
