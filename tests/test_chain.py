"""The whole chain as processes, on a short piece of the real footage; and an officer's work in a real browser.

Each test has a chain of its own: real broker, real centre, real box, real Chromium.
"""

import json
import time
from pathlib import Path
from uuid import uuid4

import cv2
import httpx
import pytest
from browsing import stands_still
from playwright.sync_api import Page, expect
from seaweed import KEY_ID, SECRET

from datasets.demo.broker import free_port
from datasets.demo.processes import OFFICER, SECOND, Chain, Plan
from datasets.demo.reviewer import LOOKS_S, Officer, Officers
from datasets.demo.run import SCENE
from datasets.demo.summary import summarise
from edge.camera.file import VideoFile
from edge.video.spans import TAIL_MS

pytestmark = pytest.mark.process
FRAMES = 160
UPPER_PART = {"x": 0, "y": 0, "width": 1280, "height": 500}


@pytest.fixture(scope="module")
def short_footage(footage_path, tmp_path_factory) -> Path:
    video = VideoFile(footage_path)
    path = tmp_path_factory.mktemp("footage") / "short.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, video.size_px)
    for _, frame in zip(range(FRAMES), video.frames(), strict=False):
        writer.write(frame.picture_bgr)
    writer.release()
    return path


@pytest.fixture(params=["sqlite"])
def centre_settings(request) -> dict[str, str]:
    """Where the centre keeps what it has: by itself in its folder, or on PostgreSQL and S3."""
    if request.param == "sqlite":
        return {}
    return {
        "LUKOU_DATABASE_URL": request.getfixturevalue("new_postgres_url"),
        "LUKOU_EVIDENCE_URL": f"s3://evidence/{uuid4().hex}",
        "LUKOU_EVIDENCE_ENDPOINT": request.getfixturevalue("s3_address"),
        "LUKOU_EVIDENCE_KEY_ID": KEY_ID,
        "LUKOU_EVIDENCE_SECRET": SECRET,
        "LUKOU_EVIDENCE_ALLOW_HTTP": "true",
    }


@pytest.fixture
def chain(short_footage, default_model, page_assets, centre_settings, tmp_path):
    folder = tmp_path / "chain"
    folder.mkdir()
    start_ms = time.time_ns() // 1_000_000 // 40_000 * 40_000
    plan = Plan(folder, SCENE, short_footage, start_ms, "fastest", centre=centre_settings)
    with Chain(plan, port=free_port()) as running:
        assert running.box is not None
        assert running.box.wait(timeout=120) == 0
        yield running


def summary(chain: Chain):
    return summarise(chain.plan.folder, "yq-demo-n", FRAMES, chain.plan.centre.get("LUKOU_DATABASE_URL"))


def clocks(chain: Chain) -> list[tuple[str, str]]:
    """Return by what the clock of each package was measured, and whether it was right."""
    manifests = [
        json.loads(path.read_bytes())["body"] for path in chain.plan.folder.glob("box/evidence/*/*/manifest.json")
    ]
    return [(body["clock"]["source"], body["clock"]["status"]) for body in manifests]


@pytest.mark.parametrize("centre_settings", ["sqlite", "postgresql and s3"], indirect=True)
def test_an_act_becomes_a_case_a_posting_a_public_line_and_a_revocation_undoes_it(chain):
    found = summary(chain)
    assert found.violations >= 2
    assert found.broken(reviewed=False) in ([], ["lawful passages: expected some, found none"])
    assert found.centre.event_latencies_ms[-1] < TAIL_MS + 5000  # the package waits for the end of its clip
    assert set(clocks(chain)) == {("sntp", "valid")}
    assert public_items(chain) == []  # nothing is public before an officer has decided

    with httpx.Client(base_url=chain.url) as client, httpx.Client(base_url=chain.url) as another:
        officers = Officers(Officer(client), Officer(another))
        officers.first.log_in(OFFICER, chain.password)
        officers.second.log_in(SECOND, chain.password)
        assert officers.work() == found.violations
        before = summary(chain).centre
        assert (before.listings, before.ledger_entries) == (found.violations, found.violations)
        assert all("image" in item for item in public_items(chain))
        case = client.get("/console/cases/1").text
        fields = {"csrf": _hidden(case, "csrf"), "version": _hidden(case, "version"), "act": "revoke", "reason": "更正"}
        assert client.post("/console/cases/1", data=fields, follow_redirects=True).status_code == 200

    after = summary(chain).centre
    assert after.listings == before.listings - 1
    assert after.ledger_entries == before.ledger_entries + 1
    assert summary(chain).ledger_broken_at is None
    items = public_items(chain)
    assert sum("image" in item for item in items) == after.listings
    assert any("更正" in item["content_text"] for item in items)


