"""The demonstration's scene: its reference points are those of the published calibration, and it says what it is."""

from pathlib import Path

import numpy as np
import pytest
import yaml

import datasets.demo
from calibration.reader import load_scene
from datasets.demo.tsai import PETS_VIEW_1

SCENE = Path(datasets.demo.__file__).parent / "scene.yaml"
POINTS = yaml.safe_load(SCENE.read_text(encoding="utf-8"))["ground"]["points"]


@pytest.mark.parametrize("point", POINTS, ids=[str(p["m"]) for p in POINTS])
def test_each_reference_point_is_where_the_published_camera_sees_it(point):
    assert PETS_VIEW_1.picture_of(*point["m"]) == pytest.approx(point["px"], abs=0.06)


def test_there_are_points_enough_to_see_a_wrong_one():
    assert len(POINTS) >= 12


def test_the_plane_fits_within_five_centimetres():
    ground = load_scene(SCENE).ground
    assert ground is not None
    assert ground.rms_m < 0.05


def test_on_the_crosswalk_the_plane_and_the_published_camera_agree():
    scene = load_scene(SCENE)
    assert scene.ground is not None
    (crosswalk,) = scene.crosswalks
    seen = np.array([PETS_VIEW_1.picture_of(*corner) for corner in crosswalk.polygon_m])
    assert scene.ground.to_metres(seen) == pytest.approx(np.array(crosswalk.polygon_m), abs=0.15)


def test_it_says_that_it_is_a_demonstration_and_that_nobody_broke_a_rule():
    scene = load_scene(SCENE)
    assert scene.demonstration
    assert "Nobody in it broke any rule" in scene.note
