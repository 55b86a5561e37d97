"""What is issued with each act: on a real database, with real law, and printed for real."""

from dataclasses import replace

import pytest
from casework import BY, CODE, DAY_MS, done, fined, identified_case, known_case, papers_of, said
from centre import NOW_MS
from sqlalchemy import select, text

from server.access.models import User
from server.audit import AuditEntry
from server.cases import repository as cases
from server.db import unit_of_work
from server.documents.models import Document
from server.documents.service import print_again
from server.documents.words import Kind
from server.errors import ConflictError, NotFoundError, WrongInputError
from server.ledger import book
from server.ledger.payments import take_epay
from server.ledger.postings import Basis
from server.ledger.proofs import read_proof
from server.papers.register import documents_of
from server.papers.service import issue_account, issue_for, issue_receipt
from server.parties import hearing
from server.parties import service as parties
from server.parties.words import CameBy, Outcome, StatementKind
from server.procedure.words import Act, AgeBand, CaseState

A, S = Act, CaseState
TO = {
    A.NOTIFY: [(A.NOTIFY, {"amount_fen": 1000})],
    A.HEAR: [(A.NOTIFY, {"amount_fen": 1000}), (A.HEAR, {})],
    A.FINE: [(A.NOTIFY, {"amount_fen": 1000}), (A.HEAR, {}), (A.FINE, {"amount_fen": 1000})],
    A.WARN: [(A.NOTIFY, {}), (A.HEAR, {}), (A.WARN, {"reason": "warning_suffices"})],
    A.EDUCATE: [(A.EDUCATE, {"reason": "first_and_slight"})],
    A.DENY: [(A.NOTIFY, {}), (A.OBJECT, {"reason": "录像里的人不是我"}), (A.DENY, {"reason": "经核查就是本人"})],
    A.UPHOLD: [(A.NOTIFY, {}), (A.OBJECT, {"reason": "录像里的人不是我"}), (A.UPHOLD, {"reason": "经核查不是本人"})],
}


def lead(service, case_id: int, steps, *, issue=(), at_ms: int = NOW_MS):
    """Do acts, with the documents of some; return what the last issued."""
    printed = None
    for act, given in steps:
        with unit_of_work(service.sessions) as session:
            case = cases.get(session, case_id)
            done(session, case, act, **{"at_ms": at_ms} | given)
            if act is A.FINE and case.state == S.DECIDED:
                fined(session, case, given["amount_fen"], at_ms)
            if act in {A.REVOKE, A.ANNUL}:
                book.reverse_case(session, case_id, "officer", at_ms, given["reason"])
            if act in issue:
                by = replace(BY, who=given.get("actor", "officer"), at_ms=at_ms)
                printed = issue_for(session, papers_of(service), case, act, by, CODE)
    return printed


def speak(service, case_id: int, kind: StatementKind, words: str, answer=None) -> None:
    with unit_of_work(service.sessions) as session:
        party = cases.party(session, case_id)
        number = hearing.take_statement(session, service.secrets_box, party.id, (kind, CameBy.SPOKEN, words), BY)
        if answer is not None:
            hearing.answer_statement(session, service.secrets_box, number, answer, BY)


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (A.NOTIFY, Kind.NOTICE),
        (A.HEAR, Kind.HEARING),
        (A.FINE, Kind.PENALTY),
        (A.WARN, Kind.WARNING),
        (A.EDUCATE, Kind.EDUCATION),
        (A.DENY, Kind.OBJECTION_ANSWER),
        (A.UPHOLD, Kind.OBJECTION_ANSWER),
    ],
)
def test_each_act_issues_its_document(service, act, kind):
    case_id = known_case(service)
    speak(service, case_id, StatementKind.DEFENCE, "进入时是绿灯。")
    printed = lead(service, case_id, TO[act], issue={act})
    assert printed.pdf.startswith(b"%PDF")
    assert (printed.document.kind, printed.document.case_id, printed.document.issued_by) == (kind, case_id, "officer")


@pytest.mark.parametrize("act", [A.CONFIRM, A.IDENTIFY, A.SERVE])
def test_an_act_that_tells_nobody_anything_issues_nothing(service, act):
    case_id = known_case(service)
    assert lead(service, case_id, [(act, {})], issue={act}) is None
    with service.sessions.reading() as session:
        assert documents_of(session, case_id) == []


