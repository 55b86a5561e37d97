"""The audit log's page and file, and what of a case is written into it."""

import csv
import io

import pytest
from centre import NOW_MS, deliver, make_act
from fastapi.testclient import TestClient
from sqlalchemy import select
from uploading import pages_of
from visiting import visit

from server import audit
from server.access.rights import Role
from server.audit import AuditEntry, Place, Wanted
from server.db import unit_of_work


@pytest.fixture
def client(service):
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as made:
        yield made


@pytest.fixture
def lines(service):
    """120 lines: two users, two acts, three cases, two a minute apart; the last at NOW_MS."""
    with unit_of_work(service.sessions) as session:
        for number in range(120):
            what, case = ("case.view", number % 3) if number % 4 else ("login", None)
            at_ms = NOW_MS - (119 - number) // 2 * 60_000
            audit.record(session, at_ms, ("wang", "li")[number % 2], what, case, f"line {number}")


def found(service, wanted: Wanted, behind: Place | None = None, limit: int = 1000):
    with service.sessions.reading() as session:
        return audit.newest(session, wanted, behind, limit)


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 120),
        (Wanted(who="li"), 60),
        (Wanted(who="nobody"), 0),
        (Wanted(what="login"), 30),
        (Wanted(case_id=1), 30),
        (Wanted(who="wang", what="login"), 30),
        (Wanted(from_ms=NOW_MS), 2),
        (Wanted(to_ms=NOW_MS), 118),
        (Wanted(who="li", from_ms=NOW_MS - 60_000, to_ms=NOW_MS), 1),
    ],
)
def test_filters(service, lines, wanted, count):
    assert len(found(service, wanted)) == count


def test_pages_follow_each_other_without_a_gap_and_without_a_line_twice(service, lines):
    seen, behind = [], None
    while page := found(service, Wanted(), behind, 7):
        seen += [entry.detail for entry in page]
        behind = Place(page[-1].at_ms, page[-1].id)
    assert seen == [f"line {number}" for number in reversed(range(120))]


def test_the_page_shows_the_newest_and_leads_on(client, service, lines):
    visit(client, service, Role.AUDITOR)
    page = client.get("/console/audit?who=li").text
    assert page.count("<tr>") == 51
    older = page.split('id="older" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(older).text
    assert (second.count("<tr>"), 'id="older"' in second) == (11, False)
    assert "line 119<" in page
    assert "line 119<" not in second


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=2027-01-15&until=2027-01-15", 200),
        ("since=yesterday", 422),
        ("since=2027-1-5", 200),
        ("case=x", 422),
        ("case=9999999999999999", 200),
        ("at=1", 200),
        ("at=-1&behind=1", 422),
        (f"who={'x' * 101}", 422),
    ],
)
def test_questions(client, service, lines, query, status):
    visit(client, service, Role.AUDITOR)
    assert client.get(f"/console/audit?{query}").status_code == status


def test_the_file_has_every_line_and_harms_no_spreadsheet(client, service, lines):
    with unit_of_work(service.sessions) as session:
        audit.record(session, NOW_MS, "=cmd|' /C calc'!A0", "login.failed", detail='路口, "here"')
    visit(client, service, Role.ADMINISTRATOR)
    answer = client.get("/console/audit.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0] == ["id", "time", "at_ms", "who", "what", "case_id", "detail"]
    assert [row[6] for row in rows[1:121]] == [f"line {number}" for number in range(120)]
    assert rows[121][3:] == ["'=cmd|' /C calc'!A0", "login.failed", "", '路口, "here"']
    assert rows[122][3:5] == ["a-administrator", "audit.export"]


def test_a_case_is_opened_once_with_its_pictures_and_evidence_alone_is_an_opening_too(client, service):
    deliver(service, make_act())
    visit(client, service, Role.LEGAL)
    for path in ("evidence/entry.jpg", "evidence/before.jpg", "", "evidence/entry.jpg"):
        assert client.get(f"/console/cases/1/{path}".rstrip("/")).status_code == 200
    with service.sessions.reading() as session:
        opened = session.scalars(select(AuditEntry).where(AuditEntry.who == "a-legal").order_by(AuditEntry.id)).all()
    assert [(entry.what, entry.case_id, entry.detail) for entry in opened] == [
        ("evidence.view", 1, "legal: entry.jpg"),
        ("case.view", 1, "legal: received"),
    ]


def test_an_opening_needs_a_reason(service):
    with unit_of_work(service.sessions) as session, pytest.raises(ValueError, match="expected a reason"):
        audit.opened(session, NOW_MS, "officer", "identity.view", 1, " ")
    assert found(service, Wanted()) == []
