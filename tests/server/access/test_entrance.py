"""The way in over HTTP: from a first password to the end of a session, and all that does not lead in."""

from dataclasses import replace

import centre
import pytest
from argon2 import PasswordHasher
from centre import NOW_MS, PASSWORD, csrf_of
from entering import OWN_PASSWORD, come_in, location
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from server import app as application
from server.access import passwords, totp
from server.access.models import FailedLogin, Login, RecoveryCode, User
from server.access.rights import Role
from server.access.service import add_user
from server.access.tries import DAY_MS, TRIES_MAX, TRIES_SPAN_MS, network
from server.audit import AuditEntry
from server.db import unit_of_work
from server.errors import WrongInputError
from server.sealed_values import SealedValue

STEP_MS = totp.STEP_MS


class Clock:
    def __init__(self) -> None:
        self.ms = NOW_MS

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(service, clock) -> FastAPI:
    settings = service.settings.model_copy(update={"second_factor": True, "session_s": 7 * 86_400})
    made = FastAPI()
    application.add_pages(made, replace(service, settings=settings, now_ms=clock))
    with unit_of_work(service.sessions) as session:
        session.get(User, "officer").must_change_password = True
    return made


@pytest.fixture
def client(app):
    with TestClient(app, follow_redirects=False) as made:
        yield made


def code_form(client, code: str):
    return client.post("/login/code", data={"csrf": csrf_of(client.get("/login/code").text), "code": code})


def codes_of(page: str) -> list[str]:
    return [part.split("<")[0] for part in page.split("<li><code>")[1:]]


def said(service) -> list[str]:
    with service.sessions.reading() as session:
        return list(session.scalars(select(AuditEntry.what).order_by(AuditEntry.id)))


def test_the_first_time_one_changes_the_password_and_enrols_and_the_second_time_a_code_is_enough(
    client, service, clock
):
    secret = come_in(client, "officer", PASSWORD, NOW_MS)
    assert client.get("/console").status_code == 200
    with service.sessions.reading() as session:
        (kept,) = session.scalars(select(SealedValue))
        assert kept.of == session.get(User, "officer").second_factor
        assert secret.encode() not in kept.sealed
    clock.ms += STEP_MS
    assert location(centre.log_in(client, password=OWN_PASSWORD)) == "/login/code"
    assert location(code_form(client, totp.code_at(secret, clock.ms))) == "/console"
    assert said(service) == ["password.change", "second_factor.enrol", "login", "login"]


@pytest.mark.parametrize(
    ("story", "later_steps", "code_of_step", "status"),
    [
        ("the code by which it was enrolled", 0, 0, 401),
        ("that code again, a step later", 1, 0, 401),
        ("the next one", 1, 1, 303),
        ("a minute old", 3, 1, 401),
    ],
)
def test_a_code_is_taken_once_and_in_its_time(client, clock, story, later_steps, code_of_step, status):
    secret = come_in(client, "officer", PASSWORD, NOW_MS)
    clock.ms += later_steps * STEP_MS
    centre.log_in(client, password=OWN_PASSWORD)
    answer = code_form(client, totp.code_at(secret, NOW_MS + code_of_step * STEP_MS))
    assert answer.status_code == status
    assert client.get("/console").status_code == (200 if status == 303 else 303)


def test_every_step_gives_the_session_a_new_token_and_the_old_one_opens_nothing(client, service, clock):
    secret = come_in(client, "officer", PASSWORD, NOW_MS)
    clock.ms += STEP_MS
    centre.log_in(client, password=OWN_PASSWORD)
    before = client.cookies["lukou_session"]
    code_form(client, totp.code_at(secret, clock.ms))
    after = client.cookies["lukou_session"]
    assert after != before
    client.cookies.clear()
    client.cookies.set("lukou_session", before)
    assert location(client.get("/console")) == "/login"


