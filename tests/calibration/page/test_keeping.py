"""A scene is saved whole or kept as a draft; what somebody else wrote meanwhile is never lost."""

import pytest
import yaml

from calibration.errors import SceneError
from calibration.page.keeping import Shelf
from calibration.reader import load_scene
from datasets.demo.run import SCENE

GOOD = yaml.safe_load(SCENE.read_text(encoding="utf-8"))


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "scene.yaml")


def test_a_new_scene_is_written_and_is_the_same_scene(shelf):
    assert shelf.load() is None
    version, whole = shelf.save(GOOD, "")
    assert whole
    assert load_scene(shelf.path).sha256 == load_scene(SCENE).sha256
    kept = shelf.load()
    assert kept is not None
    assert (kept.version, kept.from_draft, kept.has_comments) == (version, False, False)


def test_the_scene_before_stays_beside_it(shelf):
    shelf.path.write_bytes(SCENE.read_bytes())
    kept = shelf.load()
    assert kept is not None
    assert kept.has_comments
    shelf.save({**GOOD, "note": "new"}, kept.version)
    assert shelf.path.with_name("scene.yaml.bak").read_bytes() == SCENE.read_bytes()
    assert load_scene(shelf.path).note == "new"


def test_what_cannot_hold_is_a_draft_until_it_holds(shelf):
    shelf.path.write_bytes(SCENE.read_bytes())
    before = shelf.load()
    version, whole = shelf.save({**GOOD, "site": {"id": "", "name": ""}}, before.version)
    assert (version, whole) == (before.version, False)
    assert shelf.path.read_bytes() == SCENE.read_bytes()
    draft = shelf.load()
    assert draft.from_draft
    assert draft.document["site"]["id"] == ""
    shelf.save(GOOD, draft.version)
    assert not shelf.draft.exists()
    assert not shelf.load().from_draft


def test_what_somebody_else_wrote_is_not_overwritten(shelf):
    shelf.path.write_bytes(SCENE.read_bytes())
    kept = shelf.load()
    shelf.path.write_bytes(SCENE.read_bytes() + b"\n# mine\n")
    with pytest.raises(SceneError, match="open it again"):
        shelf.save(GOOD, kept.version)
    assert shelf.path.read_bytes().endswith(b"# mine\n")


def test_a_folder_that_takes_nothing_is_told_in_a_line(tmp_path):
    shelf = Shelf(tmp_path / "nowhere" / "scene.yaml")
    with pytest.raises(SceneError, match="expected a place to write to"):
        shelf.save(GOOD, "")


def test_a_file_that_is_no_scene_is_told_in_a_line(shelf):
    shelf.path.write_text("[1, 2]")
    with pytest.raises(SceneError, match="expected a mapping"):
        shelf.load()
