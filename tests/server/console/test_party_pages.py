"""The pages of a party and its documents over HTTP: what is shown, told as wrong, logged, and of whose case."""

from dataclasses import replace

import pytest
from casework import BY, CODE, FORM, done, fined, identified_case, known_case, papers_of
from centre import NOW_MS
from fastapi.testclient import TestClient
from papers import AUTHORITY
from sqlalchemy import select
from uploading import pages_of
from visiting import visit

from server import sealed_values
from server.access.rights import Role
from server.audit import AuditEntry
from server.cases import repository as cases
from server.cases.models import Party
from server.db import unit_of_work
from server.documents.models import Document
from server.documents.service import Office
from server.papers.service import issue_for
from server.parties import hearing, reaching
from server.parties import repository as parties
from server.parties.reaching import Contact
from server.parties.words import CameBy, Channel, StatementKind
from server.procedure.words import Act, AgeBand

PARTY = "/console/cases/1/party"
SECRET = FORM["document_number"]


@pytest.fixture
def service(service, press):
    return replace(service, office=Office(press, service.secrets_box, AUTHORITY, demonstration=False))


@pytest.fixture
def client(service):
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as made:
        yield made


@pytest.fixture
def post(client, service):
    """Send a form as somebody of a role."""

    def send(path: str, role: Role = Role.SUPERVISOR, files=None, **form):
        return client.post(path, data=form | {"csrf": visit(client, service, role)}, files=files)

    return send


def lines(service, what: str) -> list[str]:
    with service.sessions.reading() as session:
        return list(session.scalars(select(AuditEntry.detail).where(AuditEntry.what == what).order_by(AuditEntry.id)))


def contact_and_statement(service, case_id: int) -> tuple[int, int]:
    with unit_of_work(service.sessions) as session:
        party, box = cases.party(session, case_id), service.secrets_box
        contact = reaching.add_contact(session, box, party.id, Contact(Channel.PHONE, "13800000000"), BY)
        said = (StatementKind.DEFENCE, CameBy.SPOKEN, "进入时是绿灯。")
        return contact, hearing.take_statement(session, box, party.id, said, BY)


def notice(service, case_id: int) -> Document:
    with unit_of_work(service.sessions) as session:
        case = cases.get(session, case_id)
        done(session, case, Act.NOTIFY, amount_fen=1000)
        return issue_for(session, papers_of(service), case, Act.NOTIFY, BY, CODE).document


def test_an_identity_is_kept_opened_once_for_a_reason_and_corrected(client, service, post):
    identified_case(service)
    assert post(f"{PARTY}/identity", **FORM).status_code == 303
    assert SECRET not in client.get(PARTY).text
    refused = post(f"{PARTY}/open", reason="  x")
    assert (refused.status_code, SECRET in refused.text) == (422, False)
    opened = post(f"{PARTY}/open", Role.AUDITOR, reason="核对投诉")
    assert opened.status_code == 200
    assert SECRET in opened.text
    assert opened.headers["cache-control"] == "no-store"
    assert client.get(f"{PARTY}/open").headers["location"] == PARTY
    assert lines(service, "party.open.identity") == ["P-0000001: 核对投诉"]
    without = post(f"{PARTY}/identity", **FORM | {"name": "又名"})
    assert (without.status_code, "又名" in without.text) == (422, True)
    assert post(f"{PARTY}/identity", **FORM | {"name": "又名", "reason": "证件复核"}).status_code == 303
    assert lines(service, "party.correct") == ["P-0000001: 证件复核"]


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", " ", "必填"),
        ("name", "王" * 101, "太长"),
        ("document_number", "110105194912310021", "校验位不符"),
        ("document_number", "110105194913310021", "不是日期"),
        ("document_number", "1101051949", "应为 18 位"),
        ("document_number", "", "要一起填写"),
        ("phone", "12345", "应为 11 位手机号"),
        ("date_of_birth", "1950-01-01", "与身份证号码中的出生日期不同"),
        ("date_of_birth", "2037-01-01", "应在 1900 年至今天之间"),
        ("date_of_birth", "yesterday", "应为 年-月-日"),
    ],
)
def test_what_is_wrong_is_told_by_its_field_and_what_was_typed_is_given_back(service, post, field, typed, told):
    identified_case(service)
    answer = post(f"{PARTY}/identity", **FORM | {field: typed})
    assert answer.status_code == 422
    wrong = answer.text.split(f'id="wrong-{field}"')[1].split("</span>")[0]
    assert told in wrong
    assert f'value="{FORM["address"]}"' in answer.text
    with service.sessions.reading() as session:
        log = str(session.scalars(select(AuditEntry.detail)).all())
        assert session.get(sealed_values.SealedValue, "P-0000001/identity") is None
    assert FORM["name"] not in log


