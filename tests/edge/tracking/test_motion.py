import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.tracking import motion

NOISE = np.eye(2) * 0.01
TIMES = st.integers(1, 3000)


@given(TIMES, TIMES)
def test_a_dropped_frame_changes_nothing_of_where_somebody_is_expected(first_ms, second_ms):
    seen = motion.update(motion.begin(0, np.zeros(2), NOISE, 1.5), np.array([0.3, -0.2]), NOISE)
    at_once = motion.predict(seen, first_ms + second_ms, 2.0)
    in_steps = motion.predict(motion.predict(seen, first_ms, 2.0), first_ms + second_ms, 2.0)
    assert np.allclose(at_once.mean, in_steps.mean)
    assert at_once.t_ms == in_steps.t_ms


@given(st.lists(st.tuples(TIMES, st.floats(-20, 20), st.floats(-20, 20)), min_size=1, max_size=20))
def test_what_is_believed_stays_a_covariance(sights):
    believed = motion.begin(0, np.zeros(2), NOISE, 1.5)
    for wait_ms, x_m, y_m in sights:
        believed = motion.predict(believed, believed.t_ms + wait_ms, 2.0)
        believed = motion.update(believed, np.array([x_m, y_m]), NOISE)
        assert np.allclose(believed.covariance, believed.covariance.T)
        assert np.linalg.eigvalsh(believed.covariance).min() > 0


def test_an_even_walk_is_learnt():
    believed = motion.begin(0, np.zeros(2), NOISE, 1.5)
    for step in range(1, 31):
        believed = motion.predict(believed, step * 100, 2.0)
        believed = motion.update(believed, np.array([0.14 * step, 0.0]), NOISE)
    assert believed.speed_mps == pytest.approx(1.4, abs=0.1)
    assert believed.place_m == pytest.approx([4.2, 0.0], abs=0.05)


def test_time_does_not_go_back():
    believed = motion.begin(500, np.zeros(2), NOISE, 1.5)
    assert motion.predict(believed, 400, 2.0) is believed


def test_a_place_beyond_the_horizon_is_infinitely_far():
    means, spread = np.zeros((1, 2)), np.eye(2)[None]
    places = np.array([[[1.0, 0.0], [np.nan, np.nan]]])
    noises = np.stack([[np.eye(2), np.full((2, 2), np.nan)]])
    assert motion.distances2(means, spread, places, noises).tolist() == [[0.5, np.inf]]
