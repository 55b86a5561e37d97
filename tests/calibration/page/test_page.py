"""A technician at work: the real page in a real Chromium, drawn on with the mouse, saved, and read back."""

import threading
from contextlib import contextmanager

import numpy as np
import pytest
import uvicorn
import yaml
from playwright.sync_api import Page, expect

from calibration.ground import fit_ground
from calibration.page.app import Desk, create_app
from calibration.page.keeping import Shelf
from calibration.reader import load_scene
from datasets.demo.run import SCENE
from edge.camera.still import as_jpeg, still_of_file

pytestmark = [pytest.mark.browser, pytest.mark.process]
TOKEN = "a-token-of-the-terminal"
SIZE_PX = (768, 576)
POINTS = (((160, 268), (0, 0)), ((640, 300), (0, 8)), ((560, 500), (8, 8)), ((120, 420), (8, 0)), ((330, 350), None))
CROSSWALK = ((220, 300), (600, 330), (560, 440), (190, 380))


@pytest.fixture
def picture(footage_path):
    return still_of_file(footage_path, at_s=10)


@contextmanager
def served(page, desk, assets):
    """The page's address while its server runs; the browser lets go of it first."""
    server = uvicorn.Server(uvicorn.Config(create_app(desk, TOKEN, assets), port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        (listening,) = server.servers[0].sockets
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/?token={TOKEN}"
        page.close()
    finally:
        server.should_exit = True
        thread.join()


class Technician:
    """Clicks at pixels of the camera's picture, wherever the page shows them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str) -> None:
        self.page.goto(address)
        expect(self.page.locator("html")).to_have_attribute("data-page", "ready")

    def at(self, px):
        box = self.page.locator("#frame").bounding_box()
        return box["x"] + px[0] * box["width"] / SIZE_PX[0], box["y"] + px[1] * box["height"] / SIZE_PX[1]

    def click(self, px) -> None:
        self.page.mouse.move(*self.at(px))
        self.page.mouse.click(*self.at(px))

    def choose(self, tool: str) -> None:
        self.page.locator(f"[data-tool={tool}]").click()

    def drag(self, start, end) -> None:
        self.page.mouse.move(*self.at(start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(end), steps=4)
        self.page.mouse.up()

    def fill(self, path: str, value: object) -> None:
        self.page.locator(f"[data-path='{path}']").fill(str(value))

    def polygon(self, corners) -> None:
        for corner in corners:
            self.click(corner)
            self.page.wait_for_timeout(350)  # two clicks in quick succession would be a double click
        self.click(corners[0])

    def problems(self, place: str):
        return self.page.locator(f"[data-place='{place}'] > .told")


def between_the_others():
    """The fifth point's true metres, from the other four."""
    ground = fit_ground(np.array([p for p, _ in POINTS[:4]], float), np.array([m for _, m in POINTS[:4]], float))
    return ground.to_metres(np.array([POINTS[4][0]], float))[0]


def test_a_new_scene_is_drawn_by_mouse_and_is_what_was_drawn(page, page_assets, picture, tmp_path, pictures):
    path = tmp_path / "scene.yaml"
    technician = Technician(page)
    with served(page, Desk(Shelf(path), as_jpeg(picture), SIZE_PX), page_assets) as address:
        technician.open(address)
        expect(technician.problems("site.id")).to_contain_text("尚未填写")
        for field, value in (
            ("site.id", "yq-1"),
            ("site.name", "试验路口"),
            ("camera.id", "yq-1-n"),
            ("camera.direction", "由南向北"),
        ):
            technician.fill(field, value)
        expect(technician.problems("site.id")).to_have_count(0)
        fifth = np.add(between_the_others(), [0.1, 0.0])
        for index, (px, metres) in enumerate(POINTS):
            technician.choose("point")
            technician.click(px)
            for axis, value in enumerate(fifth if metres is None else metres):
                technician.fill(f"ground.points[{index}].m[{axis}]", round(float(value), 3))
        expect(page.locator("#rms")).to_contain_text("cm")
        expect(page.locator(".overlay .residuals path")).to_have_count(5)
        assert page.locator(".overlay .grid path").count() > 10

        technician.choose("crosswalk")
        technician.polygon(CROSSWALK)
        expect(technician.problems("crosswalks[0].signal")).to_contain_text("尚未填写")
        technician.choose("lamp")
        for corner in ((600, 100), (614, 130)):
            technician.click(corner)
            page.wait_for_timeout(350)
        page.locator("[data-path='crosswalks[0].signal']").select_option("lamp-1")
        technician.choose("stop_line")
        technician.click((250, 460))
        technician.click((480, 520))
        technician.click((420, 400))
        page.locator("[data-path='stop_lines[0].signal']").select_option("lamp-1")
        technician.choose("lane")
        technician.polygon(((260, 470), (330, 480), (300, 560), (200, 540)))
        technician.click((240, 550))
        technician.click((290, 475))
        technician.choose("select")
        expect(page.locator("[data-drawn='lanes[0].direction']")).to_contain_text("已画")
        expect(page.locator(".overlay .lines path")).to_have_count(3)
        expect(page.locator("#remarks summary")).to_contain_text("没有发现问题")
        page.screenshot(path=pictures / "calibrate.jpg", type="jpeg", quality=70)
        page.keyboard.press("Control+s")
        expect(page.locator("#state")).to_contain_text("已保存到 scene.yaml")

    scene = load_scene(path)
    drawn = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert np.allclose(drawn["crosswalks"][0]["polygon"]["px"], CROSSWALK, atol=1.0)
    assert np.allclose([p["px"] for p in drawn["ground"]["points"]], [p for p, _ in POINTS], atol=1.0)
    assert np.allclose(scene.signals[0].lamp_xywh_px, (600, 100, 14, 30), atol=1.0)
    assert 0.005 < scene.ground.rms_m < 0.10
    assert (len(scene.stop_lines), len(scene.lanes), scene.site_name) == (1, 1, "试验路口")


def test_a_mistyped_point_is_told_at_its_row_and_undone(page, page_assets, picture, tmp_path):
    path = tmp_path / "scene.yaml"
    path.write_bytes(SCENE.read_bytes())
    technician = Technician(page)
    with served(page, Desk(Shelf(path), as_jpeg(picture), SIZE_PX), page_assets) as address:
        technician.open(address)
        expect(page.locator("#comments")).to_be_visible()
        expect(page.locator("#remarks summary")).to_contain_text("没有发现问题")
        technician.fill("ground.points[7].m[0]", -1)
        expect(technician.problems("ground.points[7]")).to_contain_text("与其他点相差")
        expect(technician.problems("ground")).to_contain_text("厘米")
        page.locator("#language").click()
        expect(technician.problems("ground.points[7]")).to_contain_text("mistyped?")
        page.locator("#undo").click()
        expect(page.locator("[data-path='ground.points[7].m[0]']")).to_have_value("-10")
        expect(page.locator("#remarks summary")).to_contain_text("No problem found")


def test_a_corner_and_a_handle_are_dragged_and_the_ruler_measures(page, page_assets, picture, tmp_path):
    path = tmp_path / "scene.yaml"
    path.write_bytes(SCENE.read_bytes())
    ground = load_scene(path).ground
    corner = ground.to_pixels(np.array([[-5.0, -3.0]]))[0]
    start = ground.to_pixels(np.array([[-8.0, -11.5]]))[0]
    technician = Technician(page)
    with served(page, Desk(Shelf(path), as_jpeg(picture), SIZE_PX), page_assets) as address:
        technician.open(address)
        inside = ground.to_pixels(np.array([[-7.0, -5.0]]))[0]
        technician.click(inside)
        technician.drag(corner, np.add(corner, [12, -6]))
        page.keyboard.press("Escape")
        technician.drag(start, np.add(start, [9, 4]))
        page.locator(".handles [data-handle='crosswalks[0].across[0]']").focus()
        page.keyboard.press("ArrowRight")
        technician.choose("ruler")
        ends = ground.to_pixels(np.array([[-12.0, -10.0], [-7.0, -10.0]]))
        for end in ends:
            technician.click(end)
        expect(page.locator(".sketch .measure")).to_contain_text("m")
        assert abs(float(page.locator(".sketch .measure").text_content().split()[0]) - 5.0) < 0.1
        page.keyboard.press("Control+s")
        expect(page.locator("#state")).to_contain_text("已保存")
    item = yaml.safe_load(path.read_text(encoding="utf-8"))["crosswalks"][0]
    assert min(np.hypot(*(np.array(item["polygon"]["px"]) - np.add(corner, [12, -6])).T)) < 1.5
    assert np.allclose(item["across"]["px"][0], np.add(start, [10, 4]), atol=1.5)
    assert path.with_name("scene.yaml.bak").read_bytes() == SCENE.read_bytes()


def test_what_cannot_hold_yet_is_kept_as_a_draft(page, page_assets, picture, tmp_path):
    path = tmp_path / "scene.yaml"
    technician = Technician(page)
    with served(page, Desk(Shelf(path), as_jpeg(picture), SIZE_PX), page_assets) as address:
        technician.open(address)
        technician.fill("site.id", "yq-1")
        page.keyboard.press("Control+s")
        expect(page.locator("#state")).to_contain_text("scene.draft.yaml")
        assert not path.exists()
        technician.open(address)
        expect(page.locator("#draft")).to_be_visible()
        expect(page.locator("[data-path='site.id']")).to_have_value("yq-1")
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator("#discard").click()
        expect(page.locator("[data-path='site.id']")).to_have_value("")
    assert list(tmp_path.iterdir()) == []