def test_a_birthday_that_contradicts_the_case_s_age_is_told_on_the_page(service, post):
    identified_case(service, age_band=AgeBand.MINOR_14_17)
    answer = post(f"{PARTY}/identity", **FORM)
    assert answer.status_code == 409
    assert "identified anew" in answer.text


def test_a_contact_is_added_confirmed_and_opened(service, post):
    known_case(service)
    assert post(f"{PARTY}/contacts", channel="phone", address="12").status_code == 422
    assert post(f"{PARTY}/contacts", channel="phone", address="138 0000 0000").status_code == 303
    assert post(f"{PARTY}/contacts/1/confirm", how="x").status_code == 422
    assert post(f"{PARTY}/contacts/1/confirm", how="当场拨打").status_code == 303
    assert post(f"{PARTY}/contacts/1/confirm", how="再次拨打").status_code == 409
    assert "13800000000" in post(f"{PARTY}/contacts/1/open", reason="发送通知").text
    assert lines(service, "party.open.contact") == ["P-0000001: 发送通知"]


def test_a_consent_is_kept_by_its_paper_s_hash_and_taken_back(service, post):
    known_case(service)
    paper = {"file": ("c.pdf", b"signed", "application/pdf")}
    future = post(f"{PARTY}/consent", files=paper, signed_at="2037-01-01T10:00", given="true")
    assert future.status_code == 422
    assert (
        post(f"{PARTY}/consent", files={"file": ("c.pdf", b"")}, signed_at="2027-01-15T10:00", given="true").status_code
        == 422
    )
    for given in ("true", "false"):
        assert post(f"{PARTY}/consent", files=paper, signed_at="2027-01-15T10:00", given=given).status_code == 303
    with service.sessions.reading() as session:
        last = parties.last_consent(session, 1)
    assert (last.given, last.signed_at_ms) == (False, NOW_MS - 6 * 3_600_000)


def test_a_statement_is_taken_opened_and_answered_once(service, post):
    known_case(service)
    said = {"kind": "defence", "came_by": "spoken", "words": "进入时是绿灯。"}
    assert post(f"{PARTY}/statements", Role.LEGAL, **said | {"words": " "}).status_code == 422
    assert post(f"{PARTY}/statements", Role.LEGAL, **said).status_code == 303
    answer = {"outcome": "partly", "words": "录像显示为红灯。"}
    assert post(f"{PARTY}/statements/1/answer", **answer).status_code == 303
    assert post(f"{PARTY}/statements/1/answer", **answer).status_code == 409
    opened = post(f"{PARTY}/statements/1/open", Role.REVIEWER, reason="准备决定").text
    assert "进入时是绿灯。" in opened
    assert "录像显示为红灯。" in opened


def test_a_case_shows_and_changes_nothing_of_another_s(service, post):
    known_case(service, 1)
    contact, statement = contact_and_statement(service, known_case(service, 2))
    document = notice(service, 2)
    tried = {
        f"{PARTY}/contacts/{contact}/open": {"reason": "looking around"},
        f"{PARTY}/contacts/{contact}/confirm": {"how": "called back"},
        f"{PARTY}/statements/{statement}/open": {"reason": "looking around"},
        f"{PARTY}/statements/{statement}/answer": {"outcome": "partly", "words": "so"},
        f"/console/cases/1/documents/{document.id}/open": {"reason": "looking around"},
    }
    for path, form in tried.items():
        assert (path, post(path, **form).status_code) == (path, 404)
    assert lines(service, "document.open") == []
    assert lines(service, "party.open.contact") == []


def test_a_case_without_a_party_says_so(client, service, post):
    identified_case(service)
    with unit_of_work(service.sessions) as session:
        session.delete(session.get_one(Party, 1))
    visit(client, service, Role.REVIEWER)
    assert "本案尚未认定当事人" in client.get(PARTY).text
    assert post(f"{PARTY}/identity", **FORM).status_code == 404


