"""What officers see of what parties send: the queue, a message that opens for a reason, its files, its answer."""

import pytest
from centre import NOW_MS
from coming_in import come_in, send
from leading import DAY_MS, lead
from sqlalchemy import event, select
from visiting import visit

from server.access.rights import Role
from server.audit import AuditEntry
from server.db import unit_of_work
from server.own_page import answering, repository
from server.own_page import service as own
from server.own_page.codes import code_of
from server.own_page.models import OwnPageUnanswered
from server.own_page.service import Keeping, Message
from server.own_page.words import MessageKind
from server.parties import hearing
from server.parties.service import By, erase, turn_keys_over
from server.parties.words import Outcome
from server.procedure.words import Act

A = Act
PDF = b"%PDF-1.7\n%evidence"
REASON = {"reason": "checking the objection"}


@pytest.fixture
def sent(client, service) -> int:
    """An objection with a file and a telephone number."""
    come_in(client, service)
    send(client, (("scan.pdf", PDF, "application/pdf"),), phone="13800000000")
    return 1


def ask(client, service, role: Role, path: str, **form):
    csrf = visit(client, service, role)
    return client.post(path, data={"csrf": csrf} | form) if form else client.get(path)


def logged(service, what: str) -> list[tuple[str, str]]:
    with service.sessions.reading() as session:
        lines = session.scalars(select(AuditEntry).where(AuditEntry.what == what).order_by(AuditEntry.id))
        return [(line.who, line.detail) for line in lines]


@pytest.mark.parametrize(("days", "late"), [(0, False), (7, False), (8, True)])
def test_the_queue_shows_the_oldest_first_with_the_clock_of_its_answer(client, service, sent, clock, days, late):
    """程序规定 art. 5: an objection is answered within five working days. 2027-01-15 is a Friday."""
    clock.now_ms += days * DAY_MS
    come_in(client, service)
    send(client, in_person="yes")
    visit(client, service, Role.LEGAL, at_ms=clock.now_ms)
    page = client.get("/console/from-parties").text
    assert page.index("LK-0000001-01") < page.index("LK-0000001-02")
    assert ("要求当面陈述" in page, "2027-01-22" in page, "已逾期" in page) == (True, True, late)
    assert "绿灯" not in page


def test_a_message_opens_for_a_reason_that_stands_in_the_log(client, service, sent):
    shut = ask(client, service, Role.LEGAL, "/console/from-parties/1")
    assert (shut.status_code, "绿灯时进入" in shut.text) == (200, False)
    path = "/console/from-parties/1/open"
    assert ask(client, service, Role.LEGAL, path, reason="x").status_code == 422
    assert logged(service, "own_page.open") == []
    opened = ask(client, service, Role.LEGAL, path, **REASON)
    assert "绿灯时进入" in opened.text
    assert "13800000000" in opened.text
    assert logged(service, "own_page.open") == [("a-legal", "LK-0000001-01: checking the objection")]


def test_a_file_comes_after_its_message_and_never_as_a_page(client, service, sent, clock):
    path = "/console/from-parties/1/files/1"
    assert ask(client, service, Role.LEGAL, path).status_code == 403
    ask(client, service, Role.LEGAL, "/console/from-parties/1/open", **REASON)
    assert ask(client, service, Role.SUPERVISOR, path).status_code == 403  # who has opened nothing
    got = ask(client, service, Role.LEGAL, path)
    assert got.content == PDF
    assert got.headers["content-disposition"] == 'attachment; filename="LK-0000001-01-1.pdf"'
    assert got.headers["content-security-policy"] == "sandbox"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert ask(client, service, Role.LEGAL, "/console/from-parties/1/files/2").status_code == 404
    assert logged(service, "own_page.file") == [("a-legal", "LK-0000001-01: file 1")]


@pytest.mark.parametrize(
    ("kind", "letters"),
    [("objection", {Role.SUPERVISOR, Role.LEGAL}), ("defence", {Role.REVIEWER, Role.SUPERVISOR, Role.LEGAL})],
)
def test_who_may_answer_what(client, service, kind, letters):
    lead(service, A.IDENTIFY)
    for number, role in enumerate(Role, 1):
        come_in(client, service)
        send(client, kind=kind)
        path = f"/console/from-parties/{number}/answer"
        answer = ask(client, service, role, path, outcome="partly", words="已核查")
        assert (role, answer.status_code) == (role, 303 if role in letters else 403)


