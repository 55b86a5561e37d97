"""Every route of the centre, asked as everybody: who passes, who is refused, who is led to the login.

The table is written by hand and not taken from the code: a route that nobody has written here fails.
"""

from dataclasses import replace

import pytest
from centre import NOW_MS, deliver, make_act
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from uploading import pages_of
from visiting import visit

from server import app as application
from server.access.doors import Stage
from server.access.models import Login
from server.access.rights import Role
from server.app import NoDoorError, routes_of
from server.audit import AuditEntry
from server.procedure.words import Act

LETTERS = dict(zip("RSLCAM", Role, strict=True))
"""Reviewer, Supervisor, Legal, Cashier, Auditor, adMinistrator."""
ALL, SEE, WORKS = "RSLCAM", "RSLA", "RSLAM"
CONSOLE = {
    "GET /console": SEE,
    "GET /console/cases/{case_id}": SEE,
    "GET /console/cases/{case_id}/next": SEE,
    "GET /console/cases/{case_id}/previous": SEE,
    "GET /console/cases/{case_id}/evidence/{name}": SEE,
    "GET /console/cases/{case_id}/reports/{event_id}/evidence/{name}": SEE,
    "POST /console/cases/{case_id}": "RS",  # to confirm; each other act: below
    "GET /console/cases/{case_id}/publish": SEE,
    "POST /console/cases/{case_id}/publish": "S",
    "GET /console/cases/{case_id}/reports/{event_id}/part": SEE,
    "POST /console/cases/{case_id}/reports/{event_id}/part": "RS",
    "POST /console/cases/{case_id}/hold": "SL",
    "POST /console/cases/{case_id}/release-hold": "SL",
    "GET /console/cases/{case_id}/party": SEE,
    "GET /console/cases/{case_id}/party/{form}": SEE,
    "GET /console/cases/{case_id}/party/{form}/{number}/{deed}": SEE,
    "POST /console/cases/{case_id}/party/identity": "RS",
    "POST /console/cases/{case_id}/party/open": SEE,
    "POST /console/cases/{case_id}/party/contacts": "RS",
    "POST /console/cases/{case_id}/party/contacts/{contact_id}/confirm": "RS",
    "POST /console/cases/{case_id}/party/contacts/{contact_id}/open": SEE,
    "POST /console/cases/{case_id}/party/consent": "RS",
    "POST /console/cases/{case_id}/party/statements": "RSL",
    "POST /console/cases/{case_id}/party/statements/{statement_id}/answer": "SL",
    "POST /console/cases/{case_id}/party/statements/{statement_id}/open": SEE,
    "GET /console/cases/{case_id}/documents": SEE,
    "GET /console/cases/{case_id}/documents/{form}": SEE,
    "GET /console/cases/{case_id}/documents/{number}/{deed}": SEE,
    "POST /console/cases/{case_id}/documents/check": SEE,
    "POST /console/cases/{case_id}/documents/account": "RS",
    "POST /console/cases/{case_id}/documents/demand": "SL",
    "POST /console/cases/{case_id}/documents/{document_id}/open": SEE,
    "POST /console/cases/{case_id}/documents/{document_id}/services": "RS",
    "GET /console/cases/{case_id}/code": "RSL",
    "POST /console/cases/{case_id}/code": "RSL",
    "GET /console/from-parties": SEE,
    "GET /console/from-parties/{message_id}": SEE,
    "POST /console/from-parties/{message_id}/open": SEE,
    "GET /console/from-parties/{message_id}/files/{position}": SEE,
    "POST /console/from-parties/{message_id}/answer": "RSL",  # an objection's: SL, in tests/server/own_page
    "GET /console/refused": WORKS,
    "GET /console/held": WORKS,
    "GET /console/delivery": WORKS,
    "GET /console/statistics": WORKS,
    "GET /console/retention": WORKS,
    "GET /console/hand-off": WORKS,
    "POST /console/hand-off/{site_id}/set": "RS",
    "POST /console/hand-off/{site_id}/release": "RS",
    "GET /console/sites": SEE,
    "POST /console/sites/{site_id}/lift": "S",
    "GET /console/care": "RSA",
    "POST /console/care/seed": "S",
    "GET /console/devices": WORKS,
    "GET /console/devices/codes": WORKS,
    "POST /console/devices/codes": "M",
    "POST /console/devices/codes/{code_id}/withdraw": "M",
    "POST /console/devices/{device_id}/revoke": "M",
    "GET /console/users": "AM",
    "GET /console/users/added": "AM",
    "POST /console/users/added": "M",
    "GET /console/users/{name}/password": "AM",
    "POST /console/users/{name}/password": "M",
    "POST /console/users/{name}/role": "M",
    "POST /console/users/{name}/active": "M",
    "POST /console/users/{name}/second-factor": "M",
    "POST /console/users/{name}/police": "M",
    "GET /console/ledger": "SLCA",
    "GET /console/ledger/statement.xlsx": "CA",
    "POST /console/ledger/statement": "C",
    "POST /console/ledger/statement/again": "CA",
    "GET /console/ledger/bank": "SLCA",
    "POST /console/ledger/bank": "C",
    "POST /console/ledger/bank/one": "C",
    "GET /console/ledger/bank/{sha256}": "SLCA",
    "POST /console/ledger/bank/{sha256}/move": "C",
    "GET /console/ledger/suspense": "SLCA",
    "POST /console/ledger/suspense/assign": "C",
    "POST /console/ledger/suspense/return": "C",
    "POST /console/ledger/suspense/payer": "C",
    "GET /console/ledger/cash": "SLCA",
    "POST /console/ledger/cash/take": "C",
    "POST /console/ledger/cash/hand-in": "C",
    "POST /console/ledger/cash/bank": "C",
    "GET /console/ledger/find": "SLCA",
    "GET /console/ledger/cases/{case_id}": "SLCA",
    "GET /console/ledger/cases/{case_id}/account.xlsx": "CA",
    "POST /console/ledger/cases/{case_id}/receipt": "C",
    "POST /console/ledger/cases/{case_id}/statement": "C",
    "POST /console/ledger/cases/{case_id}/again": "CA",
    "POST /console/ledger/cases/{case_id}/surcharge": "SL",
    "POST /console/ledger/cases/{case_id}/waive": "SL",
    "POST /console/ledger/cases/{case_id}/social-service": "SL",
    "POST /console/ledger/cases/{case_id}/agree": "SL",
    "POST /console/ledger/cases/{case_id}/refund": "C",
    "POST /console/ledger/cases/{case_id}/move": "C",
    "GET /console/ledger/heads": "SLCA",
    "GET /console/ledger/heads/proof": "SLCA",
    "GET /console/ledger/heads/export.zip": "CA",
    "GET /console/audit": "AM",
    "GET /console/audit.csv": "AM",
    "GET /console/account": ALL,
    "POST /console/account/password": ALL,
    "POST /console/account/sessions/end": ALL,
    "POST /console/account/recovery-codes": ALL,
    "POST /logout": ALL,
}
STEPS = {f"{method} /login/{stage}": stage for method in ("GET", "POST") for stage in ("code", "password", "enrol")}
"""One step of a login each: no whole session passes, and no other step."""
ANYBODY = {
    "GET /": 303,
    "GET /list": 200,
    "GET /list/feed.json": 200,
    "GET /list/{listing_id}.jpg": 404,
    "GET /ledger/heads": 200,
    "GET /ledger/heads.json": 200,
    "GET /ledger/heads/{day}": 404,
    "GET /ledger/heads/{day}.json": 404,
    "GET /own": 200,
    "GET /login": 200,
    "POST /language": 303,
    "GET /openapi.json": 200,
    "GET /docs": 200,
    "GET /docs/oauth2-redirect": 200,
    "GET /redoc": 200,
    "GET /static": 307,
    "GET /assets": 307,
    "GET /api/v1/health": 200,
    "GET /api/v1/public-key": 200,
}
PARTY = {
    "POST /own/leave",
    "GET /own/case",
    "GET /own/case/pictures/{role}.jpg",
    "GET /own/case/message",
    "POST /own/case/message",
    "GET /own/case/receipts/{position}",
}
"""Whoever has not come in by number and code is led to /own; a session of the console is no such thing."""
MACHINES = {
    "GET /metrics": 403,
    "GET /api/v1/devices/{device_id}/delivery": 403,
    "POST /api/v1/devices/enrol": 422,
    "POST /api/v1/devices/admission": 401,
    "HEAD /api/v1/evidence/{digest}": 401,
    "PATCH /api/v1/evidence/{digest}": 401,
    "PUT /api/v1/evidence/{digest}": 401,
}
"""What a person's session gets there: it opens no door of a box or a monitor."""
FORM = {
    "language": "en",
    "back": "/",
    "version": 1,
    "act": "confirm",
    "reason": "r",
    "days": 1,
    "device_id": "box-9",
    "site_id": "s-9",
    "key": "kept",
    "role": "auditor",
    "active": "true",
    "login": "x",
    "present": "no",
    "password": "no",
    "again": "no",
    "code": "000000",
    "outcome": "partly",
    "words": "w",
}
NAMES = {
    "day": "2026-11-24",
    "listing_id": "l",
    "digest": "0" * 64,
    "device_id": "box-1",
    "code_id": 1,
    "message_id": 1,
    "position": 1,
    "role": "entry",
    "case_id": 1,
    "event_id": "e",
    "sha256": "0" * 64,
    "contact_id": 1,
    "statement_id": 1,
    "document_id": 1,
    "form": "open",
    "number": 1,
    "deed": "open",
}