def test_every_view_is_in_the_audit_log(client, service):
    known_case(service)
    visit(client, service, Role.LEGAL)
    assert client.get(PARTY).status_code == 200
    assert client.get("/console/cases/1/documents").status_code == 200
    assert (lines(service, "party.view"), lines(service, "documents.view")) == (["legal"], ["legal"])


def test_a_document_opens_as_the_pdf_that_was_issued(service, post):
    known_case(service)
    document = notice(service, 1)
    path = f"/console/cases/1/documents/{document.id}/open"
    assert post(path, reason="").status_code == 422
    opened = post(path, Role.LEGAL, reason="当事人到窗口查询")
    assert (opened.status_code, opened.headers["content-type"]) == (200, "application/pdf")
    assert opened.headers["cache-control"] == "no-store"
    assert len(opened.content) == document.size_bytes
    assert lines(service, "document.open") == [f"{document.number}: 当事人到窗口查询"]


def test_a_document_that_is_not_what_was_issued_is_told_before_it_is_shown(service, post):
    known_case(service)
    document = notice(service, 1)
    with unit_of_work(service.sessions) as session:
        box = service.secrets_box
        data = sealed_values.opened(session, box, document.data_name)
        changed = data.replace("由南向北".encode(), "由北向南".encode())
        sealed_values.keep(session, box, document.data_name, changed, 1, NOW_MS)
    path = f"/console/cases/1/documents/{document.id}/open"
    told = post(path, reason="当事人到窗口查询")
    assert told.status_code == 409
    assert "与出具时不一致" in told.text
    assert post(path, reason="当事人到窗口查询", anyway="true").headers["content-type"] == "application/pdf"
    assert 'data-check="differs"' in post("/console/cases/1/documents/check", Role.AUDITOR).text
    assert lines(service, "document.check") == ["1 documents, 1 differ"]


def test_a_service_is_noted_or_told_why_not(service, post):
    known_case(service)
    document = notice(service, 1)
    path = f"/console/cases/1/documents/{document.id}/services"
    attempt = {"channel": "post", "outcome": "sent", "served_at": "2027-01-15T16:00", "proof": "EMS 0001"}
    told = post(path, **attempt)
    assert told.status_code == 422
    assert "没有经核实的该类联系方式" in told.text
    assert 'value="EMS 0001"' in told.text
    assert post(path, **attempt | {"channel": "handed_over", "outcome": "received"}).status_code == 303


def test_without_the_font_nothing_is_printed_and_it_says_what_to_do(service):
    known_case(service)
    document = notice(service, 1)
    app = pages_of(replace(service, office=None))
    with TestClient(app, follow_redirects=False) as client:
        csrf = visit(client, service, Role.LEGAL)
        path = f"/console/cases/1/documents/{document.id}/open"
        answer = client.post(path, data={"csrf": csrf, "reason": "to look at it"})
        assert answer.status_code == 503
        assert "lukou assets pull" in answer.text


@pytest.mark.parametrize(
    ("path", "role", "says"), [("demand", Role.LEGAL, "尚未逾期"), ("account", Role.REVIEWER, None)]
)
def test_an_officer_asks_for_the_account_and_a_head_for_the_demand_which_says_why_not(
    service, post, client, path, role, says
):
    known_case(service)
    with unit_of_work(service.sessions) as session:
        case = cases.get(session, 1)
        for act in (Act.NOTIFY, Act.FINE, Act.SERVE):
            done(session, case, act, amount_fen=1000)
        fined(session, case)
    visit(client, service, role)
    assert f'action="/console/cases/1/documents/{path}"' in client.get("/console/cases/1/documents").text
    answer = post(f"/console/cases/1/documents/{path}", role)
    if says is None:
        assert answer.status_code == 303
        assert len(lines(service, "document.party_account")) == 1
    else:
        assert answer.status_code == 422
        assert says in answer.text


def test_a_case_s_history_names_officers_as_documents_do(service, client):
    known_case(service)
    visit(client, service, Role.LEGAL)
    history = client.get("/console/cases/1").text.partition('id="history"')[2]
    assert "<td>Li Wei（010007）</td>" in history
