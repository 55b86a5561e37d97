"""The ledger's pages over HTTP, on both databases: what cashier, head and auditor do there, and what is refused."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from books import make_cases
from casework import fined, known_case
from centre import NOW_MS, drop_trigger
from fastapi.testclient import TestClient
from fining import DAY_MS, fine, step
from papers import AUTHORITY
from sqlalchemy import select, text
from uploading import pages_of
from visiting import visit

from server.access.rights import Role
from server.audit import AuditEntry
from server.cases import repository as cases
from server.civil_time import beijing_day
from server.console.ledger.account import dues_of
from server.db import unit_of_work
from server.documents.service import Office
from server.errors import WrongInputError
from server.keys import signing_key
from server.ledger import book, checking, heads
from server.ledger.accounts import Account
from server.ledger.balances import balances_of, money_of
from server.ledger.instalments import Due
from server.ledger.models import IncomingPayment
from server.ledger.payments import take_epay
from server.ledger.postings import Basis
from server.ledger.references import payment_reference
from server.ledger.verify import verify
from server.sealed_values import SealedValue

L = "/console/ledger"
ONE = {"amount": "20.00", "booked_on": "2027-01-15"}
HEADER = "booked_on,amount,currency,reference,payer_name,bank_id"
TODAY = beijing_day(NOW_MS)
"""15 January 2027, a Friday."""


@pytest.fixture
def centre(service):
    """A centre with five cases, of which 1 to 3 were fined 20 yuan and served 40 days ago."""
    made = replace(service, settings=service.settings.model_copy(update={"social_service": True}))
    make_cases(made.sessions, 5)
    for case_id in (1, 2, 3):
        fine(made, case_id, 2000, NOW_MS - 40 * DAY_MS)
    return made


@pytest.fixture
def client(centre):
    app = pages_of(centre)
    with TestClient(app, follow_redirects=False) as made:
        yield made


@pytest.fixture
def do(client, centre):
    """Send a form as a user of a role; return the answer."""

    def send(role, path, files=None, **form):
        csrf = visit(client, centre, role)
        return client.post(f"{L}{path}", data={"csrf": csrf, **form}, files=files)

    return send


@pytest.fixture
def see(client, centre):
    def page(path, role=Role.CASHIER):
        visit(client, centre, role)
        answer = client.get(f"{L}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    return page


def bank_file(*lines: str) -> dict:
    data = "\n".join([HEADER, *(f"{TODAY},{line}" for line in lines)]).encode()
    return {"file": ("bank.csv", data, "text/csv")}


def money(centre, case_id):
    with centre.sessions.reading() as session:
        return money_of(session, [case_id])[case_id]


def audited(centre, what):
    with centre.sessions.reading() as session:
        return [line.detail for line in session.scalars(select(AuditEntry).where(AuditEntry.what == what))]


def test_a_bank_file_books_what_fits_and_says_of_the_rest_why(do, see, centre):
    lines = [
        f"20.00,CNY,{payment_reference(1)},王五,B1",
        f"10.00,CNY,{payment_reference(2)},王五,B2",
        "20.00,CNY,fine,赵六,B3",
    ]
    answer = do(Role.CASHIER, "/bank", bank_file(*lines), source="bank")
    assert answer.status_code == 303
    page = see(answer.headers["location"].removeprefix(L))
    assert all(f'data-outcome="{name}"' in page for name in ("matched", "partial", "no_reference"))
    again = do(Role.CASHIER, "/bank", bank_file(*lines, f"20.00,CNY,{payment_reference(3)},n,B4"), source="bank")
    page = see(again.headers["location"].removeprefix(L))
    assert re.search(r'role="status">[^<]*<strong>3</strong>', page)
    assert [money(centre, case).owed_fen for case in (1, 2, 3)] == [0, 2000, 0]
    waiting = see("/suspense")
    assert "王五" not in waiting
    assert "赵六" not in waiting
    assert (waiting.count("<section"), "少于欠款" in waiting) == (2, True)
    assert len(audited(centre, "ledger.import")) == 2


def test_a_file_with_problems_posts_nothing_and_shows_every_one(do, centre):
    answer = do(Role.CASHIER, "/bank", bank_file("20,CNY,r,n,B1", "20.00,USD,r,n,B2"), source="bank")
    assert answer.status_code == 422
    assert "line 2, amount: expected yuan with two decimals" in answer.text
    assert "line 3, currency: expected CNY" in answer.text
    with centre.sessions.reading() as session:
        assert session.scalars(select(IncomingPayment)).all() == []


def test_a_payers_name_lies_under_seal_is_opened_with_a_reason_and_goes_with_the_money(do, centre):
    do(Role.CASHIER, "/bank", bank_file("20.00,CNY,fine,赵六,B3"), source="bank")
    with centre.sessions.reading() as session:
        (kept,) = session.scalars(select(SealedValue)).all()
        assert kept.of == "bank:B3/payer"
        assert "赵六".encode() not in kept.sealed
    assert do(Role.CASHIER, "/suspense/payer", reference="bank:B3", reason="x").status_code == 422
    page = do(Role.CASHIER, "/suspense/payer", reference="bank:B3", reason="电话核对付款人")
    assert "赵六" in page.text
    assert audited(centre, "ledger.open.payer") == ["bank:B3: 电话核对付款人"]
    do(Role.CASHIER, "/suspense/return", reference="bank:B3", reason="与本单位无关")
    with centre.sessions.reading() as session:
        assert session.scalars(select(SealedValue)).all() == []


@pytest.mark.parametrize("source", ["bank", "epay"])
def test_money_in_suspense_is_assigned_in_parts_and_the_rest_sent_back(do, see, centre, source):
    one = {"source": source, "own_id": "T1", "amount": "50.00", "booked_on": str(TODAY)}
    assert do(Role.CASHIER, "/bank/one", **one, reference="?").status_code == 303
    reference = f"{source}:T1"
    for case in ("LK-0000001", payment_reference(2)):
        answer = do(
            Role.CASHIER, "/suspense/assign", reference=reference, case=case, amount="20", reason="付款人出示凭证"
        )
        assert answer.status_code == 303, answer.text
    assert "10.00 元" in see("/suspense")
    assert do(Role.CASHIER, "/suspense/return", reference=reference, reason="多付").status_code == 303
    assert [money(centre, case).owed_fen for case in (1, 2)] == [0, 0]
    with centre.sessions.reading() as session:
        assert set(balances_of(session, [reference])[reference].values()) == {0}
        assert book.broken_at(session) is None
    assert "data-reference" not in see("/suspense")
    told_again = do(Role.CASHIER, "/bank/one", **one, reference="?")
    assert told_again.headers["location"].endswith("known=1")


@pytest.mark.parametrize(
    ("story", "form", "status"),
    [
        ("no case", {"case": "", "amount": "20.00", "reason": "r"}, 422),
        ("a case that was never fined", {"case": "4", "amount": "20.00", "reason": "r"}, 409),
        ("a case that is none", {"case": "99", "amount": "20.00", "reason": "r"}, 404),
        ("a reference with a wrong digit", {"case": "000000000163", "amount": "20.00", "reason": "r"}, 422),
        ("more than is owed", {"case": "1", "amount": "20.01", "reason": "r"}, 422),
        ("more than came", {"case": "1", "amount": "50.01", "reason": "r"}, 409),
        ("an amount that is none", {"case": "1", "amount": "zwanzig", "reason": "r"}, 422),
        ("nothing", {"case": "1", "amount": "0.00", "reason": "r"}, 422),
        ("no reason", {"case": "1", "amount": "20.00", "reason": " "}, 422),
    ],
)
def test_what_cannot_be_assigned_is_refused_and_moves_nothing(do, centre, story, form, status):
    do(Role.CASHIER, "/bank", bank_file("50.00,CNY,fine,n,B1"), source="bank")
    assert do(Role.CASHIER, "/suspense/assign", reference="bank:B1", **form).status_code == status
    with centre.sessions.reading() as session:
        assert session.get(IncomingPayment, "bank:B1").waits


def test_who_decided_is_told_in_chinese_that_another_collects(do, centre):
    fine(centre, 4, 2000, None, officer="a-cashier")
    do(Role.CASHIER, "/bank", bank_file("20.00,CNY,fine,n,B1"), source="bank")
    for path, form in (
        ("/suspense/assign", {"reference": "bank:B1", "case": "4", "amount": "20.00", "reason": "r"}),
        ("/cash/take", {"case": "4", "amount": "20.00", "receipt": "R1"}),
        ("/bank/one", ONE | {"source": "epay", "own_id": "T1", "reference": payment_reference(4)}),
    ):
        answer = do(Role.CASHIER, path, **form)
        assert answer.status_code == 403
        assert "决定与收缴分离" in answer.text


def test_cash_takes_two_people_and_its_clocks_are_those_of_the_law(do, see, client, centre):
    assert do(Role.CASHIER, "/cash/take", case="1", amount="100.01", receipt="R1").status_code == 422
    assert do(Role.CASHIER, "/cash/take", case="1", amount="20.00", receipt="R1").status_code == 303
    page = see("/cash")
    assert "2027-01-19" in page  # taken on a Friday: Monday and Tuesday are the two working days
    assert 'data-clock="running"' in page
    assert do(Role.CASHIER, "/cash/hand-in", receipts="R1", officer="a-cashier").status_code == 403
    form = {"csrf": visit(client, centre, Role.CASHIER, name="second"), "receipts": "R1", "officer": "a-cashier"}
    assert client.post(f"{L}/cash/hand-in", data=form).status_code == 303
    assert 'id="with-unit"' in see("/cash")
    assert do(Role.CASHIER, "/cash/bank", receipts="R1", slip="D7").status_code == 303
    assert "R1" not in see("/cash")
    assert money(centre, 1).owed_fen == 0


RECONSIDERED = (
    (12, "apply_reconsideration", "served", "reconsideration"),
    (8, "maintain", "reconsideration", "served"),
)


@pytest.mark.parametrize(
    ("story", "steps", "asked"),
    [
        ("served 40 days ago, due after 15: 25 days late", (), "15.00"),
        ("five of these days in reconsideration", RECONSIDERED, "12.00"),
        ("in court since the fifth late day", ((20, "sue", "served", "court"),), "2.40"),
    ],
)
def test_the_surcharge_as_of_today_follows_the_law_and_a_head_decides_it(do, see, centre, story, steps, asked):
    with unit_of_work(centre.sessions) as session:
        for days_ago, *words in steps:
            step(session, 1, tuple(words), NOW_MS - days_ago * DAY_MS)
    page = see("/cases/1", Role.SUPERVISOR)
    assert f"{asked} 元 (30 ‰" in page, page
    too_much = f"{float(asked) + 0.01:.2f}"
    assert do(Role.SUPERVISOR, "/cases/1/surcharge", amount=too_much, reason="逾期").status_code == 422
    assert do(Role.SUPERVISOR, "/cases/1/surcharge", amount=asked, reason="逾期未缴").status_code == 303
    assert money(centre, 1).surcharge_owed_fen == round(float(asked) * 100)
    assert do(Role.SUPERVISOR, "/cases/1/surcharge", amount="0.01", reason="再加").status_code == 422


def test_a_head_defers_waives_and_takes_social_service_a_cashier_refunds(do, see, centre):
    parts = f"{TODAY.replace(month=3)} 12.00\r\n{TODAY.replace(month=4)} 8.00"
    assert do(Role.LEGAL, "/cases/1/agree", parts=parts, reason="生活困难").status_code == 303
    assert "2027-03-15" in see("/cases/1")
    assert do(Role.LEGAL, "/cases/1/waive", of="fine", amount="5.00", reason="困难").status_code == 303
    assert do(Role.LEGAL, "/cases/1/social-service", amount="15.00", reason="路口志愿服务两小时").status_code == 303
    assert money(centre, 1).owed_fen == 0
    assert do(Role.LEGAL, "/cases/1/waive", of="bank", amount="5.00", reason="r").status_code == 422
    do(Role.CASHIER, "/bank", bank_file(f"20.00,CNY,{payment_reference(2)},n,B1"), source="bank")
    assert do(Role.CASHIER, "/cases/2/refund", reason="r").status_code == 409
    with unit_of_work(centre.sessions) as session:
        book.reverse_case(session, 2, "head", NOW_MS, "wrong person")
    assert do(Role.CASHIER, "/cases/2/refund", reason="撤销决定").status_code == 303
    with centre.sessions.reading() as session:
        assert set(balances_of(session, [2])[2].values()) == {0}


def test_social_service_is_refused_where_it_is_not_switched_on(service):
    make_cases(service.sessions, 1)
    fine(service, 1, 2000, NOW_MS - DAY_MS)
    app = pages_of(service)
    with TestClient(app, follow_redirects=False) as client:
        csrf = visit(client, service, Role.SUPERVISOR)
        assert "social-service" not in client.get(f"{L}/cases/1").text
        form = {"csrf": csrf, "amount": "5.00", "reason": "r"}
        assert client.post(f"{L}/cases/1/social-service", data=form).status_code == 409


def test_a_files_money_is_settled_and_handed_to_the_treasury(do, see, centre):
    one = {"source": "epay", "own_id": "T1", "amount": "20.00", "booked_on": str(TODAY)}
    place = do(Role.CASHIER, "/bank/one", **one, reference=payment_reference(1)).headers["location"].partition("?")[0]
    path = place.removeprefix(L)
    assert do(Role.CASHIER, f"{path}/move", kind="assessed").status_code == 422
    for kind in ("epay_settled", "to_treasury"):
        assert do(Role.CASHIER, f"{path}/move", kind=kind).status_code == 303
    page = see("?span=all")
    treasury = re.search(r'data-account="treasury">.*?</tr>', page, re.DOTALL)[0]
    assert treasury.count("20.00 元") == 2


def test_cash_in_the_bank_is_handed_to_the_treasury_from_its_cases_account(do, client, centre):
    do(Role.CASHIER, "/cash/take", case="1", amount="20.00", receipt="R1")
    form = {"csrf": visit(client, centre, Role.CASHIER, name="second"), "receipts": "R1"}
    client.post(f"{L}/cash/hand-in", data=form | {"officer": "a-cashier"})
    client.post(f"{L}/cash/bank", data=form | {"slip": "D7"})
    assert do(Role.CASHIER, "/cases/1/move", kind="assessed").status_code == 422
    assert do(Role.CASHIER, "/cases/1/move", kind="to_treasury").status_code == 303
    with centre.sessions.reading() as session:
        assert balances_of(session, [1])[1][Account.TREASURY] == 2000


def test_the_first_page_balances_and_its_sheet_is_of_the_same_span(see, client):
    assert 'data-balanced="yes"' in see("")
    for span in ("day", "month", "all"):
        assert 'data-balanced="yes"' in see(f"?span={span}&day={TODAY}")
        answer = client.get(f"{L}/statement.xlsx?span={span}&day={TODAY}")
        assert zipfile.is_zipfile(io.BytesIO(answer.content))
    assert client.get(f"{L}?day=yesterday").status_code == 422
    assert client.get(f"{L}?span=year").status_code == 422


def test_without_its_font_no_statement_is_printed_and_the_page_says_so(do, see):
    assert "lukou assets pull" in see("")
    assert do(Role.CASHIER, "/statement", day=str(TODAY), span="day").status_code == 503


def test_an_auditor_sees_the_check_a_proof_and_takes_the_whole_book_along(see, client, centre, tmp_path):
    assert "还没有核验过" in see("/heads", Role.AUDITOR)
    key = signing_key(centre.settings.data_dir / "centre-key.pem")
    with unit_of_work(centre.sessions) as session:
        heads.publish(session, key, NOW_MS)
    assert checking.check(centre.sessions, lambda: NOW_MS)
    assert not checking.check(centre.sessions, lambda: NOW_MS)  # once for each head
    assert "哈希链完整" in see("/heads", Role.AUDITOR)
    page = see("/heads/proof?entry=2", Role.AUDITOR)
    assert str(date(2027, 1, 14)) in page
    assert 'id="proof"' in page
    visit(client, centre, Role.AUDITOR)
    assert client.get(f"{L}/heads/proof?entry=9").status_code == 404
    answer = client.get(f"{L}/heads/export.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        packed.extractall(tmp_path / "ledger")
    assert verify(tmp_path / "ledger", None).entries == 3
    assert list(centre.settings.data_dir.glob("export-*")) == []


def test_a_chain_that_was_rewritten_is_told_on_the_first_page(see, centre):
    key = signing_key(centre.settings.data_dir / "centre-key.pem")
    with unit_of_work(centre.sessions) as session:
        heads.publish(session, key, NOW_MS)
        drop_trigger(session, "ledger_entries_no_update")
        session.execute(text("UPDATE ledger_entries SET amount_fen = 1 WHERE number = 2"))
    checking.check(centre.sessions, lambda: NOW_MS)
    assert "账簿核验不通过" in see("")
    assert "断开" in see("/heads")


@pytest.mark.parametrize(
    ("word", "leads"), [("LK-0000012", "12"), ("lk-12", "12"), ("0000 0000 1262", "12"), ("１２", "12")]
)
def test_a_case_is_found_by_its_number_or_reference(client, centre, word, leads):
    visit(client, centre, Role.CASHIER)
    assert client.get(f"{L}/find", params={"case": word}).headers["location"] == f"{L}/cases/{leads}"


@pytest.mark.parametrize("word", ["", "x", "000000001263", "0", "99999999999999"])
def test_what_names_no_case_is_refused(client, centre, word):
    visit(client, centre, Role.CASHIER)
    assert client.get(f"{L}/find", params={"case": word}).status_code == 422


@pytest.mark.parametrize("text_", ["", "2027-03-01", "2027-03-01 10 5", "morgen 10.00", "2027-03-01 zehn"])
def test_parts_that_are_none_are_refused(text_):
    with pytest.raises(WrongInputError):
        dues_of(text_)


def test_parts_are_read_a_line_each():
    assert dues_of("2027-03-01 10.00\n\n2027-04-01，5") == [Due(date(2027, 3, 1), 1000), Due(date(2027, 4, 1), 500)]


def test_a_form_that_is_too_large_is_not_read(client, centre):
    csrf = visit(client, centre, Role.CASHIER)
    answer = client.post(f"{L}/cash/take", data={"csrf": csrf, "case": "1" * 1_000_001})
    assert answer.status_code == 422
    assert "at most 1000000 bytes" in answer.text


def test_a_cashier_issues_a_payment_s_receipt_once_and_anybody_of_the_ledger_may_print_it_again(printing):
    centre, client, send = printing
    assert "data-payment" in client.get(f"{L}/cases/1").text
    issued = send(Role.CASHIER, "/cases/1/receipt", reference="epay:E-1")
    assert (issued.status_code, issued.headers["content-type"]) == (200, "application/pdf")
    again = send(Role.CASHIER, "/cases/1/receipt", reference="epay:E-1")
    assert (again.status_code, "已出具收据" in again.text) == (409, True)
    assert send(Role.CASHIER, "/cases/1/receipt", reference="epay:E-2").status_code == 404
    assert send(Role.CASHIER, "/cases/1/statement").headers["content-type"] == "application/pdf"
    page = client.get(f"{L}/cases/1").text
    assert re.findall('data-paper="([a-z_]+)"', page) == ["party_account", "receipt"]
    assert "出具收据" not in page.partition('id="payments"')[2].partition("</table>")[0]
    printed = send(Role.AUDITOR, "/cases/1/again", document_id=1, reason="核对收据")
    assert printed.content == issued.content
    assert send(Role.AUDITOR, "/cases/2/again", document_id=1, reason="核对收据").status_code == 404
    assert [len(audited(centre, f"document.{kind}")) for kind in ("receipt", "party_account", "open")] == [1, 1, 1]


@pytest.fixture
def printing(service, press):
    """A centre that prints, with a case whose fine of 10 yuan was paid; its client and how a form is sent."""
    made = replace(service, office=Office(press, service.secrets_box, AUTHORITY, demonstration=False))
    case_id = known_case(made)
    with unit_of_work(made.sessions) as session:
        case = cases.get(session, case_id)
        fined(session, case)
        manifest = next(file.sha256 for file in case.event.files if file.name == "manifest.json")
        take_epay(session, Basis(case_id, "a-cashier", manifest, NOW_MS, demonstration=False), 1000, "E-1")
    app = pages_of(made)
    with TestClient(app, follow_redirects=False) as client:

        def send(role, path, **form):
            return client.post(f"{L}{path}", data={"csrf": visit(client, made, role), **form})

        visit(client, made, Role.CASHIER)
        yield made, client, send


@pytest.mark.parametrize(
    ("role", "path", "form", "chinese", "english"),
    [
        (Role.CASHIER, "/cash/take", {"case": "x", "amount": "20", "receipt": "1"}, "应为案件编号", "expected a case"),
        (Role.CASHIER, "/cases/1/refund", {"reason": "r"}, "没有应退款项", "nothing is due"),
        (
            Role.LEGAL,
            "/cases/1/waive",
            {"of": "x", "amount": "1", "reason": "r"},
            "应为罚款或加处罚款",
            "expected fine",
        ),
        (Role.LEGAL, "/cases/1/waive", {"of": "fine", "amount": "a", "reason": "r"}, "金额应为", "expected yuan"),
        (Role.LEGAL, "/cases/1/agree", {"parts": "2027-12-31", "reason": "r"}, "每行应为日期", "expected a day"),
        (Role.LEGAL, "/cases/1/agree", {"parts": "2027-12-31 1.00", "reason": "r"}, "分期不成立", "that are owed"),
        (
            Role.LEGAL,
            "/cases/4/waive",
            {"of": "fine", "amount": "1", "reason": "r"},
            "没有作出过罚款",
            "never been fined",
        ),
    ],
)
def test_a_refusal_is_told_in_the_page_s_language(client, centre, role, path, form, chinese, english):
    for language, says in (("zh", chinese), ("en", english)):
        csrf = visit(client, centre, role)
        client.cookies.set("lukou_language", language)
        answer = client.post(f"{L}{path}", data={"csrf": csrf, **form})
        assert answer.status_code in (404, 409, 422)
        assert says in answer.text
