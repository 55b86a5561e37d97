"""Who may talk to the page: this machine's browser with the token of the terminal, and nobody else."""

import pytest
import yaml
from starlette.testclient import TestClient

from calibration.errors import PartMissingError
from calibration.page.app import Desk, create_app
from calibration.page.keeping import Shelf
from calibration.reader import load_scene
from datasets.demo.run import SCENE

TOKEN = "a-token-of-the-terminal"
HOME = "http://127.0.0.1:8765"
GOOD = yaml.safe_load(SCENE.read_text(encoding="utf-8"))


@pytest.fixture
def desk(tmp_path):
    return Desk(Shelf(tmp_path / "scene.yaml"), b"a picture", (768, 576))


@pytest.fixture
def assets(tmp_path):
    folder = tmp_path / "assets"
    folder.mkdir()
    for name in ("annotorious.js", "annotorious.css"):
        (folder / name).write_text("")
    return folder


@pytest.fixture
def stranger(desk, assets):
    with TestClient(create_app(desk, TOKEN, assets), base_url=HOME) as client:
        yield client


@pytest.fixture
def technician(stranger):
    assert stranger.get("/", params={"token": TOKEN}).status_code == 200
    return stranger


@pytest.mark.parametrize("path", ["/", "/picture", "/scene", "/static/main.js", "/?token=wrong"])
def test_without_the_token_nothing_is_shown(stranger, path):
    answer = stranger.get(path)
    assert answer.status_code == 403
    assert "terminal" in answer.text


@pytest.mark.parametrize("path", ["/look", "/save", "/discard-draft"])
def test_without_the_token_nothing_is_done(stranger, path, desk):
    assert stranger.post(path, json={"document": GOOD, "version": ""}).status_code == 403
    assert not desk.shelf.path.exists()


def test_another_name_for_this_machine_is_refused(technician):
    assert technician.get("/scene", headers={"Host": "evil.example:8765"}).status_code == 421


def test_the_token_leaves_the_address(stranger):
    answer = stranger.get("/", params={"token": TOKEN}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_every_answer_forbids_foreign_scripts_and_frames(technician):
    for path in ("/", "/picture", "/nowhere"):
        policy = technician.get(path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
        assert "frame-ancestors 'none'" in policy


def test_a_new_scene_begins_with_the_pictures_size(technician):
    kept = technician.get("/scene").json()
    assert kept["document"]["camera"]["size"] == [768, 576]
    assert kept["version"] == ""
    assert technician.get("/picture").content == b"a picture"


def test_a_document_is_looked_at_in_both_languages(technician):
    remarks = technician.post("/look", json={**GOOD, "site": {"id": "", "name": "x"}}).json()["remarks"]
    assert remarks == [
        {
            "weight": "error",
            "place": "site.id",
            "text": {"zh": "尚未填写（小写字母、数字和 -）", "en": remarks[0]["text"]["en"]},
        }
    ]


def test_a_document_is_saved_and_a_stale_one_is_refused_in_both_languages(technician, desk):
    saved = technician.post("/save", json={"document": GOOD, "version": ""}).json()
    assert (saved["whole"], saved["file"]) == (True, "scene.yaml")
    assert load_scene(desk.shelf.path).site_id == "yq-demo"
    stale = technician.post("/save", json={"document": GOOD, "version": ""})
    assert stale.status_code == 409
    assert "open it again" in stale.json()["en"]
    assert "重新打开" in stale.json()["zh"]


def test_numbers_that_no_message_can_carry_come_as_nothing(technician, desk):
    desk.shelf.path.write_text("version: .nan\nsite: {id: [.inf]}\n")
    assert technician.get("/scene").json()["document"] == {"version": None, "site": {"id": [None]}}


@pytest.mark.parametrize(
    ("story", "body", "status"),
    [("no JSON", b"{", 422), ("a list", b"[]", 422), ("a book", b'"' + b"x" * 1_000_001 + b'"', 413)],
)
def test_what_is_no_document_is_refused(technician, story, body, status):
    answer = technician.post("/look", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status


def test_without_the_drawing_library_it_says_what_to_run(desk, tmp_path):
    with pytest.raises(PartMissingError, match="lukou assets pull"):
        create_app(desk, TOKEN, tmp_path / "nothing")