@pytest.mark.parametrize("kind", ["objection", "statement"])
def test_the_party_reads_the_answer_and_it_leaves_the_queue(client, service, kind):
    lead(service, A.IDENTIFY)
    come_in(client, service)
    send(client, kind=kind)
    path, form = "/console/from-parties/1/answer", {"outcome": "accepted", "words": "经核查，灯色有误"}
    assert ask(client, service, Role.LEGAL, path, **form).status_code == 303
    assert ask(client, service, Role.LEGAL, path, **form).status_code == 409
    assert "没有待答复的来件" in ask(client, service, Role.LEGAL, "/console/from-parties").text
    come_in(client, service)
    receipt = client.get("/own/case/receipts/1").text
    assert "经核查，灯色有误" in receipt
    assert "采纳" in receipt


def test_what_is_answered_with_the_partys_statements_leaves_the_queue_as_well(client, service):
    lead(service, A.IDENTIFY)
    come_in(client, service)
    send(client, kind="statement")
    with unit_of_work(service.sessions) as session:
        hearing.answer_statement(session, service.secrets_box, 1, (Outcome.PARTLY, "已听取"), By("officer", NOW_MS))
        assert repository.unanswered(session) == []
        repository.take_out_answered(session)
        assert session.scalars(select(OwnPageUnanswered)).all() == []


def test_a_decision_on_an_objection_answers_it(client, service, sent):
    lead(service, A.UPHOLD, at_ms=NOW_MS + 1)
    assert "没有待答复的来件" in ask(client, service, Role.LEGAL, "/console/from-parties").text
    come_in(client, service)
    assert "异议成立" in client.get("/own/case/receipts/1").text


def test_the_case_shows_what_came_of_its_party(client, service, sent):
    page = ask(client, service, Role.REVIEWER, "/console/cases/1").text
    assert "LK-0000001-01" in page
    assert "/console/cases/1/code" in page


def test_the_code_is_told_for_a_reason_and_each_time_logged(client, service):
    path, code = "/console/cases/1/code", code_of(service.secrets_box, 1)
    assert code not in ask(client, service, Role.REVIEWER, path).text
    assert ask(client, service, Role.REVIEWER, path, reason="").status_code == 422
    told = ask(client, service, Role.REVIEWER, path, reason="came to the counter, identity card seen")
    assert code in told.text
    assert logged(service, "own_page.code") == [("a-reviewer", "came to the counter, identity card seen")]
    assert ask(client, service, Role.REVIEWER, "/console/cases/2/code", reason="not confirmed").status_code == 409


def test_what_was_sent_opens_when_the_keys_are_turned_over_and_not_when_the_case_is_erased(client, service, sent):
    service.secrets_box.add_key()
    with unit_of_work(service.sessions) as session:
        while turn_keys_over(session, service.secrets_box):
            pass
    service.secrets_box.forget_all_but_newest()
    with unit_of_work(service.sessions) as session:
        by = By("officer", NOW_MS, "the case's time is over")
        assert answering.opened(session, service.secrets_box, 1, by).words == "绿灯时进入"
        assert answering.open_file(session, Keeping(service.secrets_box, service.store, service.house), 1, 1) == (
            PDF,
            "application/pdf",
        )
        erase(session, 1, by)
    assert ask(client, service, Role.LEGAL, "/console/from-parties/1/open", **REASON).status_code == 404
    assert ask(client, service, Role.LEGAL, "/console/from-parties/1/files/1").status_code == 403
    visit(client, service, Role.LEGAL)
    assert client.get("/console/from-parties/1").status_code == 200


def test_the_queue_costs_the_same_whatever_has_been_answered(client, service):
    """One query by an index, whatever stands in the history."""
    keeping = Keeping(service.secrets_box, service.store, service.house)
    with unit_of_work(service.sessions) as session:
        for number in range(30):
            at_ms = NOW_MS + number * DAY_MS
            row = own.take(session, keeping, 1, Message(MessageKind.OBJECTION, f"no. {number}"), at_ms)
            if number < 25:
                answering.answer(session, service.secrets_box, row.id, (Outcome.PARTLY, "done"), By("officer", at_ms))
    counted = []
    with service.sessions.reading() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *told: counted.append(told[2]))
        assert [row.position for row in repository.unanswered(session)] == [26, 27, 28, 29, 30]
    assert len([said for said in counted if said.startswith("SELECT")]) == 1
