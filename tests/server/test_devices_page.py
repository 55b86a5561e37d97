"""The page of devices: who may look and who act, a code is shown once; enrolment and admission over HTTP."""

import re

import centre
import pytest
from centre import KEY, NOW_MS, PASSWORD, TOKEN, make_act, take
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient
from sqlalchemy import select
from uploading import pages_of

from contract.enrolment import EnrolmentAnswer, asked, new_code
from contract.identity import fingerprint, key_text
from contract.words import ReceiptOutcome
from server.access.rights import Role
from server.access.service import add_user
from server.audit import AuditEntry
from server.broker_access.rights import Box
from server.db import unit_of_work
from server.enrolment.service import REFUSED_MAX
from server.service import Service

BOX_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34)))
PAGE = "/console/devices"
ENROL = "/api/v1/devices/enrol"


class KnownBroker:
    """The port's fake: remembers what it was told, or cannot be told."""

    def __init__(self) -> None:
        self.reachable, self.admitted, self.out = True, {}, []

    def start(self) -> None: ...
    def stop(self) -> None: ...

    def admit(self, box: Box, token: str) -> bool:
        if self.reachable:
            self.admitted[box.device_id] = (box, token)
        return self.reachable

    def shut_out(self, device_id: str) -> bool:
        if self.reachable:
            self.out.append(device_id)
        return self.reachable


@pytest.fixture
def broker():
    return KnownBroker()


@pytest.fixture
def client(service, broker):
    with unit_of_work(service.sessions) as session:
        add_user(session, "admin", PASSWORD, Role.ADMINISTRATOR, demonstration=False)
    values = {name: getattr(service, name) for name in Service.__slots__} | {"broker_access": broker}
    app = pages_of(Service(**values))
    with TestClient(app, follow_redirects=False) as made:
        yield made


def log_in(client, name: str = "admin") -> str:
    centre.log_in(client, name)
    return client.get(PAGE).text.split('name="csrf" value="')[1].split('"')[0]


def new(client, token: str, **changes):
    form = {"csrf": token, "device_id": "box-9", "site_id": "s-9", "cameras": "c-1 c-2"} | changes
    return client.post(f"{PAGE}/codes", data=form)


def code_on(page: str) -> str:
    return re.search(r'<p class="code"><code>([^<]+)</code>', page)[1]


def enrol(client, code: str, key=BOX_KEY):
    return client.post(ENROL, content=asked(code, key).model_dump_json())


def row(client, device_id: str) -> str:
    return re.search(rf'<tr data-device="{device_id}".*?</tr>', client.get(PAGE).text, re.DOTALL)[0]


def test_an_admin_makes_a_code_that_is_shown_once_the_box_uses_it_and_all_see_the_key(client, broker):
    csrf = log_in(client)
    shown = new(client, csrf)
    assert shown.headers["cache-control"] == "no-store"
    code = code_on(shown.text)
    again = client.get(client.get(f"{PAGE}/codes").headers["location"]).text
    assert code not in again
    assert "未使用的登记码" in again
    reply = enrol(client, code)
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-store")
    answer = EnrolmentAnswer.model_validate_json(reply.content)
    assert (answer.device_id, answer.site_id, answer.cameras) == ("box-9", "s-9", ("c-1", "c-2"))
    assert answer.centre_public_key == key_text(KEY.public_key())
    assert broker.admitted["box-9"][1] == answer.token
    assert broker.admitted["box-9"][0].cameras == ("c-1", "c-2")
    log_in(client, "auditor")
    assert fingerprint(BOX_KEY.public_key()) in row(client, "box-9")
    assert "未使用的登记码" not in client.get(PAGE).text


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_others_look_but_neither_enrol_nor_revoke(client, who):
    csrf = log_in(client, who)
    page = client.get(PAGE).text
    assert "box-1" in page
    assert "立即吊销" not in page
    assert new(client, csrf).status_code == 403
    assert client.post(f"{PAGE}/box-1/revoke", data={"csrf": csrf, "reason": "r", "key": "kept"}).status_code == 403
    assert client.post(f"{PAGE}/codes/1/withdraw", data={"csrf": csrf}).status_code == 403


@pytest.mark.parametrize(
    ("story", "form", "status"),
    [
        ("another's token", {"csrf": "x"}, 403),
        ("an id that is none", {"device_id": "Box 9"}, 422),
        ("the centre's name", {"device_id": "centre"}, 422),
        ("a script", {"device_id": "<script>"}, 422),
        ("a device id that is too long", {"device_id": "b" * 64}, 422),
    ],
)
def test_codes_that_are_not_made(client, story, form, status):
    answer = new(client, log_in(client), **form)
    assert answer.status_code == status
    assert "<script>" not in answer.text.replace('<script src="', "")


