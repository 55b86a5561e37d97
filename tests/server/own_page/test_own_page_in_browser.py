"""A party with a telephone, 360 px wide and without script: from the notice's number to the receipt; two languages."""

from dataclasses import replace
from hashlib import sha256

import cv2
import numpy as np
import pytest
from centre import NOW_MS, PASSWORD, deliver, make_act
from leading import DAY_MS, TO_CONFIRMED, TO_SERVED, lead
from playwright.sync_api import expect
from uploading import listening, pages_of

from server.own_page.codes import code_of
from server.settings import Settings

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 780}
AUTHORITY = """
name = "示范市公安局交通警察支队（示例）"
prefix = "示公交"
address = "示范市平安路 1 号，一层 3 号窗口"
phone = "010-0000 0000"
reconsideration_at = "示范市人民政府（示例）"
court = "示范市人民法院（示例）"
pay_at = ["示例银行柜面、手机银行“交通罚没”", "“交管示例”手机应用"]
verified = false
"""


def street() -> bytes:
    """A drawn street with somebody on a crosswalk where the builder's road user stands, and somebody beside them."""
    seen = np.full((120, 160, 3), (150, 158, 160), np.uint8)
    seen[:34] = (205, 190, 170)
    for x in range(4, 160, 18):
        cv2.rectangle(seen, (x, 88), (x + 9, 118), (240, 240, 240), -1)
    for x, coat in ((60, (60, 90, 170)), (118, (90, 140, 70))):
        cv2.circle(seen, (x, 32), 9, (150, 180, 215), -1)
        cv2.rectangle(seen, (x - 13, 42), (x + 13, 74), coat, -1)
        for leg in (-9, 3):
            cv2.rectangle(seen, (x + leg, 74), (x + leg + 7, 100), (60, 50, 45), -1)
    return cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


PICTURES = {f"{role}{end}.jpg": street() for role in ("before", "entry", "advanced") for end in ("", "_original")}


@pytest.fixture
def settings(tmp_path, page_assets) -> Settings:
    authority = tmp_path / "authority.toml"
    authority.write_text(AUTHORITY, encoding="utf-8")
    return Settings(
        data_dir=tmp_path / "centre",
        mqtt_port=1,
        assets_dir=page_assets,
        authority_file=authority,
        second_factor=False,
    )


@pytest.fixture
def served(service):
    """A case that was served 17 days ago: today is the last day to pay."""
    first = make_act(1, more=PICTURES, site_name="妫水北街与东外大街路口")
    deliver(service, first)
    deliver(service, make_act(2, previous_manifest_sha256=sha256(first.files["manifest.json"]).hexdigest()))
    lead(service, *TO_SERVED)
    lead(service, *TO_CONFIRMED, case_id=2)
    return replace(service, now_ms=lambda: NOW_MS + 17 * DAY_MS)


@pytest.fixture
def phone(page):
    """A telephone's page that runs no script."""
    context = page.context.browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    shown = context.new_page()
    shown.set_default_timeout(15_000)
    yield shown
    context.close()


def no_wider_than_the_phone(shown) -> None:
    """Whatever is wider than the screen is scrolled sideways: the page is measured by its own screenshot."""
    wide = cv2.imdecode(np.frombuffer(shown.screenshot(full_page=True), np.uint8), 1).shape[1]
    assert wide == PHONE["width"]


def look(shown, path) -> None:
    no_wider_than_the_phone(shown)
    shown.screenshot(path=path, type="jpeg", quality=65, full_page=True)


def enter(shown, service, port: int, case_id: int) -> None:
    shown.goto(f"http://127.0.0.1:{port}/own?number=LK-{case_id:07d}")
    expect(shown.locator("[name=number]")).to_have_value(f"LK-{case_id:07d}")
    shown.fill("[name=code]", code_of(service.secrets_box, case_id).lower())
    shown.keyboard.press("Enter")
    expect(shown.locator("h1")).to_contain_text(f"LK-{case_id:07d}")


def test_a_party_looks_and_is_told_what_to_do_by_when(service, served, phone, pictures):
    with listening(pages_of(served)) as port:
        phone.goto(f"http://127.0.0.1:{port}/own?number=LK-0000001")
        look(phone, pictures / "own-entrance.jpg")
        enter(phone, service, port, 1)
        expect(phone.locator("[data-term=payment]")).to_contain_text("今天是最后一天")
        expect(phone.locator("[data-owed]")).to_have_text("10.00 元")
        expect(phone.locator("#evidence img")).to_have_count(3)
        for seen in phone.locator("#evidence img").all():
            seen.scroll_into_view_if_needed()
        phone.wait_for_load_state("networkidle")
        look(phone, pictures / "own-case.jpg")
        phone.click("header form[action='/language'] button")
        expect(phone.locator("#amount")).to_contain_text("To be paid today")
        for seen in phone.locator("#evidence img").all():
            seen.scroll_into_view_if_needed()
        phone.wait_for_load_state("networkidle")
        look(phone, pictures / "own-case-en.jpg")
        phone.click("text=Sign out")
        expect(phone.locator("[name=code]")).to_be_visible()


def test_an_objection_is_written_on_a_telephone_and_answered_at_a_desk(service, served, phone, page, pictures):
    with listening(pages_of(served)) as port:
        enter(phone, service, port, 2)
        phone.click("text=异议：记录有误")
        phone.fill("[name=words]", "我进入人行横道时是绿灯，走到一半变红，按规定走完。附现场照片。")
        phone.fill("[name=phone]", "110")
        phone.check("[name=in_person]")
        phone.set_input_files("[name=files]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": street()})
        phone.click("text=提交")
        expect(phone.locator("[role=alert]")).to_contain_text("电话号码格式不对")
        expect(phone.locator("[name=words]")).to_have_value(
            "我进入人行横道时是绿灯，走到一半变红，按规定走完。附现场照片。"
        )
        look(phone, pictures / "own-message.jpg")
        phone.fill("[name=phone]", "13800000000")
        phone.set_input_files("[name=files]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": street()})
        phone.click("text=提交")
        expect(phone.locator("[data-receipt]")).to_have_text("LK-0000002-01")
        expect(phone.locator("[data-due]")).to_have_text("2027-02-08")
        look(phone, pictures / "own-receipt.jpg")
        page.goto(f"http://127.0.0.1:{port}/login")
        page.fill("[name=name]", "officer")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.click("text=当事人来件")
        expect(page.locator("tr[data-message='1']")).to_contain_text("2027-02-08")
        page.click("tr[data-message='1'] a >> nth=0")
        page.fill("[name=reason]", "核查异议")
        page.click("text=打开内容")
        expect(page.locator("[data-said]")).to_contain_text("走到一半变红")
        page.set_viewport_size({"width": 1280, "height": 760})
        page.screenshot(path=pictures / "from-party.jpg", type="jpeg", quality=60)
        page.select_option("[name=outcome]", "accepted")
        page.fill("[name=words]", "经核查，进入时信号灯为绿灯，异议成立。")
        page.click("button:has-text('答复当事人')")
        expect(page.locator("main")).to_contain_text("已答复")
        phone.reload()
        expect(phone.locator("main")).to_contain_text("异议成立")
