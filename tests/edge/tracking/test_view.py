from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from street import box, pixel, view

from calibration.geometry import distance_m
from calibration.reader import load_scene
from edge.tracking.view import feet_px, near_zones

SCENE = load_scene(Path("datasets/demo/scene.yaml"))
METRES = st.floats(-60, 60)


@given(METRES, METRES)
def test_only_who_may_reach_a_zone_is_watched(x_m, y_m):
    near = distance_m(SCENE.crosswalks[0].polygon_m, (x_m, y_m)) <= 15
    assert near_zones(SCENE, 15.0)((x_m, y_m)) is near


@pytest.mark.parametrize("place", [(0.0, 0.0), (4.0, 6.0), (-5.0, -2.0)])
def test_somebody_of_one_size_is_as_tall_in_metres_wherever_they_stand(place):
    boxes = np.array([box(*place), box(0.0, 0.0)])
    sizes = view().sizes_m(boxes)
    assert sizes[0] == pytest.approx(sizes[1], rel=0.08)
    assert feet_px(boxes)[0] == pytest.approx(pixel(*place), abs=3)


def test_how_much_of_a_box_is_in_the_picture():
    look = view()
    assert look.visible_share(np.array([0.0, 0.0, 100.0, 100.0])) == 1.0
    assert look.visible_share(np.array([-50.0, 0.0, 50.0, 100.0])) == 0.5
    assert look.visible_share(np.array([np.nan, 0.0, 50.0, 100.0])) == 0.0
