"""An officer looks at a whole package by keyboard alone: three stills, the clip by frames, the track, the proofs."""

from hashlib import sha256

import pytest
from browsing import logged_in, settings_of
from centre import deliver
from playwright.sync_api import expect
from recorded import recorded_act

pytestmark = pytest.mark.browser
ACT = recorded_act()
FIRST = sha256(ACT.files["manifest.json"]).hexdigest()
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture
def settings(tmp_path, page_assets):
    return settings_of(tmp_path, page_assets)


@pytest.fixture
def console(service, page):
    """The queue with two cases, an officer logged in."""
    deliver(service, ACT)
    deliver(service, recorded_act(2, entered_at_ms=ACT.message.entered_at_ms + 60_000, previous_manifest_sha256=FIRST))
    with logged_in(service, page):
        expect(page.locator("html")).to_have_attribute("data-keys", "ready")
        yield page


def open_first(page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("LK-0000001", timeout=15_000)  # the process's first view reads the scene
    expect(page.locator("video")).to_have_js_property("readyState", 4)


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def shift(page, number: int) -> str:
    return page.locator(".stills .layer").nth(number).evaluate("layer => layer.style.transform")


def test_three_stills_are_zoomed_as_one_and_moved(console):
    open_first(console)
    stills = console.locator(".stills")
    press(console, "+", "+")
    expect(stills).to_have_attribute("data-zoom", "2.25")
    before = [shift(console, number) for number in range(3)]
    assert len(set(before)) == 1
    assert "scale(2.25)" in before[0]
    press(console, "ArrowRight", "ArrowDown")
    after = [shift(console, number) for number in range(3)]
    assert len(set(after)) == 1
    assert after != before
    press(console, "-")
    expect(stills).to_have_attribute("data-zoom", "1.50")
    press(console, "0")
    expect(stills).to_have_attribute("data-zoom", "1.00")
    console.mouse.move(*middle(console.locator(".pane").nth(1)))
    console.mouse.wheel(0, -100)
    expect(stills).to_have_attribute("data-zoom", "1.50")


def middle(locator) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_zoom_begins_at_the_road_user(console):
    open_first(console)
    x, y = map(float, console.locator(".stills").get_attribute("data-centre").split(","))
    assert (x, y) == pytest.approx((60 / 160, 60 / 144), abs=0.001)  # of the stamped picture, band and all


def test_the_track_lies_over_the_stills_at_a_key(console):
    open_first(console)
    overlay = console.locator(".overlay").first
    expect(overlay).to_be_hidden()
    press(console, "t")
    expect(overlay).to_be_visible()
    still, drawn = console.locator(".layer img").first.bounding_box(), overlay.bounding_box()
    assert drawn == pytest.approx(still, abs=1)
    expect(console.locator("[data-track]")).to_have_attribute("aria-pressed", "true")
    press(console, "t")
    expect(overlay).to_be_hidden()


def test_the_clip_goes_by_frames_and_says_the_time_from_the_entry(console):
    open_first(console)
    time, video = console.locator("output.time"), console.locator("video")
    expect(time).to_have_text("−50")  # the last picture before the entry
    press(console, ".")
    expect(time).to_have_text("+50")
    press(console, ".", ".", ",")
    expect(time).to_have_text("+150")
    press(console, "/")
    expect(time).to_have_text("−50")
    press(console, "[")
    expect(console.locator(".speed")).to_have_text("×0.5")
    press(console, "]", "]")
    expect(console.locator(".speed")).to_have_text("×2")
    assert video.evaluate("video => video.paused")
    press(console, " ")
    expect(video).to_have_js_property("paused", value=False)
    press(console, " ")
    expect(video).to_have_js_property("paused", value=True)
    assert video.evaluate("video => video.currentTime") > (5.05 - 0.05)


@pytest.mark.parametrize(("width", "height"), [(1280, 1000), (1440, 900)])
def test_what_is_needed_for_a_decision_stands_on_one_screen(console, width, height):
    console.set_viewport_size({"width": width, "height": height})
    open_first(console)
    seen = (".stills img >> nth=2", "#proofs", "[data-key=c]", "[data-key=x]", "video", ".plan", "svg.lamps")
    ends = {name: console.locator(name).bounding_box() for name in seen}
    assert [name for name, box in ends.items() if box["y"] < 0 or box["y"] + box["height"] > height] == []
    assert console.evaluate(FITS)


def test_the_keys_are_told_and_lead_from_case_to_case(console):
    open_first(console)
    press(console, "?")
    expect(console.locator("#keys")).to_be_visible()
    press(console, "Escape")
    expect(console.locator("#keys")).to_be_hidden()
    press(console, "j")
    expect(console.locator("h1")).to_contain_text("LK-0000002")
    press(console, "+")  # the script serves the next page as well
    expect(console.locator(".stills")).to_have_attribute("data-zoom", "1.50")
    press(console, "k")
    expect(console.locator("h1")).to_contain_text("LK-0000001")
    expect(console.locator(".stills img")).to_have_count(3)


def test_evidence_that_was_changed_takes_no_confirmation_and_can_be_rejected(service, console):
    digest = next(file.sha256 for file in ACT.message.evidence if file.name == "tracks.csv")
    place = service.settings.data_dir / "evidence" / digest[:2] / digest[2:4] / digest
    place.write_bytes(b"t_ms\n")
    open_first(console)
    expect(console.locator("#proofs")).to_have_attribute("data-holds", "no")
    expect(console.locator("[data-proof=files]")).to_contain_text("未通过")
    expect(console.locator("[data-key=c]")).to_be_disabled()
    press(console, "c")
    expect(console.locator("h1 [data-state]")).to_have_attribute("data-state", "received")
    console.locator("select[name=reason]").select_option(index=1)
    console.locator("h1").click()
    press(console, "x")
    expect(console.locator("h1 [data-state]")).to_have_attribute("data-state", "second_review")


def test_without_a_script_the_page_shows_all(console):
    url = console.url
    plain = console.context.browser.new_context(java_script_enabled=False, locale="zh-CN")
    plain.add_cookies(console.context.cookies())
    page = plain.new_page()
    page.goto(f"{url}/cases/1")
    for shown in (".stills img >> nth=2", ".plan", "svg.lamps", "video", "[data-key=c]"):
        expect(page.locator(shown)).to_be_visible()
    expect(page.locator("[data-zoom=in]")).to_be_hidden()
    page.locator("[data-key=c]").click()
    expect(page.locator("h1 [data-state]")).to_have_attribute("data-state", "second_review")
    plain.close()