def test_a_notice_tells_where_when_what_and_until_when_and_hides_the_rest(service):
    printed = lead(service, known_case(service), TO[A.NOTIFY], issue={A.NOTIFY})
    told = said(service, printed.document)
    assert told["party"]["document"] == "居民身份证 1101**********002X"
    assert (told["party"]["address"], told["party"]["phone"], told["party"]["born"]) == ("", "", None)
    assert (told["act"]["code"], told["act"]["place"], told["act"]["direction"]) == ("3001", "路口一", "由南向北")
    assert told["act"]["fact"] == "信号灯为红灯（已持续 10.0 秒）时进入人行横道，并继续前行 3.1 米。"
    # NOW_MS is 2027-01-15 in Beijing; the 30th day, 2027-02-14, is a Sunday, so the last day is Monday
    assert (told["come_within"]["days"], told["come_within"]["until"]) == (30, "2027-02-15")
    assert told["query"] == {"url": "https://lukou.example/own?number=LK-0000001", "code": CODE}
    assert told["cited"]["basis"].startswith("《道路交通安全违法行为处理程序规定》第二十条、第八十一条；")
    assert told["proposed_fen"]["words"] == "壹拾元整"


def test_a_notice_without_an_amount_announces_no_fine(service):
    told = said(service, lead(service, known_case(service), [(A.NOTIFY, {})], issue={A.NOTIFY}).document)
    assert told["proposed_fen"]["zero"] is True
    assert told["cited"]["basis"] == "《道路交通安全违法行为处理程序规定》第二十条、第八十一条"


def test_a_decision_names_the_party_in_full_and_cites_the_law_of_the_day(service):
    case_id = known_case(service)
    speak(service, case_id, StatementKind.DEFENCE, "进入时是绿灯。", (Outcome.NOT_ACCEPTED, "录像显示为红灯。"))
    printed = lead(service, case_id, TO[A.FINE], issue={A.FINE})
    told = said(service, printed.document)
    assert told["party"]["document"] == "居民身份证 11010519491231002X"
    assert (told["party"]["born"], told["party"]["phone"]) == ("1949-12-31", "13800000000")
    assert told["cited"]["broken"].startswith("《中华人民共和国道路交通安全法》第三十八条、第六十二条；")
    assert "第八十九条" in told["cited"]["basis"]
    assert "第八十九条" not in told["cited"]["broken"]
    assert told["amount_fen"]["words"] == "壹拾元整"
    assert (told["payment"]["term"]["days"], told["payment"]["term"]["until"]) == (15, None)
    assert told["payment"]["surcharge_per_mille"] == 30
    assert told["remedies"]["reconsider_first"] is True
    assert told["officers"] == [{"name": "Li Wei", "badge": "010007"}]
    assert told["heard"] == (
        "已于 2027 年 1 月 15 日告知违法事实、理由、依据、拟罚款数额和陈述、申辩的权利；"
        "当事人提出陈述、申辩，已充分听取并复核，不予采纳。"
    )
    assert told["reduced"] == ""


def test_a_decision_carries_the_proof_of_its_entry(service):
    printed = lead(service, known_case(service), TO[A.FINE], issue={A.FINE})
    told = said(service, printed.document)["proof"]
    proof = read_proof(told["url"])
    assert told["url"].startswith("https://lukou.example/ledger/heads#")
    assert (proof.number, proof.size, proof.root().hex()) == (1, 1, told["head_sha256"])


@pytest.mark.parametrize(
    ("kind", "words"), [(StatementKind.WAIVER, "当事人表示放弃陈述、申辩。"), (None, "当事人未提出陈述、申辩。")]
)
def test_a_decision_says_how_the_party_was_heard(service, kind, words):
    case_id = known_case(service)
    if kind is not None:
        speak(service, case_id, kind, "无异议")
    steps = [TO[A.FINE][0], (A.FINE, {"amount_fen": 1000})]
    assert said(service, lead(service, case_id, steps, issue={A.FINE}).document)["heard"].endswith(words)


def test_a_minor_s_lighter_fine_says_why(service):
    case_id = known_case(service, age_band=AgeBand.MINOR_14_17, form={"document_kind": "", "document_number": ""})
    steps = [(A.NOTIFY, {"amount_fen": 500}), (A.FINE, {"amount_fen": 500})]
    told = said(service, lead(service, case_id, steps, issue={A.FINE}).document)
    assert (
        told["reduced"]
        == "当事人已满十四周岁不满十八周岁，依法从轻或者减轻处罚（《中华人民共和国行政处罚法》第三十条）。"
    )


