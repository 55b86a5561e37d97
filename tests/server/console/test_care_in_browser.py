"""What a supervisor sees of a suspended site and of reviewers' care, in a real browser."""

from dataclasses import replace

import pytest
from browsing import choose, settings_of
from centre import NOW_MS, deliver, make_act
from officers import TO_CONFIRMED, do, house_of, lead
from playwright.sync_api import expect
from uploading import listening, pages_of
from visiting import begin

from server import audit
from server.access.doors import Stage
from server.access.models import User
from server.access.rights import Role
from server.console.cookies import SESSION
from server.db import unit_of_work
from server.known_answers.models import KnownAnswer, KnownShow, KnownVerdict
from server.known_answers.service import KEPT_UP_MS
from server.procedure.words import Act

pytestmark = pytest.mark.browser
NAMES = ("liu.yang", "chen.jing", "zhao.min")


@pytest.fixture
def settings(tmp_path, page_assets):
    return settings_of(tmp_path, page_assets)


@pytest.fixture
def centre(service):
    for number in range(1, 13):
        deliver(service, make_act(number, site_name="解放路—人民路"))
    return replace(service, house=house_of(service.settings, SPIKE_VERDICTS=8, SPIKE_REJECTED_MAX=3, CARE_FIGURE_MIN=4))


@pytest.fixture
def console(centre, page):
    with listening(pages_of(centre)) as port:
        page.base = f"http://127.0.0.1:{port}"
        token, _ = begin(centre, Role.SUPERVISOR, Stage.WHOLE, NOW_MS, "sun.wei")
        page.context.add_cookies([{"name": SESSION, "value": token, "url": page.base}])
        page.goto(f"{page.base}/console")
        yield page


def look(page, path) -> None:
    page.set_viewport_size({"width": 1280, "height": page.evaluate("document.body.offsetHeight")})
    page.screenshot(path=path, type="jpeg", quality=60)


def test_a_spike_suspends_a_site_and_a_supervisor_lifts_it(centre, console, pictures):
    for number in (1, 2, 3):
        lead(centre, TO_CONFIRMED, number, at_ms=NOW_MS - 3_600_000)
    for number, reason in enumerate(("signal_conflict", "signal_conflict", "unclear", "signal_conflict"), 4):
        do(centre, Act.REJECT, number, actor="liu.yang", reason=reason, at_ms=NOW_MS - 900_000 + number * 60_000)
    console.reload()
    expect(console.locator("#suspended")).to_contain_text("s-1")
    choose(console, "暂停采信的路口")
    site = console.locator("[data-site=s-1]")
    expect(site.locator("tbody tr")).to_have_count(7)
    expect(site).to_contain_text("交通信号指示不一致")
    look(console, pictures / "sites.jpg")
    site.locator("[name=reason]").fill("信号灯镜头有水汽，已清洁并重新标定")
    site.locator("button").click()
    expect(console.locator("#lifted tbody tr")).to_have_count(1)
    console.goto(f"{console.base}/console")
    expect(console.locator("#suspended")).to_have_count(0)


def test_how_carefully_each_reviewer_looks(centre, console, pictures):
    with unit_of_work(centre.sessions) as session:
        for name in NAMES:
            session.add(User(name=name, password_hash="", role=Role.REVIEWER, demonstration=False))
        session.flush()
        for case_id in range(1, 13):
            answer = KnownAnswer(case_id=case_id, act="confirm", reason="", seeded_by="sun.wei", at_ms=0)
            session.add(answer)
            session.flush()
            for reviewer, wrong in (("liu.yang", 1), ("chen.jing", 5)):
                show = KnownShow(known_id=answer.id, case_id=case_id, reviewer=reviewer, at_ms=0)
                session.add(show)
                session.flush()
                said = {"act": "confirm", "reason": "", "at_ms": NOW_MS - KEPT_UP_MS - 1, "seen_ms": 9000}
                session.add(KnownVerdict(show_id=show.id, reviewer=reviewer, right=case_id > wrong, **said))
    for number in range(1, 7):
        for reviewer, act, seen_ms in (
            ("liu.yang", Act.CONFIRM, 11_400),
            ("chen.jing", Act.REJECT if number == 4 else Act.CONFIRM, 6_200),
        ):
            at_ms = NOW_MS - 3_600_000 + number * 120_000 + (60_000 if reviewer == "chen.jing" else 0)
            with unit_of_work(centre.sessions) as session:
                audit.opened(session, at_ms - seen_ms, reviewer, "case.view", number, "to review it")
            do(centre, act, number, actor=reviewer, reason="unclear", at_ms=at_ms)
    console.click("nav >> text=审核质量")
    expect(console.locator("#care tbody tr")).to_have_count(5)
    expect(console.locator("tr[data-reviewer='liu.yang']")).to_contain_text("91.7 %")
    expect(console.locator("tr[data-reviewer='liu.yang']")).to_contain_text("11.4 s")
    expect(console.locator("tr[data-reviewer='zhao.min']")).to_contain_text("次数不足")
    look(console, pictures / "care.jpg")
