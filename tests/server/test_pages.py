"""Every route over real HTTP semantics: who may come in, what is refused, what a device may bring."""

import re
from hashlib import sha256

import centre
import pytest
from centre import KEY, NOW_MS, TOKEN, deliver, make_act, take
from fastapi.testclient import TestClient
from uploading import pages_of

from contract.messages import PassageCounts, YieldCount
from contract.seal import seal
from contract.words import RoadUserKind, ViolationKind
from server import app as application
from server.db import unit_of_work
from server.errors import TooManyTriesError

ACT = make_act()
DATA = ACT.files["before.jpg"]
DIGEST = sha256(DATA).hexdigest()
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def client(service):
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def log_in(client, name: str = "officer") -> None:
    assert centre.log_in(client, name).headers["location"] == "/console"


def csrf_of(client) -> str:
    return client.get("/console").text.split('name="csrf" value="')[1].split('"')[0]


PROTECTED = [
    "/console",
    "/console/refused",
    "/console/statistics",
    "/console/cases/1",
    "/console/cases/1/next",
    "/console/cases/1/evidence/a",
]


@pytest.mark.parametrize("path", PROTECTED)
def test_whoever_is_not_logged_in_is_led_to_the_login(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


def test_an_auditor_may_look_but_not_act(client, service):
    deliver(service, ACT)
    log_in(client, "auditor")
    assert client.get("/console/cases/1").status_code == 200
    form = {"csrf": csrf_of(client), "version": 1, "act": "confirm"}
    answer = client.post("/console/cases/1", data=form)
    assert answer.status_code == 403
    assert "takes one of: cashier, legal, reviewer, supervisor" in answer.text


@pytest.mark.parametrize(
    ("story", "form", "status"),
    [
        ("no token", {"version": 1, "act": "confirm"}, 422),
        ("another's token", {"csrf": "x", "version": 1, "act": "confirm"}, 403),
        ("an unknown act", {"csrf": None, "version": 1, "act": "pardon"}, 422),
        ("a token that is not ASCII", {"csrf": "é", "version": 1, "act": "confirm"}, 403),
        ("a version beyond any", {"csrf": None, "version": 2**70, "act": "confirm"}, 422),
        ("an act out of order", {"csrf": None, "version": 1, "act": "fine"}, 409),
        ("an old version", {"csrf": None, "version": 0, "act": "confirm"}, 409),
        ("an amount of the form's own", {"csrf": None, "version": 1, "act": "confirm", "amount_fen": 1}, 422),
        ("as it should be", {"csrf": None, "version": 1, "act": "confirm"}, 303),
    ],
)
def test_acts(client, service, story, form, status):
    deliver(service, ACT)
    log_in(client)
    filled = {name: csrf_of(client) if value is None else value for name, value in form.items()}
    assert client.post("/console/cases/1", data=filled).status_code == status


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_and_too_many_tries_wait(client):
    answers = [centre.log_in(client, n, "wrong") for n in ("officer", "nobody")]
    assert [a.status_code for a in answers] == [401, 401]
    assert answers[0].text == answers[1].text
    for _ in range(4):
        centre.log_in(client, "officer", "wrong")
    answer = centre.log_in(client)
    assert answer.status_code == TooManyTriesError.http_status


def test_who_logs_out_is_out(client):
    log_in(client)
    client.post("/logout", data={"csrf": csrf_of(client)})
    assert client.get("/console").headers["location"] == "/login"


def test_a_case_says_what_each_source_said_of_the_signal_and_how_old_that_was(client, service):
    deliver(service, ACT)
    log_in(client)
    page = client.get("/console/cases/1").text
    lamp, plan = (re.search(rf"<li>{name}: ([^<]*)</li>", page) for name in ("灯具图像", "配时方案"))
    assert lamp[1].startswith("红灯")
    assert lamp[1].endswith("距最后信息 0.04 s")
    assert plan[1].endswith("距最后信息 0.00 s")


def test_evidence_is_shown_as_sealed_or_not_at_all(client, service):
    deliver(service, ACT)
    log_in(client)
    path = "/console/cases/1/evidence/before.jpg"
    assert client.get(path).content == DATA
    stored = service.settings.data_dir / "evidence" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    stored.write_bytes(DATA[:-1] + b"x")
    answer = client.get(path)
    assert answer.status_code == 409
    assert "have been changed" in answer.text
    assert client.get("/console/cases/1/evidence/..%2Fcentre-key.pem").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "content", "named"),
    [
        (None, 200, DATA, None),
        ("bytes=0-9", 206, DATA[:10], f"bytes 0-9/{len(DATA)}"),
        ("bytes=-5", 206, DATA[-5:], f"bytes {len(DATA) - 5}-{len(DATA) - 1}/{len(DATA)}"),
        (f"bytes={len(DATA)}-", 416, b"", f"bytes */{len(DATA)}"),
    ],
)
def test_a_browser_gets_the_part_of_the_evidence_that_it_asks_for(client, service, asked, status, content, named):
    deliver(service, ACT)
    log_in(client)
    headers = {} if asked is None else {"Range": asked}
    answer = client.get("/console/cases/1/evidence/before.jpg", headers=headers)
    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers.get("content-range") == named
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(content))