def public_items(chain: Chain) -> list[dict]:
    return httpx.get(f"{chain.url}/list/feed.json").json()["items"]


def _hidden(html: str, name: str) -> str:
    revoke = html[html.index('value="revoke"') - 400 : html.index('value="revoke"')]
    return revoke.rsplit(f'name="{name}" value="', 1)[1].split('"')[0]


def log_in(page: Page, chain: Chain) -> None:
    page.goto(f"{chain.url}/login")
    expect(page.locator("[name=name]")).to_be_focused()
    page.keyboard.type(OFFICER)
    page.keyboard.press("Tab")
    page.keyboard.type(chain.password)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("待审队列")
    expect(page.locator("html")).to_have_attribute("data-keys", "ready")


def all_drawn(page: Page) -> None:
    for picture in page.locator("main img").all():
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") > 20  # a road user far off is no wider


BY_KEY = (("i", "identified"), ("o", "notified"), ("h", "heard"), ("f", "decided"), ("s", "served"))


def confirm(page: Page, chain: Chain, case_id: int) -> None:
    """Look and confirm by keyboard; a second officer does so elsewhere, blind."""
    page.goto(f"{chain.url}/console/cases/{case_id}")
    page.wait_for_timeout(LOOKS_S * 1000)
    page.keyboard.press("c")
    expect(page.locator("h1 [data-state]")).to_have_attribute("data-state", "second_review")
    expect(page.locator("#blind")).to_have_count(1)
    with httpx.Client(base_url=chain.url) as client:
        second = Officer(client)
        second.log_in(SECOND, chain.password)
        second.confirm(f"/console/cases/{case_id}")
    page.reload()
    expect(page.locator("h1 [data-state]")).to_have_attribute("data-state", "confirmed")


def looks_closely(page: Page, pictures: Path) -> None:
    """Zoom, lay the track over the stills, go on by frames; a real package holds all that is drawn."""
    expect(page.locator(".plan circle.entry")).to_have_count(1)
    expect(page.locator(".lamps .lamp-red").first).to_be_visible()
    for key in ("t", "+", "+"):
        page.keyboard.press(key)
    expect(page.locator(".stills")).to_have_attribute("data-zoom", "2.25")
    expect(page.locator(".overlay .way").first).to_be_visible()
    for _ in range(3):
        page.keyboard.press(".")
    expect(page.locator("output.time")).to_contain_text("+")
    page.screenshot(path=pictures / "case-track.jpg", type="jpeg", quality=70, clip=UPPER_PART)
    for key in ("0", "t"):
        page.keyboard.press(key)
    expect(page.locator(".overlay").first).to_be_hidden()


@pytest.mark.refusals
@pytest.mark.browser
def test_an_officer_clears_cases_by_keyboard_and_sees_them_on_the_list(chain, page, pictures):
    log_in(page, chain)
    page.screenshot(path=pictures / "queue.jpg", type="jpeg", quality=70)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    state = page.locator("h1 [data-state]")
    expect(state).to_have_attribute("data-state", "received")
    expect(page.locator(".stills img")).to_have_count(3)
    all_drawn(page)
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    assert 5 < page.locator("video").evaluate("video => video.duration") < 30
    expect(page.locator("#proofs")).to_have_attribute("data-holds", "yes")
    expect(page.locator("video")).to_have_js_property("readyState", 4)
    expect(page.locator("video")).to_have_js_property("seeking", value=False)
    stands_still(page, "video")
    page.screenshot(path=pictures / "case.jpg", type="jpeg", quality=70)
    looks_closely(page, pictures)
    page.reload()
    page.keyboard.press("c")
    expect(page.locator("main")).to_contain_text("查看时间不足")  # nobody has seen a case in less than the floor
    confirm(page, chain, 1)
    for key, becomes in BY_KEY:
        page.keyboard.press(key)
        expect(state).to_have_attribute("data-state", becomes)
    page.keyboard.press("p")
    expect(page.locator("a", has_text="已公示")).to_have_count(1)
    page.keyboard.press("n")
    expect(page.locator("h1")).to_contain_text("LK-0000002")
    confirm(page, chain, 2)
    page.keyboard.type("iohfsp")  # faster than the pages come: no key is lost
    listed = page.locator("a", has_text="已公示")
    expect(listed).to_have_count(1)
    listed.click()
    expect(page.locator("article.line")).to_have_count(2)
    line = page.locator("article.line").first
    expect(line).to_contain_text("行人闯红灯")
    expect(line).to_contain_text("10.00 元")
    expect(line).to_contain_text("演示")
    all_drawn(page)
    page.set_viewport_size({"width": 420, "height": 760})
    page.screenshot(path=pictures / "list.jpg", type="jpeg", quality=70)
