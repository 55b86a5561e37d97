"""A centre for a real browser: its settings, and an officer who is logged in."""

from collections.abc import Iterator
from contextlib import contextmanager

from centre import PASSWORD
from playwright.sync_api import Page, expect
from uploading import listening, pages_of

from server.settings import Settings


def settings_of(tmp_path, page_assets, **changes) -> Settings:
    """Settings without a second factor: the entrance has browser tests of its own."""
    values = {"data_dir": tmp_path / "centre", "mqtt_port": 1, "fining_codes": ("3001",), "assets_dir": page_assets}
    return Settings(**values | {"second_factor": False} | changes)


def stands_still(page: Page, selector: str) -> None:
    """Wait until two pictures of something are alike: a player's sign that it loads stays after it has loaded."""
    shown, before = page.locator(selector), b""
    for _ in range(40):
        now = shown.screenshot()
        if now == before:
            return
        before = now
        page.wait_for_timeout(250)
    raise AssertionError(f"{selector} still moves after ten seconds")


def choose(page: Page, word: str) -> None:
    """Open the menu's group and follow its link."""
    page.click("header summary")
    page.click(f"header .menu >> text={word}")


@contextmanager
def logged_in(service, page: Page) -> Iterator[int]:
    """The pages of a centre, and the officer on the queue; yields the port."""
    with listening(pages_of(service)) as port:
        page.goto(f"http://127.0.0.1:{port}/login")
        page.fill("[name=name]", "officer")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("待审队列")
        yield port