def test_every_page_has_the_strict_headers(client):
    for path in ("/list", "/login", "/static/keys.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'self'")
        assert "unsafe" not in policy


def test_english_is_a_choice_that_stays(client):
    assert 'lang="zh-CN"' in client.get("/list").text
    assert client.post("/language", data={"language": "en", "back": "//evil.example"}).headers["location"] == "/"
    assert 'lang="en"' in client.get("/list").text


@pytest.mark.parametrize(
    ("story", "digest", "data", "headers", "status"),
    [
        ("without a token", DIGEST, DATA, {}, 401),
        ("with a wrong token", DIGEST, DATA, {"Authorization": "Bearer x"}, 401),
        ("by another device", DIGEST, DATA, {"Authorization": f"Bearer {'u' * 43}"}, 404),
        ("that no event names", "0" * 64, DATA, BEARER, 404),
        ("with a path for a name", "..%2F..%2Fetc", DATA, BEARER, 404),
        ("of another content", DIGEST, b"x" * len(DATA), BEARER, 422),
        ("too long", DIGEST, DATA + b"x", BEARER, 422),
        ("cut off", DIGEST, DATA[:-1], BEARER, 422),
        ("as it should be", DIGEST, DATA, BEARER, 201),
    ],
)
def test_a_file(client, service, story, digest, data, headers, status):
    take(service, ACT.sealed())
    answer = client.put(f"/api/v1/evidence/{digest}", content=data, headers=headers)
    assert answer.status_code == status
    if status >= 400:
        assert len(answer.text.splitlines()) == 1


def test_a_case_is_whole_when_its_last_file_has_come_and_a_file_may_come_twice(client, service):
    take(service, ACT.sealed())
    log_in(client)
    for number, data in enumerate(ACT.files.values(), start=1):
        path = f"/api/v1/evidence/{sha256(data).hexdigest()}"
        assert client.put(path, content=data, headers=BEARER).status_code == 201
        assert client.put(path, content=data, headers=BEARER).status_code == 200
        whole = 'data-complete="yes"' in client.get("/console/cases/1").text
        assert whole == (number == len(ACT.files))


def test_a_refused_event_is_on_the_console_and_its_words_are_escaped(client, service):
    with unit_of_work(service.sessions) as session:
        from server.ingest.intake import Intake  # noqa: PLC0415

        Intake(session, demonstration=False, now_ms=NOW_MS, book=service.house.book).take(
            "lukou/v1/<script>/c/violation", b"<b>"
        )
    log_in(client)
    page = client.get("/console/refused").text
    assert "malformed" in page
    assert "<script>/c" not in page


def test_health_and_key(client):
    health = client.get("/api/v1/health").json()
    evidence = health.pop("evidence")
    assert health == {"database": "ok", "broker": "connected", "refused_events": 0}
    assert (evidence["state"], evidence["begun"]) == ("ok", 0)
    assert "BEGIN PUBLIC KEY" in client.get("/api/v1/public-key").text


