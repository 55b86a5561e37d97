"""The whole life of a case by keyboard alone, in a real browser: to the last payment, and to a revocation."""

from dataclasses import replace
from functools import partial

import pytest
from browsing import settings_of
from centre import NOW_MS, deliver, make_act
from keyboard import Hands
from officers import TO_SERVED, do, lead
from papers import AUTHORITY
from playwright.sync_api import expect
from uploading import listening, pages_of
from visiting import begin

from server.access.doors import Stage
from server.access.rights import Role
from server.console.cookies import SESSION
from server.documents.service import Office
from server.ledger.references import payment_reference
from server.procedure.words import Act

pytestmark = pytest.mark.browser
PEOPLE = {"li": Role.REVIEWER, "wang": Role.REVIEWER, "zhao": Role.SUPERVISOR, "gu": Role.LEGAL, "qian": Role.CASHIER}


@pytest.fixture
def settings(tmp_path, page_assets):
    return settings_of(tmp_path, page_assets)


@pytest.fixture
def service(service, press):
    """A centre that prints, with one act."""
    made = replace(service, office=Office(press, service.secrets_box, AUTHORITY, demonstration=False))
    deliver(made, make_act())
    return made


class Desk(Hands):
    """A desk at which one person after the other sits down, each with a session of their own."""

    def __init__(self, page, service, port: int) -> None:
        super().__init__(page)
        self.url = f"http://127.0.0.1:{port}"
        self.cookie = {n: begin(service, role, Stage.WHOLE, NOW_MS, n)[0] for n, role in PEOPLE.items()}

    def sits(self, name: str, path: str = "/console/cases/1") -> None:
        """Somebody else comes to the desk and opens a page."""
        self.page.context.add_cookies([{"name": SESSION, "value": self.cookie[name], "url": self.url}])
        self.page.goto(self.url + path)
        expect(self.page.locator("html")).to_have_attribute("data-keys", "ready")

    def stands(self, state: str) -> None:
        expect(self.page.locator("h1 [data-state]")).to_have_attribute("data-state", state)

    def act(self, act: str, state: str, **fields: str) -> None:
        """Fill in an act's form, and send it from its last field; what is no text is sent by its button."""
        form = f'form.act:has([value="{act}"])'
        for name, text in fields.items():
            tool = self.choose if name in {"basis", "age_band"} else self.fill
            tool(f"{form} [name={name}]", text)
        self.to(f"{form} button")
        self.press("Enter")
        self.stands(state)

    def key(self, key: str, state: str) -> None:
        """Press an act's key, once its page is here."""
        expect(self.page.locator(f"html[data-keys=ready] button[data-key='{key}']")).to_be_visible()
        self.press(key)
        self.stands(state)


@pytest.fixture
def desk(service, page):
    with listening(pages_of(service)) as port:
        yield Desk(page, service, port)


def look_twice(desk: Desk) -> None:
    desk.sits("li", "/console")
    desk.press("j", "Enter")
    desk.key("c", "second_review")
    desk.sits("wang", "/console")
    desk.press("/")
    desk.keyboard.type("LK-0000001")
    desk.send()
    expect(desk.page.locator("h1")).to_contain_text("LK-0000001")
    desk.key("c", "confirmed")


def know_the_party(desk: Desk) -> None:
    desk.sits("zhao")
    expect(desk.page.locator("[name=act][value=lapse]")).to_have_count(0)  # two years are not over: no button
    desk.act("identify", "identified", basis="shown_on_site", age_band="adult")
    expect(desk.page.locator("[data-not-now=notify]")).to_have_count(1)
    desk.follow("#party a[href$='/party']")
    identity = "#identity form"
    desk.fill(f"{identity} [name=name]", "测试当事人")
    desk.choose(f"{identity} [name=document_kind]", "resident_id")
    desk.fill(f"{identity} [name=document_number]", "11010519491231002X")
    desk.fill(f"{identity} [name=address]", "演示市示例区妫水北街 100 号")
    desk.send()
    expect(desk.page.locator("[data-kept=yes]")).to_have_count(1)
    desk.choose("#contacts [name=channel]", "phone")
    desk.fill("#contacts form:has([name=channel]) [name=address]", "13800000000")
    desk.send()
    desk.fill("#contacts [name=how]", "当场拨打，本人接听")
    desk.send()
    expect(desk.page.locator("[data-confirmed=yes]")).to_have_count(1)


def tell_and_hear(desk: Desk) -> None:
    desk.follow("main .row a")
    desk.key("o", "notified")
    desk.follow("#party a[href$='/party']")
    desk.choose("#statements [name=kind]", "defence")
    desk.choose("#statements [name=came_by]", "spoken")
    desk.fill("#statements [name=words]", "我进入人行横道的时候还是绿灯。")
    desk.press("Tab", "Enter")
    desk.follow("[data-answered=no] summary")
    desk.choose("[data-answered=no] [name=outcome]", "not_accepted")
    desk.fill("[data-answered=no] [name=words]", "录像显示进入时红灯已亮 10 秒。")
    desk.press("Tab", "Enter")
    expect(desk.page.locator("[data-answered=yes]")).to_have_count(1)
    desk.follow("main .row a")
    desk.key("h", "heard")