def test_a_fine_that_must_be_approved_is_no_decision_until_it_is(service):
    case_id = known_case(service)
    proposed = [TO[A.FINE][0], (A.FINE, {"amount_fen": 1000, "after": S.PROPOSED})]
    assert lead(service, case_id, proposed, issue={A.FINE}) is None
    printed = lead(service, case_id, [(A.APPROVE, {"actor": "auditor"})], issue={A.APPROVE})
    told = said(service, printed.document)
    assert [officer["name"] for officer in told["officers"]] == ["Li Wei", "Wang Fang"]
    assert told["remedies"]["reconsider_first"] is False
    assert told["remedies"]["court_months_direct"] == 6


@pytest.mark.parametrize(
    ("act", "reason", "told"),
    [
        (A.WARN, "no_effect_on_traffic", "情节轻微，未影响道路通行。"),
        (A.EDUCATE, "slight_no_harm", None),
    ],
)
def test_a_mild_decision_gives_the_reason_of_the_law_s_list(service, act, reason, told):
    printed = lead(service, known_case(service), [(act, {"reason": reason})], issue={act})
    words = said(service, printed.document)
    assert words["reason"].endswith("。")
    assert told is None or words["reason"] == told


def nameless(service, name: str = "officer") -> None:
    with unit_of_work(service.sessions) as session:
        session.get(User, name).display_name = None


@pytest.mark.parametrize("act", [A.FINE, A.WARN])
def test_a_decision_is_refused_where_an_officer_who_signs_it_has_no_name_and_number(service, act):
    case_id = known_case(service)
    nameless(service)
    with pytest.raises(WrongInputError, match="officer signs this document and has no name") as refused:
        lead(service, case_id, TO[act], issue={act})
    assert "请管理员在“用户”页登记" in refused.value.told("zh")


@pytest.mark.parametrize("act", [A.HEAR, A.EDUCATE])
def test_any_other_paper_says_that_the_number_is_not_set(service, act):
    case_id = known_case(service)
    speak(service, case_id, StatementKind.DEFENCE, "进入时是绿灯。")
    nameless(service)
    told = said(service, lead(service, case_id, TO[act], issue={act}).document)
    assert told["officers"] == [{"name": "officer", "badge": "未登记"}]


def test_a_demonstration_s_decision_says_so_too(service):
    demonstration = replace(service, office=replace(service.office, demonstration=True))
    nameless(service)
    told = said(service, lead(demonstration, known_case(demonstration), TO[A.FINE], issue={A.FINE}).document)
    assert told["officers"] == [{"name": "officer", "badge": "未登记"}]


def test_what_was_issued_keeps_the_name_that_it_was_issued_with(service):
    printed = lead(service, known_case(service), TO[A.FINE], issue={A.FINE})
    with unit_of_work(service.sessions) as session:
        session.get(User, "officer").display_name = "王警官"
        by = replace(BY, reason="当事人到窗口查询")
        assert print_again(session, service.office, printed.document.id, by).differs == ""


def test_a_mild_decision_without_one_is_refused(service):
    with pytest.raises(WrongInputError, match="none of the law's list"):
        lead(service, known_case(service), [(A.WARN, {"reason": "because"})], issue={A.WARN})


def test_without_an_identity_nothing_is_issued_and_the_act_falls_with_it(service):
    case_id = identified_case(service)
    with pytest.raises(WrongInputError, match=r"LK-0000001: no document can be made: no identity is kept of P-0000001"):
        lead(service, case_id, TO[A.NOTIFY], issue={A.NOTIFY})
    with service.sessions.reading() as session:
        assert cases.get(session, case_id).state == S.IDENTIFIED
        assert session.scalars(select(Document)).all() == []


def test_a_demonstration_prints_without_an_identity(service):
    demonstration = replace(
        service,
        office=replace(service.office, demonstration=True),
        settings=service.settings.model_copy(update={"demonstration": True}),
    )
    case_id = identified_case(demonstration, demonstration=True)
    printed = lead(demonstration, case_id, TO[A.NOTIFY], issue={A.NOTIFY})
    assert printed.document.number.startswith("演示")
    assert said(service, printed.document)["party"]["name"] == "演示当事人 P-0000001"


def test_the_opening_of_the_identity_for_a_document_is_noted(service):
    lead(service, known_case(service), TO[A.NOTIFY], issue={A.NOTIFY})
    with service.sessions.reading() as session:
        told = session.scalars(select(AuditEntry.detail).where(AuditEntry.what == "party.open.identity")).all()
    assert told == ["P-0000001: for the document of the act notify"]