def test_a_recovery_code_stands_for_a_code_once(client, service, clock):
    centre.log_in(client)
    form = {"csrf": csrf_of(client.get("/login/password").text), "password": OWN_PASSWORD, "again": OWN_PASSWORD}
    client.post("/login/password", data=form)
    page = client.get("/login/enrol").text
    secret = page.split("<code data-secret>")[1].split("<")[0]
    assert client.get("/login/enrol").text == page  # a second look offers no second secret
    answer = client.post("/login/enrol", data={"csrf": csrf_of(page), "code": totp.code_at(secret, NOW_MS)})
    codes = codes_of(answer.text)
    assert len(set(codes)) == 10
    with service.sessions.reading() as session:
        assert not {code.code_sha256 for code in session.scalars(select(RecoveryCode))} & set(codes)
    for code, leads in (
        (codes[0], "/console"),
        (codes[0], "status 401"),
        (codes[1].upper().replace("-", " "), "/console"),
    ):
        centre.log_in(client, password=OWN_PASSWORD)
        assert location(code_form(client, code)) == leads
    assert "恢复码: 8" in client.get("/console/account").text
    new = client.post(
        "/console/account/recovery-codes",
        data={"csrf": csrf_of(client.get("/console/account").text), "present": OWN_PASSWORD},
    )
    centre.log_in(client, password=OWN_PASSWORD)
    assert location(code_form(client, codes[2])) == "status 401"  # those of before are void
    assert location(code_form(client, codes_of(new.text)[0])) == "/console"


def test_codes_that_are_guessed_wait_by_name_and_the_day_has_its_own_limit(client, service, clock):
    secret = come_in(client, "officer", PASSWORD, NOW_MS)
    wrong = 0
    for _ in range(6):
        clock.ms += TRIES_SPAN_MS
        centre.log_in(client, password=OWN_PASSWORD)
        for _ in range(TRIES_MAX):
            wrong += code_form(client, "999999x").status_code == 401
        assert code_form(client, totp.code_at(secret, clock.ms)).status_code == 429
    assert wrong == 30
    clock.ms += TRIES_SPAN_MS
    centre.log_in(client, password=OWN_PASSWORD)
    assert "wait a day" in code_form(client, totp.code_at(secret, clock.ms)).text
    clock.ms += DAY_MS
    centre.log_in(client, password=OWN_PASSWORD)
    assert location(code_form(client, totp.code_at(secret, clock.ms))) == "/console"
    with service.sessions.reading() as session:
        assert len(session.scalars(select(FailedLogin)).all()) == 30  # forgotten at the next failure


def test_whoever_tries_many_names_from_one_network_waits(client, service, clock):
    with unit_of_work(service.sessions) as session:
        for number in range(30):
            values = {"at_ms": NOW_MS, "kind": "password", "address": "testclient"}
            session.add(FailedLogin(user_name=f"nobody-{number}", **values))
    assert centre.log_in(client).status_code == 429
    clock.ms += TRIES_SPAN_MS
    assert location(centre.log_in(client)) == "/login/password"


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_network_is_counted_as_one(address, counted_as):
    assert network(address) == counted_as


def test_a_login_without_the_token_of_its_visit_is_refused(client):
    visit = csrf_of(client.get("/login").text)
    names = {"name": "officer", "password": PASSWORD}
    assert client.post("/login", data=names).status_code == 422
    assert client.post("/login", data=names | {"csrf": "x"}).status_code == 403
    client.cookies.clear()
    assert client.post("/login", data=names | {"csrf": visit}).status_code == 403


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("passwordpassword", "passwordpassword", "common words"),
        ("the officer rides a bicycle", "the officer rides a bicycle", "user&#39;s name"),
        (OWN_PASSWORD, OWN_PASSWORD + "x", "same password twice"),
    ],
)
def test_a_first_password_gives_way_to_a_good_one_alone(client, password, again, says):
    centre.log_in(client)
    form = {"csrf": csrf_of(client.get("/login/password").text), "password": password, "again": again}
    answer = client.post("/login/password", data=form)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert location(client.get("/console")) == "/login/password"


def test_the_same_password_again_is_no_change(client):
    centre.log_in(client)
    form = {"csrf": csrf_of(client.get("/login/password").text), "password": PASSWORD, "again": PASSWORD}
    assert client.post("/login/password", data=form).status_code == 422


