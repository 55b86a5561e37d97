"""The entrance and the administrator's pages in a real browser: from the first password to a new colleague's."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from entering import OWN_PASSWORD
from playwright.sync_api import expect

from datasets.demo.broker import free_port
from server.access import totp

pytestmark = [pytest.mark.process, pytest.mark.browser]
FIRST_PASSWORD = "a long enough password"
UPPER_PART = {"x": 0, "y": 0, "width": 1280, "height": 680}
LUKOU = (sys.executable, "-m", "lukou")


@pytest.fixture
def url(tmp_path, page_assets):
    """A centre that asks for everything, with one administrator."""
    port = free_port()
    settings = {"DATA_DIR": tmp_path, "HTTP_PORT": port, "MQTT_PORT": free_port(), "ASSETS_DIR": page_assets}
    environment = os.environ | {f"LUKOU_{name}": str(value) for name, value in settings.items()}
    add = [*LUKOU, "serve", "add-user", "admin", "--role", "admin"]
    subprocess.run(add, input=f"{FIRST_PASSWORD}\n", env=environment, text=True, check=True)
    with (tmp_path / "centre.log").open("ab") as log:
        process = subprocess.Popen([*LUKOU, "serve"], env=environment, stderr=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/list", tmp_path / "centre.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(address: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


def code(secret: str) -> str:
    return totp.code_at(secret, time.time_ns() // 1_000_000)


def submit(page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"main [name={name}]", value)
    page.keyboard.press("Enter")


def test_an_administrator_comes_in_for_the_first_time_and_adds_a_colleague(url, page, pictures):
    page.goto(f"{url}/console")
    submit(page, name="admin", password=FIRST_PASSWORD)
    expect(page.locator("h1")).to_contain_text("设置自己的密码")
    submit(page, password=OWN_PASSWORD, again=OWN_PASSWORD)
    expect(page.locator("h1")).to_contain_text("绑定验证器")
    drawn = page.locator(".qr svg").bounding_box()
    assert drawn["width"] == drawn["height"] > 150  # the strict policy lets it be
    page.screenshot(path=pictures / "login.jpg", type="jpeg", quality=70, clip=UPPER_PART)
    secret = page.locator("[data-secret]").inner_text()
    submit(page, code=code(secret))
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes code").first.inner_text()
    page.click("text=已保存，继续")
    expect(page.locator("h1")).to_contain_text("用户")
    for name, role in (("李警官", "reviewer"), ("wang.fang", "cashier"), ("zhao", "auditor")):
        page.fill("section [name=name]", name)
        page.locator("section [name=role]").select_option(role)
        page.click("button:has-text('添加用户')")
        expect(page.locator(f"[data-password-for='{name}']")).to_be_visible()
    row = page.locator("tr[data-user=zhao]")
    row.locator("button:has-text('停用')").click()
    expect(row).to_have_attribute("data-active", "no")
    page.screenshot(path=pictures / "users.jpg", type="jpeg", quality=70, clip=UPPER_PART)
    page.click("nav >> text=操作日志")
    page.fill(".filters [name=what]", "user.add")
    page.click(".filters button")
    expect(page.locator("#lines tbody tr")).to_have_count(4)  # the first by the command
    page.click("header >> text=我的账户")
    expect(page.locator("#sessions tbody tr")).to_have_count(1)
    page.click("button:has-text('退出')")
    submit(page, name="admin", password=OWN_PASSWORD)
    expect(page.locator("h1")).to_contain_text("验证码")
    submit(page, code=recovery)
    expect(page.locator("h1")).to_contain_text(re.compile("用户"))
