import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.tracking import motion

NOISE = np.eye(2) * 0.01


def predicted(believed, t_ms, acceleration_mps2=2.0):
    return motion.predict([believed], t_ms, [acceleration_mps2])[0]


def updated(believed, *place_m):
    return motion.update([believed], np.array([place_m]), NOISE[None])[0]


TIMES = st.integers(1, 3000)


@given(TIMES, TIMES)
def test_a_dropped_frame_changes_nothing_of_where_somebody_is_expected(first_ms, second_ms):
    seen = updated(motion.begin(0, np.zeros(2), NOISE, 1.5), 0.3, -0.2)
    at_once = predicted(seen, first_ms + second_ms)
    in_steps = predicted(predicted(seen, first_ms), first_ms + second_ms)
    assert np.allclose(at_once.mean, in_steps.mean)
    assert at_once.t_ms == in_steps.t_ms


@given(st.lists(st.tuples(TIMES, st.floats(-20, 20), st.floats(-20, 20)), min_size=1, max_size=20))
def test_what_is_believed_stays_a_covariance(sights):
    believed = motion.begin(0, np.zeros(2), NOISE, 1.5)
    for wait_ms, x_m, y_m in sights:
        believed = predicted(believed, believed.t_ms + wait_ms)
        believed = updated(believed, x_m, y_m)
        assert np.allclose(believed.covariance, believed.covariance.T)
        assert np.linalg.eigvalsh(believed.covariance).min() > 0


def test_an_even_walk_is_learnt():
    believed = motion.begin(0, np.zeros(2), NOISE, 1.5)
    for step in range(1, 31):
        believed = predicted(believed, step * 100)
        believed = updated(believed, 0.14 * step, 0.0)
    assert believed.speed_mps == pytest.approx(1.4, abs=0.1)
    assert believed.place_m == pytest.approx([4.2, 0.0], abs=0.05)


def test_time_does_not_go_back():
    believed = motion.begin(500, np.zeros(2), NOISE, 1.5)
    earlier = predicted(believed, 400)
    assert (earlier.t_ms, earlier.mean.tolist()) == (500, believed.mean.tolist())
    assert np.allclose(earlier.covariance, believed.covariance)
    assert (motion.predict([], 400, []), motion.update([], np.zeros((0, 2)), np.zeros((0, 2, 2)))) == ([], [])


def test_a_place_beyond_the_horizon_is_infinitely_far():
    means, spread = np.zeros((1, 2)), np.eye(2)[None]
    places = np.array([[[1.0, 0.0], [np.nan, np.nan]]])
    noises = np.stack([[np.eye(2), np.full((2, 2), np.nan)]])
    assert motion.distances2(means, spread, places, noises).tolist() == [[0.5, np.inf]]
