"""The party's own page over HTTP: whom it lets in, what it tells, what it takes, and what stands in the log of it."""

import cv2
import numpy as np
import pytest
from centre import NOW_MS, csrf_of, keep_file, make_act
from coming_in import come_in, send
from leading import DAY_MS, TO_DECIDED, TO_IDENTIFIED, TO_NOTIFIED, TO_SERVED, lead
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server.access.models import FailedLogin
from server.audit import AuditEntry
from server.cases.models import CaseAct
from server.db import unit_of_work
from server.own_page.codes import code_of
from server.own_page.models import OwnPageFile, OwnPageMessage, OwnPageVisit
from server.parties.models import PartyContact, PartyStatement
from server.procedure.words import Act
from server.retention.models import Purge

A = Act
MINUTE_MS = 60_000
PDF = ("scan.pdf", b"%PDF-1.7\n%evidence", "application/pdf")
PAGES = ("/own/case", "/own/case/message", "/own/case/pictures/entry.jpg", "/own/case/receipts/1")


def lines_of(service, what: str) -> list[AuditEntry]:
    with service.sessions.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.what == what).order_by(AuditEntry.id)))


def acts_of(service) -> list[CaseAct]:
    with service.sessions.reading() as session:
        return list(session.scalars(select(CaseAct).where(CaseAct.case_id == 1).order_by(CaseAct.id)))


def everything(service) -> str:
    """The whole text of what parties' tables and the log hold."""
    tables = ("own_page_messages", "own_page_visits", "own_page_files", "sealed_values", "audit_log", "party_contacts")
    with service.sessions.reading() as session:
        return "".join(str(row) for table in tables for row in session.execute(text(f"SELECT * FROM {table}")))  # noqa: S608 - fixed names


def test_number_and_code_open_the_case_and_it_is_in_the_log(client, service):
    answer = come_in(client, service)
    assert (answer.status_code, answer.headers["location"]) == (303, "/own/case")
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("lukou_own=", "HttpOnly", "SameSite=strict", "Max-Age=1800"))
    page = client.get("/own/case")
    assert page.status_code == 200
    for word in ("LK-0000001", "路口一", "由南向北", "道路交通安全法 38", "未核实", "行人不按交通信号灯通行"):
        assert word in page.text
    assert [(line.who, line.case_id) for line in lines_of(service, "own_page.enter")] == [("party", 1)]
    assert [(line.who, line.case_id) for line in lines_of(service, "own_page.view")] == [("party", 1)]


@pytest.mark.parametrize(
    ("story", "typed"),
    [
        ("a wrong code", {"code": "2222-2222-2222"}),
        ("no code", {"code": ""}),
        ("another case's code", {"number": "LK-0000002"}),
        ("a number that no case has", {"number": "LK-0000099"}),
        ("no number", {"number": "abc"}),
        ("a number beyond what a database holds", {"number": "9" * 15}),
    ],
)
def test_whatever_does_not_fit_gets_one_and_the_same_answer(client, service, story, typed):
    answer = come_in(client, service, **typed)
    assert answer.status_code == 401
    assert "编号和查询码不相符" in answer.text
    assert "lukou_own=" not in answer.headers.get("set-cookie", "")
    assert client.get("/own/case").headers["location"] == "/own"
    assert [line.who for line in lines_of(service, "own_page.refused")] == ["party"]


def test_the_page_is_open_on_the_day_of_the_entry_and_not_before(client, service):
    """程序规定 art. 20: the query is open on the day on which the reviewed record is entered."""
    assert come_in(client, service, 2).status_code == 401
    lead(service, A.CONFIRM, case_id=2)
    assert come_in(client, service, 2).status_code == 303
    assert "没有任何处罚" in client.get("/own/case").text


def test_a_record_that_was_never_believed_is_nobodys_to_look_up(client, service):
    lead(service, A.REJECT, case_id=2)
    assert come_in(client, service, 2).status_code == 401


def test_whoever_guesses_has_to_wait_whatever_the_case(client, service, clock):
    for number in range(10):
        assert come_in(client, service, code=f"2222-2222-22{number:02d}").status_code == 401
    refused = come_in(client, service)  # the right code as well
    assert (refused.status_code, "请五分钟后再试" in refused.text) == (429, True)
    assert come_in(client, service, code="x").status_code == 429
    with service.sessions.reading() as session:
        assert len(session.scalars(select(FailedLogin).where(FailedLogin.kind == "case_code")).all()) == 10
    clock.now_ms += 5 * MINUTE_MS
    assert come_in(client, service).status_code == 303