def test_a_code_that_was_withdrawn_opens_nothing(client):
    csrf = log_in(client)
    code = code_on(new(client, csrf).text)
    assert client.post(f"{PAGE}/codes/1/withdraw", data={"csrf": csrf}).status_code == 303
    assert enrol(client, code).status_code == 403
    assert client.post(f"{PAGE}/codes/1/withdraw", data={"csrf": csrf}).status_code == 404


def test_a_revoked_device_is_believed_nothing_at_once(client, service, broker):
    csrf = log_in(client)
    act = make_act()
    assert take(service, act.sealed()).receipt.outcome is ReceiptOutcome.ACCEPTED
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    digest = act.message.evidence[0].sha256
    done = client.post(f"{PAGE}/box-1/revoke", data={"csrf": csrf, "reason": "被盗", "key": "lost"})
    assert (done.status_code, done.headers["location"]) == (303, PAGE)
    assert broker.out == ["box-1"]
    assert "被盗" in row(client, "box-1")
    assert client.put(f"/api/v1/evidence/{digest}", content=b"x", headers=bearer).status_code == 401
    assert client.post("/api/v1/devices/admission", headers=bearer).status_code == 401
    assert take(service, make_act(2).sealed()) is None
    with service.sessions.reading() as session:
        line = session.scalars(select(AuditEntry).where(AuditEntry.what == "device.revoke")).one()
        assert (line.who, line.detail, line.at_ms) == ("admin", "box-1: 被盗 (its key is lost)", NOW_MS)


@pytest.mark.parametrize("form", [{"key": ""}, {"key": "sold"}, {"reason": " "}, {"reason": "r" * 201}])
def test_a_revocation_says_why_and_what_of_the_key(client, broker, form):
    filled = {"csrf": log_in(client), "reason": "r", "key": "kept"} | form
    assert client.post(f"{PAGE}/box-1/revoke", data=filled).status_code == 422
    assert broker.out == []


def test_a_broker_that_cannot_be_told_of_a_revocation_is_said_on_the_page(client, broker):
    csrf = log_in(client)
    broker.reachable = False
    done = client.post(f"{PAGE}/box-1/revoke", data={"csrf": csrf, "reason": "r", "key": "kept"})
    assert "尚未通知消息代理" in client.get(done.headers["location"]).text
    assert 'data-active="no"' in row(client, "box-1")


def test_a_box_that_the_broker_does_not_know_asks_and_is_let_in(client, broker):
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    broker.reachable = False
    assert client.post("/api/v1/devices/admission", headers=bearer).status_code == 503
    broker.reachable = True
    assert client.post("/api/v1/devices/admission", headers=bearer).status_code == 204
    assert broker.admitted["box-1"][1] == TOKEN
    assert client.post("/api/v1/devices/admission").status_code == 401


def test_a_box_is_enrolled_although_the_broker_is_away(client, broker):
    code = code_on(new(client, log_in(client)).text)
    broker.reachable = False
    assert enrol(client, code).status_code == 200
    assert broker.admitted == {}


@pytest.mark.parametrize(
    ("story", "body", "status"),
    [
        ("nothing", b"", 422),
        ("no JSON", b"{", 422),
        ("not UTF-8", b"\xff", 422),
        ("a list", b"[]", 422),
        ("too long", b" " * 5000 + asked(new_code(), BOX_KEY).model_dump_json().encode(), 422),
        ("an unknown code", asked(new_code(), BOX_KEY).model_dump_json().encode(), 403),
    ],
)
def test_what_is_no_enrolment(client, story, body, status):
    answer = client.post(ENROL, content=body)
    assert answer.status_code == status
    assert len(answer.text.splitlines()) == 1


def test_whoever_guesses_waits_and_it_is_counted_on_the_page(client):
    for _ in range(REFUSED_MAX):
        assert enrol(client, new_code()).status_code == 403
    answer = enrol(client, new_code())
    assert answer.status_code == 429
    assert "wait 10 minutes" in answer.json()["error"]
    log_in(client)
    page = client.get(PAGE).text
    assert f"无此登记码: {REFUSED_MAX}" in page
    assert "尝试过多: 1" in page


def test_a_device_that_is_enrolled_with_cameras_speaks_for_no_other(client, service):
    code = code_on(new(client, log_in(client), device_id="box-1", site_id="s-1", cameras="c-1").text)
    assert enrol(client, code, KEY).status_code == 200
    assert take(service, make_act().sealed()).receipt.outcome is ReceiptOutcome.ACCEPTED
    other = make_act(2, camera_id="c-2").sealed()
    refused = take(service, other, "lukou/v1/s-1/c-2/violation").receipt
    assert (refused.outcome, "not enrolled with" in refused.reason) == (ReceiptOutcome.REFUSED, True)


def test_every_text_of_the_page_has_both_languages(client):
    csrf = log_in(client)
    new(client, csrf)
    client.post("/language", data={"language": "en", "back": "/"})
    page = new(client, csrf).text + client.get(PAGE).text
    assert not re.search(r">\s*(devices?|code|refusal)\.[a-z_]+\s*<", page)
    assert "Revoke at once" in page