def test_a_revocation_withdraws_what_was_issued_before_and_says_what_is_paid_back(service):
    case_id = known_case(service)
    decision = lead(service, case_id, TO[A.FINE], issue={A.NOTIFY, A.FINE})
    with unit_of_work(service.sessions) as session:
        manifest = next(f.sha256 for f in cases.get(session, case_id).event.files if f.name == "manifest.json")
        take_epay(session, Basis(case_id, "cashier", manifest, NOW_MS, False), 1000, "E-1")
    revoked = [(A.REVOKE, {"reason": "事发时交警正在现场指挥"})]
    printed = lead(service, case_id, revoked, issue={A.REVOKE}, at_ms=NOW_MS + DAY_MS)
    told = said(service, printed.document)
    assert (told["revoked_number"], told["revoked_on"]) == (decision.document.number, "2027-01-15")
    assert (told["refund_fen"]["yuan"], told["unlisted"]) == ("10.00", False)
    with service.sessions.reading() as session:
        withdrawn = [(row.document.kind, row.withdrawn_by) for row in documents_of(session, case_id)]
    number = printed.document.number
    assert withdrawn == [(Kind.REVOCATION, None), (Kind.PENALTY, number), (Kind.NOTICE, number)]


def test_a_revocation_is_told_also_where_the_party_s_name_is_erased_or_no_decision_was_printed(service):
    case_id = known_case(service)
    lead(service, case_id, TO[A.FINE], issue={A.FINE})
    with unit_of_work(service.sessions) as session:
        parties.erase(session, case_id, replace(BY, reason="its time is over"))
    printed = lead(service, case_id, [(A.ANNUL, {"reason": "court"})], issue={A.ANNUL})
    assert said(service, printed.document)["party"]["name"] == "当事人 P-0000001"
    other = known_case(service, 2)
    assert lead(service, other, [*TO[A.FINE], (A.REVOKE, {"reason": "wrong"})], issue={A.REVOKE}) is None


def test_an_upheld_objection_after_a_decision_answers_and_revokes(service):
    case_id = known_case(service)
    lead(service, case_id, TO[A.FINE], issue={A.FINE})
    upheld = [(A.OBJECT, {"reason": "不是我"}), (A.UPHOLD, {"reason": "不是本人", "after": S.REVOKED})]
    printed = lead(service, case_id, upheld, issue={A.UPHOLD})
    assert printed.document.kind == Kind.OBJECTION_ANSWER
    with service.sessions.reading() as session:
        kinds = [row.document.kind for row in documents_of(session, case_id)]
    assert kinds == [Kind.REVOCATION, Kind.OBJECTION_ANSWER, Kind.PENALTY]


def test_a_receipt_and_the_party_s_account(service):
    case_id = known_case(service)
    decision = lead(service, case_id, TO[A.FINE], issue={A.FINE})
    with unit_of_work(service.sessions) as session:
        case, papers = cases.get(session, case_id), papers_of(service)
        manifest = next(f.sha256 for f in case.event.files if f.name == "manifest.json")
        take_epay(session, Basis(case_id, "cashier", manifest, NOW_MS, False), 1000, "E-1")
        receipt = issue_receipt(session, papers, case, "epay:E-1", BY).document
        account = issue_account(session, papers, case, BY, CODE).document
        with pytest.raises(NotFoundError, match="no payment that stands has the reference 'epay:E-2'"):
            issue_receipt(session, papers, case, "epay:E-2", BY)
        with pytest.raises(ConflictError, match=f"has the receipt {receipt.number}"):
            issue_receipt(session, papers, case, "epay:E-1", BY)
    told = said(service, receipt)
    assert (told["total_fen"]["yuan"], told["taken_by"], told["means"]) == ("10.00", "cashier", "电子支付")
    assert told["decision_number"] == decision.document.number
    lines = [(line["text"], line["balance_fen"]["yuan"]) for line in said(service, account)["lines"]]
    assert lines == [("罚款决定", "10.00"), ("电子缴款", "0.00")]


def test_a_record_of_a_hearing_needs_what_was_said(service):
    with pytest.raises(WrongInputError, match="nothing is kept of what the party said"):
        lead(service, known_case(service), TO[A.HEAR], issue={A.HEAR})


def test_nothing_personal_lies_open_after_it(service):
    case_id = known_case(service)
    speak(service, case_id, StatementKind.DEFENCE, "进入时是绿灯。")
    lead(service, case_id, TO[A.FINE], issue={A.NOTIFY, A.HEAR, A.FINE})
    with service.sessions.reading() as session:
        rows = str([session.execute(text(f"SELECT * FROM {t}")).all() for t in ("documents", "audit_log")])  # noqa: S608
    assert not [secret for secret in ("测试当事人", "11010519491231002X", "13800000000", "绿灯") if secret in rows]