def decide_and_serve(desk: Desk) -> None:
    desk.key("f", "decided")
    expect(desk.page.locator("[data-not-now=serve]")).to_have_count(1)
    desk.follow("#party a[href$='/documents']")
    penalty = "[data-document=penalty]"
    desk.follow(f"{penalty} summary")
    desk.choose(f"{penalty} [name=channel]", "handed_over")
    desk.choose(f"{penalty} [name=outcome]", "received")
    desk.fill(f"{penalty} [name=proof]", "当事人签收，回证 0001")
    desk.send()
    expect(desk.page.locator(penalty)).to_have_attribute("data-served", "yes")
    desk.follow("main .row a")
    desk.act("serve", "served", reason="当面送达，回证 0001")


def publish(desk: Desk) -> None:
    desk.fill("form[action$='/publish'] [name=reason]", "屡次闯红灯")
    desk.press("Escape", "p")
    expect(desk.page.locator("a[href^='/list#']")).to_have_text("已公示")


def pay_in_cash(desk: Desk, yuan: str) -> None:
    desk.sits("qian", "/console/ledger/cash")
    desk.fill("#take [name=case]", "1")
    desk.fill("#take [name=amount]", yuan)
    desk.fill("#take [name=receipt]", "R0001")
    desk.send()
    expect(desk.page.locator("[data-taker=qian]")).to_have_count(1)


def pay_by_bank(desk: Desk, yuan: str) -> None:
    desk.sits("qian", "/console/ledger/bank")
    desk.choose("#one [name=source]", "bank")
    desk.fill("#one [name=own_id]", "B0001")
    desk.fill("#one [name=amount]", yuan)
    desk.fill("#one [name=reference]", payment_reference(1))
    desk.send()
    expect(desk.page.locator("h1")).to_contain_text("手工录入")


def test_a_case_from_the_record_to_the_last_payment_by_keyboard_alone(desk):
    look_twice(desk)
    know_the_party(desk)
    tell_and_hear(desk)
    decide_and_serve(desk)
    publish(desk)
    desk.act("object", "objected", reason="当事人说是绿灯")
    desk.sits("gu")
    desk.act("deny", "served", reason="录像显示为红灯")
    desk.act("apply_reconsideration", "reconsideration", reason="渝府复〔2027〕1号")
    expect(desk.page.locator("a[href^='/list#']")).to_have_count(1)
    desk.act("reduce", "served", amount_yuan="6.00", reason="渝府复〔2027〕1号")
    expect(desk.page.locator("a[href^='/list#']")).to_have_text("已撤下")
    pay_in_cash(desk, "6.00")
    desk.sits("gu")
    desk.stands("paid")


def test_a_case_that_is_paid_and_then_annulled_by_keyboard_alone(service, desk):
    lead(service, TO_SERVED)
    desk.sits("zhao")
    publish(desk)
    desk.sits("gu")
    desk.act("sue", "court", reason="渝行初〔2027〕1号")
    pay_by_bank(desk, "10.00")
    desk.sits("gu")
    desk.stands("court")  # a payment ends no remedy
    desk.act("annul", "revoked", reason="渝行初〔2027〕1号")
    desk.follow("a[href^='/list#']")
    line = desk.page.locator("article.line")
    expect(line).to_contain_text("渝行初〔2027〕1号")
    expect(line.locator("img")).to_have_count(0)
    desk.sits("qian", "/console/ledger/cases/1")
    expect(desk.page.locator("#refund-due strong")).to_have_text("10.00 元")
    desk.fill("form[action$='/refund'] [name=reason]", "渝行初〔2027〕1号")
    desk.send()
    expect(desk.page.locator("#refund-due strong")).to_have_text("0.00 元")
    expect(desk.page.locator("#paid strong")).to_have_text("0.00 元")


@pytest.mark.refusals
def test_what_was_refused_is_read_out_and_put_right_by_keyboard_alone(service, desk):
    lead(service, TO_SERVED)
    desk.sits("zhao")
    changed = partial(do, service, Act.OBJECT, reason="不是本人")
    desk.fill('form.act:has([value="revoke"]) [name=reason]', "认错了人")
    changed()  # by somebody else, elsewhere
    desk.send()
    alert = desk.page.locator("#refused[role=alert]")
    expect(alert).to_contain_text("他人刚刚办理过本案")
    desk.stands("objected")
    assert desk.page.url.endswith("/console/cases/1")
    expect(desk.page.locator('form.act:has([value="revoke"]) [name=reason]')).to_have_value("认错了人")
    desk.key("r", "revoked")
    expect(alert).to_have_count(0)
    desk.page.reload()
    desk.stands("revoked")
