"""What an operator sees of delivery, held events and retention, in a real browser, on three boxes' real events."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

import pytest
from browsing import choose, logged_in, settings_of
from centre import CLOCK, NOW_MS, Act, keep_file, make_act
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from officers import reject
from playwright.sync_api import expect
from sqlalchemy import select

from contract.words import ClockStatus, ViolationKind
from server import devices
from server.cases.models import Case
from server.db import unit_of_work
from server.ingest.intake import Intake
from server.retention import service as retention
from server.retention.policy import DAY_MS

pytestmark = pytest.mark.browser
HOUR_MS = 3_600_000
UNPROVED = CLOCK.model_copy(
    update={
        "status": ClockStatus.INVALID,
        "reason": "not synchronised for 31.0 h: it may be off by 1.116 s",
        "uncertainty_ms": 1116.0,
    }
)
NAMES = {"yq-001": "解放路—人民路", "yq-002": "建设大道—中山路", "yq-003": "学府路—滨河街"}


@pytest.fixture
def settings(tmp_path, page_assets):
    return settings_of(tmp_path, page_assets)


@dataclass
class Box:
    """A box at a site of its own, whose acts the centre takes in. ``key`` is changed by an enrolment."""

    service: object
    site: str
    number: int
    keys: int = 0
    made: int = 0
    last: str | None = None

    def __post_init__(self) -> None:
        self.enrol()

    def enrol(self) -> None:
        """Give it a new key: its numbers begin anew."""
        self.keys += 1
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([self.number, self.keys]) * 16)
        self.token, self.made, self.last = f"{self.site}-{self.keys}".ljust(43, "t"), 0, None
        with unit_of_work(self.service.sessions) as session:
            devices.enrol(session, self.name, self.site, self.key.public_key(), self.token, NOW_MS - 90 * DAY_MS)

    @property
    def name(self) -> str:
        return f"{self.site}-box"

    def acts(self, count: int, **changes) -> Iterator[Act]:
        """Make the next acts of this key, each chained to the one before."""
        for _ in range(count):
            self.made += 1
            kinds = (ViolationKind.PEDESTRIAN_RED_LIGHT, ViolationKind.RIDER_RED_LIGHT)
            said = {
                "event_id": UUID(int=self.number * 10_000 + self.keys * 1000 + self.made),
                "device_id": self.name,
                "site_id": self.site,
                "site_name": NAMES[self.site],
                "camera_id": f"{self.site}-n",
                "kind": kinds[self.made % 2],
                "previous_manifest_sha256": self.last,
            }
            act = make_act(self.made, key=self.key, **(said | changes))
            self.last = sha256(act.files["manifest.json"]).hexdigest()
            yield act

    def delivers(self, acts: list[Act], at_ms: int = NOW_MS) -> None:
        """Let the centre take events in, and their files."""
        for step, act in enumerate(acts):
            with unit_of_work(self.service.sessions) as session:
                intake = Intake(
                    session, demonstration=False, now_ms=at_ms + step * 97_000, book=self.service.house.book
                )
                intake.take(f"lukou/v1/{self.site}/{self.site}-n/violation", act.sealed(self.key, self.name))
            for data in act.files.values():
                keep_file(replace(self.service, now_ms=lambda: at_ms), data, self.token)


@pytest.fixture
def boxes(service) -> dict[str, Box]:
    return {site: Box(service, site, number) for number, site in enumerate(NAMES, 1)}


@pytest.fixture
def console(service, page):
    """A page of the console, with an officer logged in; ``look`` takes the picture of all of it."""
    with logged_in(service, page):
        yield page


def look(page, path) -> None:
    page.set_viewport_size({"width": 1280, "height": page.evaluate("document.body.offsetHeight")})
    page.screenshot(path=path, type="jpeg", quality=60)


def test_what_is_missing_of_a_chain_is_told_by_its_numbers(boxes, console, pictures):
    first, second, third = boxes.values()
    first.delivers(list(first.acts(6)), NOW_MS - 40 * DAY_MS)
    first.enrol()
    first.delivers(list(first.acts(4)), NOW_MS - 2 * HOUR_MS)
    again = list(second.acts(9))
    second.delivers([*again, *again[-2:]], NOW_MS - 5 * HOUR_MS)
    late = list(third.acts(14))
    third.delivers([act for act in late if act.message.sequence not in {7, 8, 12}], NOW_MS - HOUR_MS)
    choose(console, "送达情况")
    row = console.locator("tr[data-device=yq-003-box]")
    expect(row).to_have_attribute("data-missing", "3")
    expect(row).to_contain_text("7–8, 12")
    expect(console.locator("#sum")).to_contain_text("缺失 3，重复入库 0")
    look(console, pictures / "delivery.jpg")
    third.delivers([act for act in late if act.message.sequence in {7, 8, 12}])
    console.reload()
    expect(row).to_have_attribute("data-missing", "0")


def test_what_is_held_back_says_why(boxes, console, pictures):
    first, second, third = boxes.values()
    first.delivers(list(first.acts(2)), NOW_MS - 4 * HOUR_MS)
    second.delivers([*second.acts(1), *second.acts(2, clock=UNPROVED)], NOW_MS - 3 * HOUR_MS)
    third.delivers(
        [*third.acts(2), *third.acts(1, previous_manifest_sha256=sha256(b"another").hexdigest())], NOW_MS - HOUR_MS
    )
    choose(console, "暂扣事件")
    expect(console.locator("h1 small")).to_have_text("4")
    expect(console.locator("tr[data-held=clock]")).to_have_count(2)
    expect(console.locator("tr[data-held=clock]").first).to_contain_text("未立案")
    expect(console.locator("tr[data-held=clock]").first).to_contain_text("not synchronised for 31.0 h")
    expect(console.locator("tr[data-held=chain]")).to_have_count(2)
    look(console, pictures / "held.jpg")


def test_what_was_purged_and_what_is_under_a_hold_stands_on_one_page(service, boxes, console, pictures):
    first, second, _ = boxes.values()
    first.delivers(list(first.acts(4)), NOW_MS - 40 * DAY_MS)
    second.delivers(list(second.acts(1, clock=UNPROVED)), NOW_MS - 95 * DAY_MS)
    with service.sessions.reading() as session:
        numbers = session.scalars(select(Case.id)).all()[:3]
    for number in numbers:
        reject(service, number, at_ms=NOW_MS - 39 * DAY_MS)
    console.goto(console.url.replace("/console", "/console/cases/1"))
    console.fill("form[action$='/hold'] [name=reason]", "行政复议 渝公复字〔2027〕12号")
    console.click("form[action$='/hold'] button")
    expect(console.locator("form[action$='/release-hold']")).to_be_visible()  # else the sweep may come first
    retention.sweep(service.sessions, service.store, service.retention, NOW_MS)
    choose(console, "保存与清除")
    expect(console.locator("#holds tbody tr")).to_have_count(1)
    expect(console.locator("#holds")).to_contain_text("行政复议")
    expect(console.locator("#purges tbody tr")).to_have_count(3)  # the rejected case under the hold is not among them
    expect(console.locator("#purges")).to_contain_text("暂不立案")
    look(console, pictures / "retention.jpg")
