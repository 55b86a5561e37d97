"""The whole chain as processes, on a short piece of the real footage; and an officer's work in a real browser.

One chain serves all tests in here: real broker, real centre, real box, real Chromium.
"""

import shutil
import time
from pathlib import Path

import cv2
import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from datasets.browser import BrowserLaunch, chromium
from datasets.cache import cache_folder
from datasets.demo.processes import OFFICER, Chain, Plan
from datasets.demo.reviewer import Reviewer
from datasets.demo.run import SCENE
from datasets.demo.summary import summarise
from datasets.errors import PartMissingError
from edge.camera import VideoFile

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("chain")]
FRAMES = 160
PICTURES = Path(__file__).parent.parent / "docs" / "pictures"


@pytest.fixture(scope="module")
def short_footage(footage_path, tmp_path_factory) -> Path:
    video = VideoFile(footage_path)
    path = tmp_path_factory.mktemp("footage") / "short.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, video.size_px)
    for _, frame in zip(range(FRAMES), video.frames(), strict=False):
        writer.write(frame.picture_bgr)
    writer.release()
    return path


@pytest.fixture(scope="module")
def chain(short_footage, default_model, page_assets, tmp_path_factory):
    folder = tmp_path_factory.mktemp("chain")
    start_ms = time.time_ns() // 1_000_000 // 40_000 * 40_000
    with Chain(Plan(folder, SCENE, short_footage, start_ms, "fastest")) as running:
        assert running.box is not None
        assert running.box.wait(timeout=120) == 0
        yield running


def summary(chain: Chain):
    return summarise(chain.plan.folder, "yq-demo-n", FRAMES)


def test_what_the_box_saw_is_at_the_centre_with_every_picture(chain):
    found = summary(chain)
    assert found.violations >= 2
    assert found.broken(reviewed=False) in ([], ["lawful passages: expected some, found none"])
    assert found.centre.event_latencies_ms[-1] < 5000


def test_nothing_is_public_before_an_officer_has_decided(chain):
    assert httpx.get(f"{chain.url}/list/feed.json").json()["items"] == []


@pytest.fixture(scope="module")
def browser_launch() -> BrowserLaunch:
    try:
        return chromium(cache_folder("chromium"), print)
    except PartMissingError as missing:
        if shutil.which("apt-get") is None:
            pytest.skip(f"NO BROWSER TEST: {missing}")
        raise


@pytest.fixture
def page(browser_launch):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_launch.executable,
            args=list(browser_launch.arguments),
            env=browser_launch.environment,
        )
        shown = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="zh-CN")
        shown.set_default_timeout(15_000)
        problems: list[str] = []
        shown.on("pageerror", lambda error: problems.append(str(error)))
        shown.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        yield shown
        browser.close()
        assert problems == []


def log_in(page: Page, chain: Chain) -> None:
    page.goto(f"{chain.url}/login")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(OFFICER)
    page.keyboard.press("Tab")
    page.keyboard.type(chain.password)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("待审队列")
    expect(page.locator("html")).to_have_attribute("data-keys", "ready")


@pytest.mark.browser
def test_an_officer_clears_a_case_by_keyboard_and_sees_it_on_the_list(chain, page):
    log_in(page, chain)
    page.screenshot(path=PICTURES / "queue.jpg", type="jpeg", quality=70)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    state = page.locator("h1 [data-state]")
    expect(state).to_have_attribute("data-state", "received")
    expect(page.locator(".stills img")).to_have_count(3)
    page.wait_for_function("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    page.screenshot(path=PICTURES / "case.jpg", type="jpeg", quality=70)
    for key, becomes in (("c", "confirmed"), ("i", "identified"), ("f", "decided")):
        page.keyboard.press(key)
        expect(state).to_have_attribute("data-state", becomes)
    page.keyboard.press("p")
    listed = page.locator("a", has_text="已公示")
    expect(listed).to_have_count(1)
    listed.click()
    line = page.locator("article.line")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("行人闯红灯")
    expect(line).to_contain_text("10.00 元")
    expect(line).to_contain_text("演示")
    page.wait_for_function("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    page.set_viewport_size({"width": 420, "height": 760})
    page.screenshot(path=PICTURES / "list.jpg", type="jpeg", quality=70)


@pytest.mark.browser
def test_keys_pressed_faster_than_the_pages_come_are_not_lost(chain, page):
    log_in(page, chain)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    state = page.locator("h1 [data-state]")
    expect(state).to_have_attribute("data-state", "received")
    page.keyboard.type("cif")
    expect(state).to_have_attribute("data-state", "decided")


def test_a_revoked_case_is_reversed_and_leaves_only_its_correction(chain):
    with httpx.Client(base_url=chain.url) as client:
        Reviewer(client).log_in(OFFICER, chain.password)
        Reviewer(client).work()
        feed = client.get("/list/feed.json").json()
        assert feed["items"]
        before = summary(chain).centre
        case = client.get("/console/cases/1").text
        fields = {"csrf": _hidden(case, "csrf"), "version": _hidden(case, "version"), "act": "revoke", "reason": "更正"}
        assert client.post("/console/cases/1/act", data=fields, follow_redirects=True).status_code == 200
    after = summary(chain).centre
    assert after.listings == before.listings - 1
    assert after.ledger_entries == before.ledger_entries + 1
    assert after.ledger_broken_at is None
    items = httpx.get(f"{chain.url}/list/feed.json").json()["items"]
    assert sum("image" in item for item in items) == after.listings
    assert any("更正" in item["content_text"] for item in items)


def _hidden(html: str, name: str) -> str:
    revoke = html[html.index('value="revoke"') - 400 : html.index('value="revoke"')]
    return revoke.rsplit(f'name="{name}" value="', 1)[1].split('"')[0]