def test_every_answer_of_the_console_has_the_strict_headers_even_a_refusal(client, service):
    deliver(service, ACT)
    log_in(client)
    paths = ["/console", "/console/refused", "/console/cases/1", "/console/cases/1/evidence/entry.jpg"]
    for path in [*paths, "/console/cases/7", "/console/cases/x", f"/console/cases/{2**70}", "/nothing", "/list/x.jpg"]:
        answer = client.get(path)
        assert answer.status_code == 200 if path in paths else 400 <= answer.status_code < 500
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(client):
    cookie = centre.log_in(client).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize(
    ("kind", "measure", "words"),
    [
        (ViolationKind.PEDESTRIAN_RED_LIGHT, 3.1, ["行人闯红灯", "红灯期间行进", "3.10 米", "3001", "红灯, 自"]),
        (ViolationKind.RIDER_RED_LIGHT, 4.2, ["非机动车闯红灯", "红灯期间行驶", "4.20 米", "2007", "越线时"]),
        (ViolationKind.STOP_LINE, 7.5, ["非机动车越线", "越线停留", "7.50 秒", "2019", "停在线外"]),
        (ViolationKind.WRONG_WAY, 12.0, ["非机动车逆行", "逆行距离", "12.00 米", "2004", "与信号灯无关", "逆行中"]),
    ],
)
def test_a_case_says_what_was_done_in_the_words_and_units_of_its_kind(client, service, kind, measure, words):
    lamp = {} if kind is not ViolationKind.WRONG_WAY else {"lamp": None, "signal_id": None, "heading": (1.0, 0.0)}
    deliver(service, make_act(kind=kind, measure=measure, **lamp))
    log_in(client)
    html = client.get("/console/cases/1").text
    assert [word for word in words if word not in html] == []
    assert "still." not in html.replace("/still.", "")
    client.post("/language", data={"language": "en", "back": "/"})
    english = client.get("/console/cases/1").text
    unit = "s" if kind is ViolationKind.STOP_LINE else "m"
    assert f"{measure:.2f} {unit}" in english
    assert [key for key in ("why.", "measure.", "unit.", "kind.") if f"{key}{kind}" in english] == []


def test_the_statistics_show_the_yield_rate_with_sample_and_interval(client, service):
    car, bus = RoadUserKind.CAR, RoadUserKind.BUS
    rows = [(car, True, 6), (car, False, 2), (bus, True, 2)]
    message = PassageCounts(
        device_id="box-1",
        site_id="s-1",
        camera_id="c-1",
        sequence=9,
        from_ms=1,
        to_ms=2,
        counts=(),
        yields=tuple(YieldCount(zone_id="n", user=u, yielded=y, count=c) for u, y, c in rows),
    )
    log_in(client)
    assert "尚无礼让记录" in client.get("/console/statistics").text
    for _ in range(2):  # what comes twice counts once
        take(service, seal(message, "box-1", KEY), "lukou/v1/s-1/c-1/passages")
    cells = re.findall(r"<td>([^<]*)</td>", client.get("/console/statistics").text)
    table = [cells[i : i + 7] for i in range(0, 21, 7)]
    assert table == [
        ["s-1", "n", "合计", "10", "8", "80.0 %", "49.0 – 94.3 %"],
        ["s-1", "n", "公交客车", "2", "2", "100.0 %", "34.2 – 100.0 %"],
        ["s-1", "n", "小客车", "8", "6", "75.0 %", "40.9 – 92.9 %"],
    ]


def test_a_case_of_a_day_without_law_can_be_opened_and_rejected(client, service):
    take(service, make_act(entered_at_ms=1000).sealed())
    log_in(client)
    assert "无适用条目" in client.get("/console/cases/1").text
    form = {"csrf": csrf_of(client), "version": 1, "act": "reject", "reason": "other"}
    assert client.post("/console/cases/1", data=form).status_code == 303


def test_an_auditor_cannot_publish_and_no_form_without_its_token_does(client, service):
    deliver(service, ACT)
    log_in(client, "auditor")
    form = {"csrf": csrf_of(client), "reason": "r", "days": 1}
    assert client.post("/console/cases/1/publish", data=form).status_code == 403
    assert client.post("/console/cases/1/publish", data=form | {"csrf": "x"}).status_code == 403
    assert client.post("/console/cases/1/publish", data={"reason": "r", "days": 1}).status_code == 422


def test_the_service_starts_and_its_pages_work_while_the_broker_is_away(settings):
    with TestClient(application.create_app(settings, lambda: NOW_MS)) as started:
        health = started.get("/api/v1/health")
        assert (health.status_code, health.json()["broker"]) == (503, "not connected")
        assert started.get("/list").status_code == 200
    key = settings.data_dir / "centre-key.pem"
    assert key.stat().st_mode & 0o077 == 0