def test_whoever_guesses_at_many_numbers_has_to_wait_as_well(client, service):
    for number in range(30):
        assert come_in(client, service, number=f"LK-{number + 100:07d}").status_code == 401
    assert come_in(client, service).status_code == 429


@pytest.mark.parametrize(("minutes", "opens"), [(0, True), (29, True), (30, False), (600, False)])
def test_a_visit_ends_by_itself(client, service, clock, minutes, opens):
    come_in(client, service)
    clock.now_ms += minutes * MINUTE_MS
    for path in PAGES:
        answer = client.get(path)
        assert (path, answer.headers.get("location") != "/own") == (path, opens)


def test_a_visit_ends_when_it_is_left(client, service):
    come_in(client, service)
    kept = dict(client.cookies)
    csrf = csrf_of(client.get("/own/case").text)
    assert client.post("/own/leave", data={"csrf": csrf}).status_code == 303
    client.cookies.update(kept)
    assert client.get("/own/case").headers["location"] == "/own"
    with service.sessions.reading() as session:
        assert session.scalars(select(OwnPageVisit)).all() == []


def test_a_visit_shows_its_own_case_alone(client, service):
    lead(service, A.CONFIRM, case_id=2)
    come_in(client, service, 2)
    assert send(client, words="second").headers["location"] == "/own/case/receipts/1"
    come_in(client, service, 1)
    assert client.get("/own/case/receipts/1").status_code == 404
    assert "LK-0000002" not in client.get("/own/case").text
    assert client.get("/console").headers["location"] == "/login"


@pytest.mark.parametrize(
    ("story", "csrf", "headers"),
    [
        ("no token", "", {}),
        ("a forged token", "x", {}),
        ("a token that is not ASCII", "é", {}),
        ("another site's form", None, {"Sec-Fetch-Site": "cross-site"}),
        ("another site's form, told by its origin", None, {"Origin": "https://evil.example"}),
    ],
)
def test_a_forged_form_does_nothing(client, service, story, csrf, headers):
    before = csrf_of(client.get("/own").text)
    code = code_of(service.secrets_box, 1)
    given = {"csrf": before if csrf is None else csrf, "number": "1", "code": code}
    assert client.post("/own", data=given, headers=headers).status_code == 403
    come_in(client, service)
    own = csrf_of(client.get("/own/case").text)
    for path in ("/own/case/message", "/own/leave"):
        given = {"csrf": own if csrf is None else csrf, "kind": "objection", "words": "w"}
        assert (path, client.post(path, data=given, headers=headers).status_code) == (path, 403)
    with service.sessions.reading() as session:
        assert session.scalars(select(OwnPageMessage)).all() == []


def test_no_cache_no_robot_and_no_other_page_has_it(client, service):
    come_in(client, service)
    for path in ("/own", *PAGES[:3]):
        headers = client.get(path).headers
        assert (path, headers["cache-control"]) == (path, "no-store")
        assert headers["x-robots-tag"] == "noindex, nofollow, noarchive"
        assert "unsafe" not in headers["content-security-policy"]


def test_a_form_that_is_too_large_is_not_read(client, service):
    come_in(client, service)
    csrf = csrf_of(client.get("/own/case").text)
    huge = client.post("/own/case/message", data={"csrf": csrf, "words": "x" * (16 * 2**20)})
    assert (huge.status_code, "expected at most 15 MB" in huge.text) == (422, True)
    untold = client.post("/own", content=iter([b"number=1"]))  # in pieces: nobody knows how many
    assert untold.status_code == 422


def test_the_pictures_are_masked_and_others_are_not_there(client, service):
    come_in(client, service)
    assert client.get("/own/case").text.count("/own/case/pictures/") == 3
    shown = client.get("/own/case/pictures/entry.jpg")
    assert shown.headers["content-type"] == "image/jpeg"
    original = make_act(1).files["entry_original.jpg"]
    head = np.s_[22:40, 42:78]  # the upper third of the subject of tests/builders/centre.py
    seen, taken = (cv2.imdecode(np.frombuffer(jpeg, np.uint8), 0)[head] for jpeg in (shown.content, original))
    assert seen.std() < taken.std() / 2
    assert client.get("/own/case/pictures/road_user.jpg").status_code == 422
    assert [(line.who, line.detail) for line in lines_of(service, "own_page.picture")] == [("party", "entry")]


