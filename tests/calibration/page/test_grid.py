"""The grid's lines lie where the metres are, within the picture, and are never too many."""

import numpy as np
import pytest

from calibration.ground import fit_ground
from calibration.page.grid import OUTSIDE_PX, SIDE_MAX_M, grid_lines

SIZE_PX = (768, 576)
PX = np.array([(160.0, 268), (640, 300), (560, 500), (120, 420)])
METRES = np.array([(0.0, 0), (0, 8), (8, 8), (8, 0)])
GROUND = fit_ground(PX, METRES)
AROUND = tuple((float(x), float(y)) for x, y in METRES)


def test_every_point_of_a_line_lies_on_its_metre():
    lines = grid_lines(GROUND, AROUND, SIZE_PX)
    assert {line.axis for line in lines} == {"x", "y"}
    for line in lines:
        metres = GROUND.to_metres(np.array(line.points_px))
        assert np.allclose(metres[:, "xy".index(line.axis)], line.at_m, atol=0.05)
        assert line.strong == (line.at_m % 5 == 0)


def test_lines_stay_in_or_just_beside_the_picture():
    points = np.array([p for line in grid_lines(GROUND, AROUND, SIZE_PX) for p in line.points_px])
    assert (points >= -OUTSIDE_PX).all()
    assert (points <= np.array(SIZE_PX) + OUTSIDE_PX).all()


@pytest.mark.parametrize("far_m", [1e3, 1e6])
def test_a_mistyped_point_far_away_makes_no_endless_grid(far_m):
    lines = grid_lines(GROUND, (*AROUND, (far_m, far_m)), SIZE_PX)
    assert len({(line.axis, line.at_m) for line in lines}) <= 2 * (SIDE_MAX_M + 3)


def test_behind_the_camera_there_is_none():
    assert grid_lines(GROUND, ((-300.0, 0.0), (-290.0, 5.0)), SIZE_PX) == ()
