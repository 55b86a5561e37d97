"""An act that is refused: the case page again, with why in the page's language and with what was typed in its place."""

import re
from html import unescape

import pytest
from centre import NOW_MS, csrf_of, deliver, make_act
from fastapi.testclient import TestClient
from officers import TO_CONFIRMED, TO_DECIDED, TO_IDENTIFIED, TO_SERVED, do, lead
from sqlalchemy import select
from uploading import pages_of
from visiting import visit

from server.access.rights import Role
from server.audit import AuditEntry
from server.pages.render import LANGUAGE_COOKIE
from server.procedure.words import Act, AgeBand

CASE = "/console/cases/1"


@pytest.fixture
def client(service):
    app = pages_of(service)
    deliver(service, make_act())
    with TestClient(app, follow_redirects=False) as made:
        yield made


def send(client, service, path: str = CASE, role: Role = Role.SUPERVISOR, **form):
    form = {"csrf": visit(client, service, role), **form}
    return client.post(path, data=form)


def alert(html: str) -> str:
    """The live region of a page, as it is read out."""
    (found,) = re.findall(r'<div class="problem" role="alert" id="refused".*?</div>', html, re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", found)))


ROWS = [
    ("out of order", (), {"act": "fine", "version": 1}, 409, "案件目前所处的阶段不能办理此事"),
    ("somebody was faster", (), {"act": "confirm", "version": 0}, 409, "他人刚刚办理过本案"),
    ("a reason of one's own", (), {"act": "reject", "version": 1, "reason": "dull"}, 422, "理由须选自法定清单"),
    ("nobody can be reached", TO_IDENTIFIED, {"act": "notify", "version": 4}, 422, "当事人身份尚未登记"),
    ("no proof of service", TO_DECIDED, {"act": "serve", "version": 7, "reason": "r"}, 422, "没有送达凭证"),
    ("money is owed", TO_SERVED, {"act": "archive", "version": 8}, 422, "尚欠 1000 分"),
]


@pytest.mark.parametrize(("story", "acts", "form", "status", "why"), ROWS, ids=[row[0] for row in ROWS])
def test_a_refused_act_answers_with_the_case_page(client, service, story, acts, form, status, why):
    lead(service, acts)
    answer = send(client, service, **form)
    assert answer.status_code == status
    assert why in alert(answer.text)
    assert answer.text.index('id="refused"') < answer.text.index("<h1>")
    assert (answer.url.path, answer.headers["HX-Replace-Url"]) == (CASE, CASE)
    assert client.get(answer.url.path).status_code == 200  # a reload shows the case, without what is over
    assert 'id="refused"' not in client.get(CASE).text


def test_the_refusal_is_told_in_the_language_of_the_page(client, service):
    csrf = visit(client, service, Role.SUPERVISOR)
    client.cookies.set(LANGUAGE_COOKIE, "en")
    answer = client.post(CASE, data={"csrf": csrf, "version": 1, "act": "reject", "reason": "dull"})
    assert "Not done" in alert(answer.text)
    assert "a reason of the law's list is needed" in alert(answer.text)
    assert "理由" not in alert(answer.text)


def test_what_an_error_says_in_chinese_itself_is_told_alone(client, service):
    lead(service, (*TO_IDENTIFIED, Act.NOTIFY, Act.HEAR))
    answer = send(client, service, act="warn", version=6, reason="warning_suffices")
    assert (answer.status_code, "文书不能打印：缺少字体" in alert(answer.text)) == (503, True)
    assert "documents cannot be printed" not in alert(answer.text)


def test_what_was_typed_stands_in_the_form_again(client, service):
    lead(service, TO_IDENTIFIED)
    page = send(
        client, service, act="reassign", version=3, basis="plate", age_band="minor_14_17", reason="另一<人>"
    ).text
    form = page.split('name="act" value="reassign"')[1].split("</form>")[0]
    assert re.findall(r'<option value="(\w+)" selected', form) == ["plate", "minor_14_17"]
    assert 'value="另一&lt;人&gt;"' in form
    assert 'name="version" value="4"' in page  # of the case as it is now, which the page shows


def test_an_amount_and_a_reason_of_the_list_stand_there_again(client, service):
    lead(service, (*TO_IDENTIFIED, Act.NOTIFY, Act.HEAR))
    page = send(client, service, act="fine", version=0, amount_yuan="7.50").text
    assert 'value="7.50"' in page.split('name="act" value="fine"')[1].split("</form>")[0]
    page = send(client, service, act="warn", version=0, reason="warning_suffices").text
    assert '"warning_suffices" selected' in page.split('name="act" value="warn"')[1].split("</form>")[0]


def test_what_was_typed_into_a_form_that_is_gone_can_still_be_read(client, service):
    lead(service, TO_SERVED)
    do(service, Act.OBJECT, reason="not me")
    answer = send(client, service, act="object", version=8, reason="当事人说不是本人")
    assert (answer.status_code, "您填写的内容：当事人说不是本人" in alert(answer.text)) == (409, True)


def test_a_refused_line_of_the_public_list_is_told_there_too(client, service):
    lead(service, TO_SERVED)
    answer = send(client, service, CASE + "/publish", reason="屡次闯红灯", days=90)
    assert (answer.status_code, 'value="90"' in answer.text, 'value="屡次闯红灯"' in answer.text) == (422, True, True)
    assert "a line ends after 1 to 30 days" in alert(answer.text)
    assert answer.headers["HX-Replace-Url"] == CASE
    again = client.get(CASE + "/publish")
    assert (again.status_code, again.headers["location"]) == (303, CASE)


def test_a_refused_form_is_no_way_to_look_at_a_case_unseen_and_no_second_look(client, service):
    send(client, service, act="fine", version=1)
    send(client, service, act="fine", version=1)
    with service.sessions.reading() as session:
        views = session.scalars(select(AuditEntry).where(AuditEntry.what == "case.view")).all()
    assert [(line.who, line.at_ms) for line in views] == [("a-supervisor", NOW_MS)]


def test_who_may_not_do_it_is_shown_no_case(client, service):
    answer = send(client, service, role=Role.CASHIER, act="confirm", version=1)
    assert (answer.status_code, "before.jpg" in answer.text) == (403, False)


@pytest.mark.parametrize(
    ("story", "acts", "role", "offered", "not_now"),
    [
        ("a new record", (), Role.SUPERVISOR, {"confirm", "reject"}, {"lapse": "未满两年"}),
        ("nobody can be reached yet", TO_IDENTIFIED, Role.SUPERVISOR, {"reassign", "warn", "object"},
         {"notify": "联系方式尚未核实"}),
        ("one's own verdict", (Act.CONFIRM,), Role.REVIEWER, {"confirm", "reject"}, {"lapse": "未满两年"}),
        ("no proof of service", TO_DECIDED, Role.SUPERVISOR, {"announce", "object", "revoke"},
         {"serve": "没有送达凭证"}),
        ("served, not paid", TO_SERVED, Role.LEGAL, {"object", "sue", "revoke"}, {"enforce": "尚未逾期"}),
        ("served, a cashier is shown no case, an officer no archive", TO_SERVED, Role.SUPERVISOR, {"publish"},
         {"archive": "尚欠 1000 分"}),
        ("confirmed", TO_CONFIRMED, Role.SUPERVISOR, {"identify", "shelve"}, {"lapse": "未满两年"}),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_no_button_and_says_why(client, service, story, acts, role, offered, not_now):
    lead(service, acts)
    visit(client, service, role)
    page = client.get(CASE).text
    forms = {*re.findall(r'name="act" value="(\w+)"', page), *re.findall(r"cases/1/(publish)", page)}
    closed = page.split('<details id="not-now">')[1].split("</details>")[0]
    told = dict(re.findall(r'data-not-now="(\w+)">[^<]*</dt>(.*?)(?=<dt|</dl>)', closed, re.DOTALL))
    assert offered <= forms
    assert set(told).isdisjoint(forms)
    for act, why in not_now.items():
        assert why in told[act]


@pytest.mark.parametrize("band", [AgeBand.MINOR_14_17, AgeBand.ADULT])
def test_a_minor_is_not_offered_for_the_public_list(client, service, band):
    lead(service, (Act.CONFIRM, Act.CONFIRM))
    do(service, Act.IDENTIFY, age_band=band)
    lead(service, (Act.NOTIFY, Act.HEAR, Act.FINE, Act.SERVE))
    visit(client, service, Role.SUPERVISOR)
    page = client.get(CASE).text
    is_adult = band is AgeBand.ADULT
    assert ("cases/1/publish" in page, 'data-not-now="publish"' in page) == (is_adult, not is_adult)


def test_a_token_of_the_form_is_there_where_nothing_may_be_done(client, service):
    do(service, Act.CONFIRM, actor="a-reviewer")
    visit(client, service, Role.REVIEWER)
    page = client.get(CASE).text
    assert 'name="act"' not in page
    assert "须由另一人独立进行" in page
    assert csrf_of(page)
