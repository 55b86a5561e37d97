"""The ground plane: found again from its points, honest about its residuals, silent beyond the horizon."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.ground import fit_ground

GRID_PX = np.array([(x, y) for x in (100.0, 300.0, 500.0, 700.0) for y in (150.0, 300.0, 550.0)])
NOISE = st.lists(st.floats(-0.2, 0.2), min_size=8, max_size=8)
ORIGIN_M = st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
VIEW_PX = np.array([[0.0, 300], [400, 300], [500, 500], [-100, 500]])
VIEW_M = np.array([[0.0, 30], [10, 30], [10, 10], [0, 10]])


def plane(noise) -> np.ndarray:
    truth = np.array([[0.02, 0.001, -5], [0.001, 0.03, -6], [1e-5, 5e-5, 1]])
    truth.ravel()[:8] *= 1 + np.array(noise)
    return truth


def mapped(homography: np.ndarray, points: np.ndarray) -> np.ndarray:
    raw = np.c_[points, np.ones(len(points))] @ homography.T
    return raw[:, :2] / raw[:, 2:]


@given(NOISE, ORIGIN_M)
def test_a_plane_is_found_again_and_both_ways_fit(noise, origin_m):
    metres = mapped(plane(noise), GRID_PX) + np.array(origin_m)
    ground = fit_ground(GRID_PX, metres)
    assert ground.rms_m < 1e-6
    assert ground.to_metres(GRID_PX) == pytest.approx(metres, abs=1e-5)
    assert ground.to_pixels(ground.to_metres(GRID_PX)) == pytest.approx(GRID_PX, abs=1e-3)


@given(NOISE, st.integers(0, 11), st.floats(0.5, 3))
def test_a_point_measured_wrong_has_the_largest_residual(noise, wrong, off_m):
    metres = mapped(plane(noise), GRID_PX)
    metres[wrong] += (off_m, 0)
    ground = fit_ground(GRID_PX, metres)
    assert len(ground.residuals_m) == len(GRID_PX)
    assert ground.rms_m > 0.01
    assert ground.residuals_m[wrong] > np.median(ground.residuals_m)


def test_a_point_at_or_over_the_horizon_is_nowhere():
    ground = fit_ground(VIEW_PX, VIEW_M)
    row = ground.metres_of_px[2]
    horizon_px = -(row[2] + row[0] * 200) / row[1]
    above_on_below = np.array([[200.0, horizon_px - 5], [200.0, horizon_px], [200.0, horizon_px + 5]])
    assert np.isnan(ground.to_metres(above_on_below)).all(axis=1).tolist() == [True, True, False]


def test_a_place_behind_or_beside_the_camera_has_no_pixel():
    ground = fit_ground(VIEW_PX, VIEW_M)
    row = np.linalg.inv(ground.metres_of_px)[2]
    edge_m = -(row[2] + row[0] * 5) / row[1]  # under the camera: its picture lies at infinity
    ahead = 1 if edge_m < 10 else -1
    places = np.array([[5.0, edge_m - ahead], [5.0, edge_m + ahead]])
    assert np.isnan(ground.to_pixels(places)).all(axis=1).tolist() == [True, False]


@pytest.mark.parametrize(
    ("story", "points_px", "points_m", "says"),
    [
        ("on one line", VIEW_PX, [[0, 0], [1, 0], [2, 0], [3, 0]], "lie on one line"),
        ("all the same", VIEW_PX, [[1, 1]] * 4, "all the same"),
        ("three of four on one line", [[0, 0], [1, 1], [2, 2], [5, 0]], [[0, 0], [1, 1], [2, 2], [5, 0]], "one line"),
        ("two mixed up", VIEW_PX, [[0, 30], [10, 10], [10, 30], [0, 10]], "both sides of the horizon"),
    ],
)
def test_points_that_fix_no_plane_are_refused(story, points_px, points_m, says):
    with pytest.raises(ValueError, match=says):
        fit_ground(np.array(points_px, dtype=float), np.array(points_m, dtype=float))
