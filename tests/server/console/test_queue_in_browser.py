"""The queue by keyboard in a real browser: groups, rows, search, the next case of the same filters."""

import pytest
from browsing import settings_of
from centre import NOW_MS, deliver, make_act
from officers import TO_HEARD, do, lead
from playwright.sync_api import expect
from uploading import listening, pages_of
from visiting import begin

from server.access.doors import Stage
from server.access.rights import Role
from server.cases.models import Case
from server.console.cookies import SESSION
from server.db import unit_of_work
from server.procedure.words import Act
from server.queue.filters import DAY_MS

pytestmark = pytest.mark.browser
DUE_DAYS = {1: -2, 2: 0, 3: 0, 4: 2, 5: 9, 6: -1, 7: 3, 8: 12, 9: 40}


@pytest.fixture
def settings(tmp_path, page_assets):
    return settings_of(tmp_path, page_assets)


@pytest.fixture
def console(service, page):
    for number in range(1, 10):
        deliver(service, make_act(number, track_id=number, entered_at_ms=NOW_MS - number * 700_000), files=number != 3)
    lead(service, (Act.CONFIRM,), 2)
    for number in (4, 5):
        lead(service, (Act.CONFIRM, Act.CONFIRM), number)
    lead(service, TO_HEARD, 6)
    lead(service, (*TO_HEARD, Act.FINE), 7)
    do(service, Act.OBJECT, 7, reason="不是本人")
    lead(service, (*TO_HEARD, Act.FINE), 8)
    with unit_of_work(service.sessions) as session:
        for number, days in DUE_DAYS.items():
            session.get(Case, number).next_due_ms = None if number == 9 else NOW_MS + days * DAY_MS + 1
    token, _ = begin(service, Role.SUPERVISOR, Stage.WHOLE, NOW_MS, "zhao")
    with listening(pages_of(service)) as port:
        page.context.add_cookies([{"name": SESSION, "value": token, "url": f"http://127.0.0.1:{port}"}])
        page.goto(f"http://127.0.0.1:{port}/console")
        expect(page.locator("html")).to_have_attribute("data-keys", "ready")
        yield page


def test_an_officer_finds_the_way_through_the_queue_by_keyboard(console, pictures):
    rows = console.locator("[data-row]")
    expect(rows.first).to_have_text("LK-0000001")
    expect(console.locator("tr[data-case='1'] .due")).to_have_text("已逾期")
    assert console.evaluate("document.documentElement.scrollWidth") <= console.viewport_size["width"]
    console.screenshot(path=pictures / "queue-filters.jpg", type="jpeg", quality=70)
    console.keyboard.press("1")
    expect(console.locator(".groups [aria-current=page]")).to_contain_text("审核")
    expect(rows).to_have_text(["LK-0000001", "LK-0000002", "LK-0000003", "LK-0000009"])
    console.keyboard.press("j")
    console.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    console.keyboard.press("k")
    console.keyboard.press("Enter")
    expect(console.locator("h1")).to_contain_text("LK-0000001")
    console.keyboard.press("n")
    expect(console.locator("h1")).to_contain_text("LK-0000002")
    console.go_back()
    expect(console.locator("h1")).to_contain_text("LK-0000001")
    console.go_back()
    expect(rows.first).to_have_text("LK-0000001")
    console.keyboard.press("/")
    expect(console.locator("[name=q]")).to_be_focused()
    console.keyboard.type("LK-0000007")
    console.keyboard.press("Enter")
    expect(console.locator("h1")).to_contain_text("LK-0000007")
