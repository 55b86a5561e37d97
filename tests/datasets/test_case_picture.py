"""The picture of a case: it shows the way in the colours of the lamp, and says what it is."""

import pytest
from PIL import Image

from contract.words import ViolationKind
from datasets.case_picture import COLOURS, draw_case, draw_misses, read_place
from datasets.scoring import Claim, compare
from edge.errors import InputProblemError

SCENE = """
version: 1
site: {id: s, name: site}
camera: {id: c, direction: north, size: [100, 100]}
signals: [{id: ped, for: pedestrian}]
crosswalks: [{id: n, signal: ped, polygon: {m: [[0, 0], [12, 0], [12, 4], [0, 4]]}}]
"""
CLAIM = Claim(ViolationKind.PEDESTRIAN_RED_LIGHT, 7, "n", 2000, 5000, "walks-on-red")


@pytest.fixture
def place(tmp_path):
    rows = "".join(f"{100 * i},7,pedestrian,{-2 + 0.1 * i:.2f},2\n" for i in range(120))
    (tmp_path / "scene.yaml").write_text(SCENE)
    (tmp_path / "tracks.csv").write_text("t_ms,track_id,kind,x_m,y_m\n" + rows)
    (tmp_path / "signals.csv").write_text("t_ms,signal_id,state\n0,ped,red\n7000,ped,green\n")
    return read_place(tmp_path)


def colours(path):
    with Image.open(path) as picture:
        return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in picture.convert("RGB").getcolors(1 << 20)}


def test_the_way_has_the_colours_of_its_lamp(place, tmp_path):
    draw_case("false", CLAIM, place, tmp_path / "case.png")
    shown = {state for state, colour in COLOURS.items() if colour in colours(tmp_path / "case.png")}
    assert {state.value for state in shown} == {"red", "green"}


def test_a_case_whose_track_is_nowhere_is_still_drawn(place, tmp_path):
    gone = Claim(ViolationKind.WRONG_WAY, 99, "bike", 2000, 5000)
    assert draw_misses(compare([CLAIM], [gone]), place, tmp_path / "pictures") == 2
    names = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    assert names == ["false-wrong_way-99-2000.png", "missed-pedestrian_red_light-7-2000.png"]


def test_where_nothing_can_be_written_it_is_said(place, tmp_path):
    with pytest.raises(InputProblemError, match="expected a place to write to"):
        draw_case("false", CLAIM, place, tmp_path / "none" / "case.png")
    (tmp_path / "file").write_text("")
    with pytest.raises(InputProblemError, match="expected a folder to write into"):
        draw_misses(compare([CLAIM], []), place, tmp_path / "file" / "pictures")