@pytest.fixture
def client(service):
    app = pages_of(service)
    deliver(service, make_act())
    with TestClient(app, follow_redirects=False) as made:
        yield made


def ask(client, route: str, csrf: str | None = None, **headers: str):
    method, path = route.split(" ")
    path = path.format(name="nobody" if "users" in path else "before.jpg", site_id="s-1", **NAMES)
    form = {name: FORM[name] for name in ("version", "act")} if route.endswith("/cases/{case_id}") else FORM
    if path.endswith("evidence/" + "0" * 64):
        headers |= {"Content-Type": "application/offset+octet-stream"}
        return client.request(method, path, content=b"", headers=headers)
    if method != "POST" or path.startswith("/api/"):
        return client.request(method, path, headers=headers)
    return client.post(path, data=form if csrf is None else form | {"csrf": csrf}, headers=headers)


def led_to(answer) -> str | None:
    return answer.headers.get("location") if answer.status_code == 303 else None


def test_every_route_is_in_the_table(client):
    routes = {f"{method} {path}" for method, path in routes_of(client.app)}
    assert routes == {*CONSOLE, *STEPS, *ANYBODY, *PARTY, *MACHINES, "POST /login", "POST /own"}


@pytest.mark.parametrize("letter", LETTERS)
def test_a_role_passes_where_it_may_and_nowhere_else(client, service, letter):
    for route, letters in CONSOLE.items():
        answer = ask(client, route, visit(client, service, LETTERS[letter]))
        refused = answer.status_code == 403
        assert (route, refused) == (route, letter not in letters)
        assert route == "POST /logout" or led_to(answer) != "/login", route
    for route, status in {**ANYBODY, **MACHINES}.items():
        visit(client, service, LETTERS[letter])
        assert (route, ask(client, route).status_code) == (route, status)
    for route in STEPS:
        assert led_to(ask(client, route, visit(client, service, LETTERS[letter]))) == "/login", route
    for route in PARTY:
        assert led_to(ask(client, route, visit(client, service, LETTERS[letter]))) == "/own", route


