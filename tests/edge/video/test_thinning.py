"""At most so many pictures a second, as evenly as they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.video.thinning import Thinning


@pytest.mark.parametrize(
    ("story", "camera_fps", "fps_max", "filmed_a_second"),
    [
        ("all of ten", 10, 12, 10),
        ("twelve of twenty-five", 25, 12, 12),
        ("twelve of thirty", 30, 12, 12),
        ("all of twelve", 12, 12, 12),
    ],
)
def test_of_a_cameras_pictures_are_filmed(story, camera_fps, fps_max, filmed_a_second):
    thinning = Thinning(fps_max)
    taken = [t_ms for t_ms in (round(n * 1000 / camera_fps) for n in range(camera_fps * 60)) if thinning.takes(t_ms)]
    assert len(taken) == pytest.approx(filmed_a_second * 60, rel=0.02)


@given(st.lists(st.integers(0, 20_000), min_size=1).map(sorted), st.floats(2, 60))
def test_never_more_than_so_many_in_a_second_and_no_instant_twice(times_ms, fps_max):
    thinning = Thinning(fps_max)
    taken = [t_ms for t_ms in times_ms if thinning.takes(t_ms)]
    assert taken[0] == times_ms[0]
    assert len(set(taken)) == len(taken)
    for begin_ms in taken:
        assert sum(begin_ms <= t_ms < begin_ms + 1000 for t_ms in taken) <= fps_max + 2