def test_changing_the_password_ends_every_session(app, client, service, clock):
    secret = come_in(client, "officer", PASSWORD, NOW_MS)
    clock.ms += STEP_MS
    with TestClient(app, follow_redirects=False) as other:
        centre.log_in(other, password=OWN_PASSWORD)
        code_form(other, totp.code_at(secret, clock.ms))
        assert other.get("/console").status_code == 200
        form = {"csrf": csrf_of(client.get("/console/account").text), "password": "quite another one"}
        form |= {"again": form["password"]}
        wrong = client.post("/console/account/password", data=form | {"present": "no"})
        assert (wrong.status_code, other.get("/console").status_code) == (422, 200)
        done = client.post("/console/account/password", data=form | {"present": OWN_PASSWORD})
        assert location(done) == "/login"
        assert [location(each.get("/console")) for each in (client, other)] == ["/login", "/login"]


def test_one_sees_ones_sessions_and_ends_one(app, client, service, clock):
    secret = come_in(client, "officer", PASSWORD, NOW_MS)
    clock.ms += STEP_MS
    with TestClient(app, follow_redirects=False) as other:
        centre.log_in(other, password=OWN_PASSWORD)
        code_form(other, totp.code_at(secret, clock.ms))
        page = client.get("/console/account").text
        login = page.split('name="login" value="')[1].split('"')[0]
        client.post("/console/account/sessions/end", data={"csrf": csrf_of(page), "login": login})
        assert location(other.get("/console")) == "/login"
    assert client.get("/console").status_code == 200


def test_nobody_ends_anothers_session(client, service, clock):
    come_in(client, "officer", PASSWORD, NOW_MS)
    with unit_of_work(service.sessions) as session:
        values = {"csrf": "x", "stage": "whole", "began_at_ms": 1, "seen_at_ms": 1, "ends_at_ms": 2**50, "address": ""}
        session.add(Login(token_sha256="a" * 64, user_name="auditor", **values))
    csrf = csrf_of(client.get("/console/account").text)
    client.post("/console/account/sessions/end", data={"csrf": csrf, "login": "a" * 64})
    with service.sessions.reading() as session:
        assert session.get(Login, "a" * 64) is not None


def test_over_https_the_cookies_are_bound_to_this_host(service):
    app = FastAPI()
    settings = service.settings.model_copy(update={"secure_cookies": True})
    application.add_pages(app, replace(service, settings=settings))
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        visit, session = client.get("/login"), centre.log_in(client)
        for answer, name in ((visit, "__Host-lukou_visit"), (session, "__Host-lukou_session")):
            cookie = answer.headers["set-cookie"]
            assert cookie.startswith(f"{name}=")
            assert {"HttpOnly", "Path=/", "SameSite=strict", "Secure"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
        assert client.get("/console").status_code == 200


def test_a_hash_of_former_parameters_is_made_anew_at_the_next_login(client, service):
    with unit_of_work(service.sessions) as session:
        session.get(User, "officer").password_hash = PasswordHasher(time_cost=1).hash(PASSWORD)
    centre.log_in(client)
    with service.sessions.reading() as session:
        stored = session.get(User, "officer").password_hash
    assert not passwords.HASHER.check_needs_rehash(stored)
    assert passwords.HASHER.verify(stored, PASSWORD)


def test_an_unknown_name_costs_the_same_hash_as_a_known_one():
    assert not passwords.HASHER.check_needs_rehash(passwords.NOBODYS_HASH)


def test_no_password_is_stored_as_it_is_and_a_weak_one_not_at_all(service):
    with unit_of_work(service.sessions) as session:
        assert PASSWORD not in session.get(User, "officer").password_hash
        with pytest.raises(WrongInputError, match="at least 12"):
            add_user(session, "new", "short", Role.REVIEWER, demonstration=False)


def test_a_user_who_is_switched_off_is_out_at_once_and_does_not_come_back(client, service):
    come_in(client, "officer", PASSWORD, NOW_MS)
    with unit_of_work(service.sessions) as session:
        session.get(User, "officer").active = False
    assert location(client.get("/console")) == "/login"
    assert centre.log_in(client, password=OWN_PASSWORD).status_code == 401


def test_logging_out_ends_the_session_at_the_centre_too(client, service):
    come_in(client, "officer", PASSWORD, NOW_MS)
    token = client.cookies["lukou_session"]
    client.post("/logout", data={"csrf": csrf_of(client.get("/console").text)})
    client.cookies.set("lukou_session", token)
    assert location(client.get("/console")) == "/login"
