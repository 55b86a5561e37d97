"""The administrator's page of users, and an auditor who looks at it."""

import re

import centre
import pytest
from centre import NOW_MS
from fastapi.testclient import TestClient
from sqlalchemy import select
from uploading import pages_of
from visiting import visit

from server import sealed_values
from server.access.models import Login, RecoveryCode, User
from server.access.rights import Role
from server.audit import AuditEntry
from server.db import unit_of_work

PAGE = "/console/users"
ADMINISTRATOR = Role.ADMINISTRATOR


@pytest.fixture
def client(service):
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def send(client, service, path: str, **form: str):
    return client.post(f"{PAGE}/{path}", data={"csrf": visit(client, service, ADMINISTRATOR)} | form)


def user(service, name: str) -> User:
    with service.sessions.reading() as session:
        return session.get(User, name)


def first_password(page: str) -> str:
    return re.search(r'<p class="code"><code>([^<]+)</code>', page)[1]


def log(service) -> list[tuple[str, str, str]]:
    with service.sessions.reading() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(line.who, line.what, line.detail) for line in lines]


def test_a_user_who_is_added_gets_a_password_that_is_shown_once_and_must_be_changed(client, service):
    page = send(client, service, "added", name="李警官", role="reviewer").text
    password = first_password(page)
    assert (user(service, "李警官").role, user(service, "李警官").must_change_password) == ("reviewer", True)
    again = client.get(f"{PAGE}/added")
    assert (again.status_code, again.headers["location"]) == (303, PAGE)
    assert password not in client.get(PAGE).text
    assert log(service) == [("a-administrator", "user.add", "李警官 as reviewer")]
    assert centre.log_in(client, "李警官", password).headers["location"] == "/console"


@pytest.mark.parametrize(
    ("name", "role", "status"),
    [
        ("officer", "reviewer", 409),
        ("x", "reviewer", 422),
        ("two words", "reviewer", 422),
        ("<script>", "reviewer", 422),
        ("a/b", "reviewer", 422),
        ("y" * 41, "reviewer", 422),
        ("li.wei", "officer", 422),
        ("li.wei", "chief", 422),
    ],
)
def test_users_that_are_not_added(client, service, name, role, status):
    assert send(client, service, "added", name=name, role=role).status_code == status


@pytest.mark.parametrize(
    ("path", "form", "what", "detail"),
    [
        ("role", {"role": "legal"}, "user.role", "officer: supervisor -> legal"),
        ("active", {"active": "false"}, "user.off", "officer"),
        ("password", {}, "user.new_password", "officer"),
        ("second-factor", {}, "second_factor.reset", "officer"),
        (
            "police",
            {"display_name": " 张 伟 ", "police_number": "a012345"},
            "user.police",
            "officer: Li Wei 010007 -> 张 伟 A012345",
        ),
        ("police", {}, "user.police", "officer: Li Wei 010007 -> - -"),
    ],
)
def test_what_is_done_to_a_user_ends_their_sessions_and_is_logged(client, service, path, form, what, detail):
    centre.log_in(client)
    with unit_of_work(service.sessions) as session:
        officer = session.get(User, "officer")
        officer.totp_at_ms = NOW_MS
        sealed_values.keep(session, service.secrets_box, officer.second_factor, b"s", None, NOW_MS)
        session.add(RecoveryCode(code_sha256="c", user_name="officer"))
    assert send(client, service, f"officer/{path}", **form).status_code in (200, 303)
    with service.sessions.reading() as session:
        assert session.scalars(select(Login.user_name)).all() == ["a-administrator"]
        codes = session.scalars(select(RecoveryCode)).all()
        kept = session.scalars(select(sealed_values.SealedValue.of)).all()
    changed = user(service, "officer")
    assert {changed.has_second_factor, codes != [], kept != []} == {path != "second-factor"}
    assert (changed.must_change_password, changed.active) == (path == "password", path != "active")
    assert log(service)[-1] == ("a-administrator", what, detail)


@pytest.mark.parametrize("path", ["role", "active", "password", "second-factor", "police"])
def test_nobody_is_not_changed(client, service, path):
    assert send(client, service, f"nobody/{path}", role="legal", active="false").status_code == 404


@pytest.mark.parametrize(("path", "form"), [("role", {"role": "auditor"}), ("active", {"active": "false"})])
def test_the_last_administrator_stays(client, service, path, form):
    answer = send(client, service, f"a-administrator/{path}", **form)
    assert answer.status_code == 409
    assert "last administrator" in answer.text
    with unit_of_work(service.sessions) as session:
        session.get(User, "auditor").role = ADMINISTRATOR
    assert send(client, service, f"a-administrator/{path}", **form).status_code == 303


def test_an_auditor_sees_users_and_no_button_to_change_them(client, service):
    visit(client, service, Role.AUDITOR)
    page = client.get(PAGE).text
    assert 'data-user="officer"' in page
    assert "/console/users/" not in page


def test_every_text_has_both_languages(client, service):
    visit(client, service, ADMINISTRATOR)
    client.cookies.set("lukou_language", "en")
    for path in (PAGE, "/console/account", "/console/audit"):
        page = client.get(path).text.replace("路口", "").replace("中文", "")
        assert re.findall(r"[\u4e00-\u9fff]+", page) == []


@pytest.mark.parametrize(
    ("name", "number", "problems"),
    [
        ("张伟", "", ["警号应为"]),
        ("", "012345", ["姓名应为"]),
        ("张", "012345", ["姓名应为"]),
        ("张伟2", "012345", ["姓名应为"]),
        ("<b>张伟</b>", "012345", ["姓名应为"]),
        ("张伟", "12", ["警号应为"]),
        ("张伟", "ABCDEF", ["警号应为"]),
        ("张伟", "0123 45", ["警号应为"]),
        ("伟" * 41, "1" * 21, ["姓名应为", "警号应为"]),
    ],
)
def test_a_name_or_number_that_is_none_is_told_in_both_languages(client, service, name, number, problems):
    before = user(service, "officer").display_name
    answer = send(client, service, "officer/police", display_name=name, police_number=number)
    assert answer.status_code == 422
    assert all(problem in answer.text for problem in problems)
    client.cookies.set("lukou_language", "en")
    told = client.post(f"{PAGE}/officer/police", data={"csrf": visit_again(client, service), "police_number": "1"}).text
    assert "expected a police number of 4 to 20 figures" in told
    assert user(service, "officer").display_name == before


def visit_again(client, service) -> str:
    language = client.cookies["lukou_language"]
    csrf = visit(client, service, ADMINISTRATOR)
    client.cookies.set("lukou_language", language)
    return csrf


@pytest.mark.parametrize("name", ["张伟", "欧阳 建国", "阿卜杜拉·买买提", "Li Wei", "Anne-Marie O'Neil"])
def test_names_of_any_script_are_taken(client, service, name):
    assert send(client, service, "officer/police", display_name=name, police_number="020001").status_code == 303
    assert (user(service, "officer").display_name, user(service, "officer").police_number) == (name, "020001")


def test_a_police_number_is_one_person_s(client, service):
    answer = send(client, service, "auditor/police", display_name="王芳", police_number="010007")
    assert (answer.status_code, "警号 010007 已登记给 officer" in answer.text) == (409, True)


def test_the_page_says_whose_name_is_missing_and_what_that_means(client, service):
    visit(client, service, ADMINISTRATOR)
    assert "data-unnamed" not in client.get(PAGE).text
    send(client, service, "officer/police")
    told = client.get(PAGE).text
    assert re.search(r"data-unnamed>[^<]*不能出具[^<]*officer</p>", told)
