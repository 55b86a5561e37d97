"""A cashier's day in a real browser: import, assign, cash, hand-in, statement; then a head and an auditor."""

from dataclasses import replace

import pytest
from browsing import settings_of
from centre import KEY, NOW_MS, deliver, make_act
from fining import DAY_MS, fine
from playwright.sync_api import expect
from uploading import listening, pages_of
from visiting import begin

from server.access.doors import Stage
from server.access.rights import Role
from server.app import office_of
from server.civil_time import beijing_day
from server.console.cookies import SESSION
from server.db import unit_of_work
from server.ledger import checking, heads
from server.ledger.references import grouped, payment_reference

pytestmark = pytest.mark.browser
TODAY = beijing_day(NOW_MS)
CASES = 8
LINES = [
    *(f"20.00,CNY,罚款 {grouped(payment_reference(case))},王五,2027011500{case}" for case in (1, 2, 3)),
    f"10.00,CNY,{payment_reference(4)},李四,20270115004",
    "20.00,CNY,交通罚款 王小明,王小明,20270115005",
    f"20.00,CNY,{payment_reference(1)},王五,20270115006",
]


@pytest.fixture
def settings(tmp_path, page_assets):
    return settings_of(tmp_path, page_assets, fining_codes=(), social_service=True)


@pytest.fixture
def centre(service):
    for number in range(1, CASES + 1):
        deliver(service, make_act(number, track_id=number, entered_at_ms=NOW_MS - 45 * DAY_MS + number * 600_000))
    made = replace(service, office=office_of(service.settings, service.secrets_box))
    for case_id in range(1, CASES + 1):
        fine(made, case_id, 2000, NOW_MS - (30 if case_id == 6 else 6) * DAY_MS)
    return made


@pytest.fixture
def console(centre, page):
    """A browser at the ledger; `as_` logs somebody in."""
    with listening(pages_of(centre)) as port:
        page.base = f"http://127.0.0.1:{port}"

        def as_(name, role):
            token, _ = begin(centre, role, Stage.WHOLE, NOW_MS, name)
            page.context.clear_cookies()
            page.context.add_cookies([{"name": SESSION, "value": token, "url": page.base}])
            page.goto(f"{page.base}/console/ledger")

        page.as_ = as_
        yield page


def look(page, path) -> None:
    page.set_viewport_size({"width": 1280, "height": page.evaluate("document.body.offsetHeight")})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280, "nothing overflows"
    page.screenshot(path=path, type="jpeg", quality=60)


def test_a_cashiers_day(console, pictures, tmp_path):
    file = tmp_path / "icbc-2027-01-15.csv"
    header = "booked_on,amount,currency,reference,payer_name,bank_id"
    file.write_text("\n".join([header, *(f"{TODAY},{line}" for line in LINES)]), encoding="utf-8")
    console.as_("chen", Role.CASHIER)
    console.click("nav.tabs >> text=银行与支付导入")
    console.set_input_files("#upload [name=file]", file)
    console.click("#upload button")
    expect(console.locator("tr[data-outcome=matched]")).to_contain_text("60.00 元")
    expect(console.locator("tr[data-outcome=paid_already]")).to_contain_text("20.00 元")
    look(console, pictures / "ledger-import.jpg")
    console.click("nav.tabs >> text=待核对款项")
    expect(console.locator("[data-reference]")).to_have_count(3)
    unnamed = console.locator("[data-reference='bank:20270115005']")
    unnamed.locator("form[action$=payer] [name=reason]").fill("付款人来电查询")
    unnamed.locator("form[action$=payer] button").click()
    expect(console.locator("[data-payer]")).to_have_text("王小明")
    look(console, pictures / "ledger-suspense.jpg")
    unnamed.locator("form[action$=assign] [name=case]").fill("LK-0000005")
    unnamed.locator("form[action$=assign] [name=reason]").fill("付款人出示决定书")
    unnamed.locator("form[action$=assign] button").click()
    expect(console.locator("[data-reference]")).to_have_count(2)
    twice = console.locator("[data-reference='bank:20270115006']")
    twice.locator("form[action$=return] [name=reason]").fill("重复缴纳")
    twice.locator("form[action$=return] button").click()
    expect(console.locator("[data-reference]")).to_have_count(1)
    _cash(console, pictures)
    _statement(console, pictures)


def _cash(console, pictures) -> None:
    console.click("nav.tabs >> text=现金")
    for case, receipt in ((7, "京财 0012031"), (8, "京财 0012032")):
        console.fill("#take [name=case]", str(case))
        console.fill("#take [name=amount]", "20.00")
        console.fill("#take [name=receipt]", receipt)
        console.click("#take button")
        expect(console.locator("[data-taker=chen]")).to_contain_text(receipt)
    expect(console.locator("[data-taker=chen]")).to_contain_text("须由另一名收费人员接收")
    console.as_("liu", Role.CASHIER)
    console.click("nav.tabs >> text=现金")
    console.uncheck("[value='京财 0012032']")
    console.click("[data-taker=chen] button")
    expect(console.locator("#with-unit")).to_contain_text("京财 0012031")
    expect(console.locator("[data-taker=chen]")).to_contain_text("京财 0012032")
    look(console, pictures / "ledger-cash.jpg")
    console.fill("#with-unit [name=slip]", "20270115-7")
    console.click("#with-unit button")
    expect(console.locator("#with-unit")).to_have_count(0)


def _statement(console, pictures) -> None:
    console.click("nav.tabs >> text=试算平衡与报表")
    expect(console.locator("[data-balanced]")).to_have_attribute("data-balanced", "yes")
    with console.expect_download() as coming:
        console.click("text=出具日报表（PDF）")
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    console.reload()
    expect(console.locator("#issued")).to_contain_text("第000001号")
    with console.expect_download() as coming:
        console.click("text=XLSX")
    assert coming.value.suggested_filename.endswith(".xlsx")
    look(console, pictures / "ledger.jpg")


def test_a_head_decides_on_a_late_fine_and_an_auditor_checks_the_book(console, centre, pictures):
    console.as_("sun", Role.SUPERVISOR)
    console.fill(".find [name=case]", "6")
    console.click(".find button")
    expect(console.locator("#pay-by")).to_contain_text("逾期天数")
    look(console, pictures / "ledger-account.jpg")
    console.fill("form[action$=surcharge] [name=reason]", "逾期未缴，已催告")
    console.click("form[action$=surcharge] button")
    expect(console.locator("#entries")).to_contain_text("加处罚款")
    with unit_of_work(centre.sessions) as session:
        heads.publish(session, KEY, NOW_MS + DAY_MS)
    checking.check(centre.sessions, lambda: NOW_MS)
    console.as_("qian", Role.AUDITOR)
    console.click("nav.tabs >> text=账簿核验")
    expect(console.locator("#check")).to_contain_text("哈希链完整")
    look(console, pictures / "ledger-heads.jpg")
    console.fill("[name=entry]", "3")
    console.click("text=出示证明")
    expect(console.locator("#proof")).not_to_be_empty()
    look(console, pictures / "ledger-proof.jpg")