def test_whoever_is_logged_out_is_led_to_the_login(client):
    for route in {**CONSOLE, **STEPS}:
        assert led_to(ask(client, route, "x")) == "/login", route


@pytest.mark.parametrize(
    ("story", "began_at_ms", "opens"),
    [
        ("just begun", NOW_MS, True),
        ("idle for a minute less than may be", NOW_MS - 29 * 60_000, True),
        ("idle for too long", NOW_MS - 30 * 60_000, False),
        ("over", NOW_MS - 3_600_000, False),
    ],
)
def test_a_session_that_is_over_opens_nothing(client, service, story, began_at_ms, opens):
    for route, letters in CONSOLE.items():
        csrf = visit(client, service, LETTERS[letters[0]], at_ms=began_at_ms)
        if route != "POST /logout":
            assert (led_to(ask(client, route, csrf)) != "/login") == opens, route


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.WHOLE])
def test_a_login_that_is_not_finished_is_led_to_its_next_step_from_everywhere(client, service, stage):
    for route in {**CONSOLE, **STEPS}:
        answer = ask(client, route, visit(client, service, Role.SUPERVISOR, stage))
        at_home = STEPS.get(route) == stage
        assert (led_to(answer) == f"/login/{stage}") == (not at_home), route


@pytest.mark.parametrize(
    ("story", "csrf", "headers", "status"),
    [
        ("no token", None, {}, 422),
        ("a forged token", "x", {}, 403),
        ("a token that is not ASCII", "é", {}, 403),
        ("another's token", "another", {}, 403),
        ("its own token, from another site", "own", {"Origin": "https://evil.example"}, 403),
        ("its own token, told by the browser to come from another site", "own", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("its own token, from a neighbour's name", "own", {"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_forged_form_does_nothing(client, service, story, csrf, headers, status):
    forms = {route: letters for route, letters in CONSOLE.items() if route.startswith("POST")}
    assert len(forms) == 59
    for route, letters in forms.items():
        role = LETTERS[letters[0]]
        another = visit(client, service, role)
        given = {"own": visit(client, service, role), "another": another}.get(csrf, csrf)
        assert (route, ask(client, route, given, **headers).status_code) == (route, status)
    for route, stage in STEPS.items():
        if route.startswith("POST"):
            given = {"own": visit(client, service, Role.LEGAL, Stage(stage))}.get(csrf, csrf)
            assert (route, ask(client, route, given, **headers).status_code) == (route, status)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({"Origin": "null"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
    ],
)
def test_a_form_comes_from_this_site(client, headers, status):
    assert client.post("/language", data={"language": "en", "back": "/"}, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("deed", "letters"),
    [
        (Act.CONFIRM, "RS"),
        (Act.REJECT, "RS"),
        (Act.IDENTIFY, "RS"),
        (Act.FINE, "RS"),
        (Act.WARN, "RS"),
        (Act.EDUCATE, "RS"),
        (Act.REVOKE, "SL"),
    ],
)
def test_each_act_takes_its_own_right(client, service, deed, letters):
    for letter, role in LETTERS.items():
        csrf = visit(client, service, role)
        answer = client.post("/console/cases/1", data={"csrf": csrf, "version": 0, "act": deed, "reason": "unclear"})
        assert (letter, answer.status_code) == (letter, 409 if letter in letters else 403)


def test_what_is_refused_is_in_the_audit_log(client, service):
    ask(client, "POST /console/users/added", visit(client, service, Role.CASHIER))
    with service.sessions.reading() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.what == "access.refused")).one()
        assert (line.who, line.detail) == ("a-cashier", "POST /console/users/added")


def test_a_page_writes_once_a_minute_that_its_session_is_in_use(service):
    clock = [NOW_MS]
    app = pages_of(replace(service, now_ms=lambda: clock[0]))
    with TestClient(app, follow_redirects=False) as client:
        visit(client, service, Role.LEGAL)
        for minutes, seen_minutes in ((0.5, 0), (1.5, 1.5), (2, 1.5), (29, 29), (58, 58)):
            clock[0] = NOW_MS + round(minutes * 60_000)
            assert client.get("/console").status_code == 200
            with service.sessions.reading() as session:
                assert session.scalars(select(Login.seen_at_ms)).one() == NOW_MS + round(seen_minutes * 60_000)
        clock[0] = NOW_MS + 60 * 60_000  # in use all the time, and over
        assert led_to(client.get("/console")) == "/login"


def test_a_service_with_a_route_of_which_nobody_has_said_who_may_use_it_does_not_start(service):
    app, new = FastAPI(), APIRouter()
    new.add_api_route("/console/new", lambda: "", methods=["POST"])
    app.include_router(new)
    with pytest.raises(NoDoorError, match="who may use POST /console/new: write it into"):
        application.add_pages(app, service)


def test_every_page_of_the_console_is_kept_by_no_cache_and_framed_by_nobody(client, service):
    for route in CONSOLE:
        if route.startswith("GET") and "evidence" not in route:
            visit(client, service, Role.AUDITOR)
            headers = ask(client, route).headers
            assert (route, headers["cache-control"]) == (route, "no-store")
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["referrer-policy"] == "no-referrer"
