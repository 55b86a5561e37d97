"""The party of a case and its documents in a real browser: from the identity to the notice, opened and served."""

from dataclasses import replace

import pytest
from browsing import logged_in, settings_of
from casework import BY, CODE, FORM, done, fined, identified_case, known_case, papers_of
from papers import AUTHORITY
from playwright.sync_api import expect

from server.cases import repository as cases
from server.db import unit_of_work
from server.documents.service import Office
from server.papers.service import issue_for
from server.procedure.words import Act

pytestmark = pytest.mark.browser


@pytest.fixture
def settings(tmp_path, page_assets):
    return settings_of(tmp_path, page_assets)


@pytest.fixture
def service(service, press):
    return replace(service, office=Office(press, service.secrets_box, AUTHORITY, demonstration=False))


@pytest.fixture
def console(service, page):
    """A page of the console, with a supervisor logged in."""
    with logged_in(service, page):
        yield page


def go(page, path: str) -> None:
    page.goto(page.url.split("/console")[0] + path)


def look(page, path) -> None:
    page.set_viewport_size({"width": 1280, "height": page.evaluate("document.body.offsetHeight")})
    page.screenshot(path=path, type="jpeg", quality=60)


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def act(service, case_id: int, deed: Act, **given):
    with unit_of_work(service.sessions) as session:
        case = cases.get(session, case_id)
        done(session, case, deed, **given)
        if deed is Act.FINE:
            fined(session, case)
        return issue_for(session, papers_of(service), case, deed, BY, CODE)


def test_a_form_that_was_wrong_says_so_by_field_and_loses_nothing(service, console, pictures):
    case_id = identified_case(service)
    with console.context.expect_page() as opened:  # a page of its own: Chromium calls an answer of 422 an error
        console.evaluate(f"window.open('/console/cases/{case_id}/party')")
    page = opened.value
    page.fill("[name=name]", FORM["name"])
    page.select_option("[name=document_kind]", "resident_id")
    page.fill("[name=document_number]", "110105194912310021")
    page.get_by_role("button", name="加密保存").click()
    expect(page.locator("#wrong-document_number")).to_contain_text("校验位不符")
    expect(page.locator("[name=name]")).to_have_value(FORM["name"])
    assert fits(page)
    look(page, pictures / "party-wrong.jpg")


def test_from_the_identity_to_the_served_notice(service, console, pictures):
    known_case(service, 2, form={"rider_code": "R-1"})
    case_id = identified_case(service, 1)
    go(console, f"/console/cases/{case_id}")
    console.click("#party >> text=当事人 >> nth=1")
    expect(console.locator("#identity h2 small")).to_have_attribute("data-kept", "no")
    for name in ("name", "phone", "address"):
        console.fill(f"[name={name}] >> nth=0", FORM[name])
    console.select_option("[name=document_kind]", "resident_id")
    console.fill("[name=document_number]", FORM["document_number"])
    console.get_by_role("button", name="加密保存").click()
    expect(console.locator("#identity h2 small")).to_have_attribute("data-kept", "yes")
    assert FORM["name"] not in console.content()

    console.select_option("#contacts [name=channel]", "phone")
    console.fill("#contacts [name=address]", "13800000000")
    console.get_by_role("button", name="登记联系方式").click()
    console.fill("#contacts [name=how]", "当场拨打，本人接听")
    console.get_by_role("button", name="确认").click()
    expect(console.locator("[data-contact]")).to_have_attribute("data-confirmed", "yes")
    console.select_option("#statements [name=kind]", "defence")
    console.select_option("#statements [name=came_by]", "spoken")
    console.fill("#statements [name=words]", "我进入人行横道的时候还是绿灯，走到一半才变红的。\n请查看录像。")
    console.get_by_role("button", name="登记陈述、申辩").click()
    expect(console.locator("[data-statement]")).to_have_attribute("data-answered", "no")
    expect(console.locator("#earlier tbody tr")).to_have_count(1)
    console.fill("#identity form[action$='/open'] [name=reason]", "制作通知书前核对姓名")
    console.get_by_role("button", name="查看身份信息").click()
    expect(console.locator("[data-opened=identity]")).to_contain_text(FORM["document_number"])
    assert fits(console)
    look(console, pictures / "party.jpg")
    console.reload()  # what was opened is shown once
    console.goto(console.url)
    expect(console.locator("[data-opened=identity]")).to_have_count(0)

    printed = act(service, case_id, Act.NOTIFY, amount_fen=1000)
    go(console, f"/console/cases/{case_id}/documents")
    section = console.locator("[data-document=notice]")
    expect(section).to_contain_text(printed.document.number)
    section.locator("form[action$='/open'] [name=reason]").fill("当事人到窗口查询")
    with console.context.expect_page() as tab:
        section.get_by_role("button", name="打开 PDF").click()
    tab.value.close()
    section.locator("summary").click()
    section.locator("[name=channel]").select_option("handed_over")
    section.locator("[name=outcome]").select_option("received")
    section.locator("[name=proof]").fill("当事人签收，回证 0001")
    section.get_by_role("button", name="登记送达").click()
    expect(section).to_have_attribute("data-served", "yes")


def test_the_documents_of_a_revoked_case(service, console, pictures):
    case_id = known_case(service)
    act(service, case_id, Act.NOTIFY, amount_fen=1000)
    act(service, case_id, Act.FINE, amount_fen=1000)
    act(service, case_id, Act.REVOKE, reason="事发时交通警察正在现场指挥。")
    go(console, f"/console/cases/{case_id}/documents")
    expect(console.locator("[data-withdrawn]")).to_have_count(2)
    console.get_by_role("button", name="逐字节核对全部文书").click()
    expect(console.locator("[data-check=same]")).to_have_count(3)
    assert fits(console)
    look(console, pictures / "documents.jpg")