@pytest.mark.parametrize("act", [A.REJECT, A.REVOKE])
def test_what_is_taken_out_shows_nothing_more(client, service, act):
    come_in(client, service)
    lead(service, act)
    page = client.get("/own/case").text
    assert "/own/case/pictures/" not in page
    assert "/own/case/message" not in page
    assert ("已经消除" in page) == (act is A.REJECT)


def test_evidence_that_was_purged_is_said_to_be_seen_nowhere_here(client, service):
    with unit_of_work(service.sessions) as session:
        values = {"fate": "decided", "days": 1, "basis": "b", "at_ms": NOW_MS, "files": 0, "bytes": 0}
        session.add(Purge(event_id=str(make_act(1).message.event_id), case_id=1, demonstration=False, **values))
    come_in(client, service)
    assert "这里没有可以展示的图片" in client.get("/own/case").text
    assert client.get("/own/case/pictures/entry.jpg").status_code == 404


@pytest.mark.parametrize(
    ("acts", "days", "said", "not_said"),
    [
        (TO_IDENTIFIED[1:], 0, ["尚未作出决定"], ["今日应缴", "救济途径"]),
        (TO_NOTIFIED[1:], 0, ["拟处罚款", "10.00 元", "当事人接受处理"], ["今日应缴"]),
        (TO_DECIDED[1:], 0, ["将送达给您", "今日应缴", "0000 0000 0195", "自收到决定书次日起 60 日"], ["拟处罚款"]),
        (TO_SERVED[1:], 0, ["缴纳罚款", "还有 17 天", "申请行政复议"], ["今天是最后一天"]),
        (TO_SERVED[1:], 17, ["今天是最后一天"], ["可加处"]),
        (TO_SERVED[1:], 20, ["截至今日可加处 0.90 元"], ["今天是最后一天"]),
        (TO_SERVED[1:], 80, ["截至今日可加处 10.00 元"], []),  # never above the fine
        ((*TO_SERVED[1:], A.APPLY_RECONSIDERATION), 80, ["行政复议正在进行"], ["可加处"]),
    ],
)
def test_state_money_and_days_are_told(client, service, clock, acts, days, said, not_said):
    lead(service, *acts, at_ms=NOW_MS - DAY_MS // 2)
    clock.now_ms += days * DAY_MS - DAY_MS // 2
    come_in(client, service)
    page = client.get("/own/case").text
    assert [word for word in said if word not in page] == []
    assert [word for word in not_said if word in page] == []


def test_everything_stands_in_english_as_well(client, service):
    lead(service, *TO_SERVED[1:])
    come_in(client, service)
    client.cookies.set("lukou_language", "en")
    page = client.get("/own/case").text
    for word in ("How it stands", "Payment reference", "Paying a fine", "17 days left", "What you can do against it"):
        assert word in page
    assert "own." not in page.replace("/own", "")


@pytest.mark.parametrize(
    ("story", "typed", "files", "status", "told"),
    [
        ("nothing said", {"words": "  "}, (), 422, "内容应为 1 至 4000 字，现有 0 字"),
        ("too much said", {"words": "字" * 4001}, (), 422, "现有 4001 字"),
        ("no telephone number", {"phone": "110"}, (), 422, "电话号码格式不对"),
        ("no kind", {"kind": "order"}, (), 422, "请选择是陈述、申辩还是异议"),
        ("four files", {}, (PDF,) * 4, 422, "附件最多 3 个，现有 4 个"),
        ("a page as a picture", {}, (("a.jpg", b"<html>", "image/jpeg"),), 422, "第 1 个附件不是"),
        ("a large file", {}, (("a.pdf", b"%PDF-" + bytes(5 * 2**20), "application/pdf"),), 422, "超过 5 MB"),
        ("nobody is identified", {"kind": "defence"}, (), 409, "不接收这类材料"),
    ],
)
def test_what_is_wrong_in_a_message_is_told_and_nothing_typed_is_lost(
    client, service, story, typed, files, status, told
):
    come_in(client, service)
    answer = send(client, files, **typed)
    assert (answer.status_code, told in answer.text) == (status, True)
    if "words" not in typed:
        assert "绿灯时进入" in answer.text
    with service.sessions.reading() as session:
        assert session.scalars(select(OwnPageMessage)).all() == []


def test_an_objection_is_taken_before_anybody_is_identified_and_its_receipt_says_so(client, service):
    come_in(client, service)
    answer = send(client, (PDF, ("b.jpg", b"\xff\xd8\xff\xe0", "image/jpeg")), phone="138 0000 0000", in_person="yes")
    assert answer.headers["location"] == "/own/case/receipts/1"
    receipt = client.get("/own/case/receipts/1").text
    for word in ("LK-0000001-01", "绿灯时进入", "我要求当面陈述", "1*********0", "application/pdf", "尚未答复"):
        assert word in receipt
    assert "LK-0000001-01" in client.get("/own/case").text
    assert [line.detail for line in lines_of(service, "own_page.objection")] == ["LK-0000001-01"]
    assert [(act.act, act.actor, act.reason[-13:]) for act in acts_of(service)[-1:]] == [
        ("object", "party", "LK-0000001-01")
    ]
    page = client.get("/own/case").text
    assert "您的异议正在核查" in page
    assert "答复异议" in page  # with the clock of the answer
    kept = everything(service)
    assert all(secret not in kept for secret in ("绿灯", "13800000000", "evidence"))
    with service.sessions.reading() as session:
        rows = session.scalars(select(OwnPageFile).order_by(OwnPageFile.position)).all()
        assert [row.media_type for row in rows] == ["application/pdf", "image/jpeg"]
        assert b"PDF" not in service.store.read(rows[0].sha256)


def test_a_second_objection_waits_with_the_first(client, service):
    come_in(client, service)
    assert [send(client).status_code for _ in range(2)] == [303, 303]
    assert [act.act for act in acts_of(service)] == ["confirm", "object"]
    assert [line.who for line in lines_of(service, "own_page.not_forwarded")] == ["party"]


@pytest.mark.parametrize("kind", ["statement", "defence"])
def test_what_a_known_party_says_is_kept_with_the_partys_statements(client, service, kind):
    lead(service, A.IDENTIFY)
    come_in(client, service)
    assert send(client, kind=kind, phone="13800000000").status_code == 303
    with service.sessions.reading() as session:
        said = session.scalars(select(PartyStatement)).one()
        assert (said.kind, said.came_by, said.taken_by) == (kind, "online", "party")
        assert session.scalars(select(PartyContact)).one().confirmed_by is None
    assert "绿灯时进入" in client.get("/own/case/receipts/1").text


def test_what_a_party_writes_is_text_and_no_page(client, service):
    come_in(client, service)
    send(client, words="<script>alert(1)</script>")
    receipt = client.get("/own/case/receipts/1").text
    assert "<script>alert" not in receipt
    assert "&lt;script&gt;alert(1)" in receipt


def test_a_case_takes_ten_messages_a_day(client, service, clock):
    come_in(client, service)
    assert [send(client).status_code for _ in range(11)] == [303] * 10 + [429]
    clock.now_ms += DAY_MS
    come_in(client, service)
    assert send(client).headers["location"] == "/own/case/receipts/11"


@pytest.mark.parametrize("table", ["own_page_messages", "own_page_files", "own_page_answers"])
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_what_was_sent_cannot_be_changed(client, service, table, verb):
    come_in(client, service)
    send(client, (PDF,))
    column = "id" if table == "own_page_messages" else "message_id"
    if table == "own_page_answers":
        with unit_of_work(service.sessions) as session:
            row = "INSERT INTO own_page_answers (message_id, outcome, answered_by, at_ms) VALUES (1, 'partly', 'x', 1)"
            session.execute(text(row))
    with pytest.raises(DatabaseError, match="appended only"), unit_of_work(service.sessions) as session:
        session.execute(text(verb.format(table, column)))


def test_the_clip_and_the_uncovered_pictures_are_at_no_address_of_this_page(client, service):
    for data in make_act(1).files.values():
        keep_file(service, data)
    come_in(client, service)
    page = client.get("/own/case").text
    assert "<video" not in page
    assert "可凭本人证件在办案机关查看" in page
    for path in ("/console/cases/1/evidence/entry_original.jpg", "/console/cases/1/evidence/entry.jpg"):
        assert client.get(path).headers["location"] == "/login"
