"""What is remembered is bounded by seconds and by rows, and what was forgotten is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import RoadUserKind
from edge.history import History
from edge.observations import Observation, RoadUser


def instant(t_ms: int, *tracks: int) -> Observation:
    return Observation(t_ms, tuple(RoadUser(track, RoadUserKind.PEDESTRIAN, 0.0, 0.0) for track in tracks))


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 12)), min_size=1, max_size=60))
def test_neither_seconds_nor_a_crowd_fill_the_memory(steps):
    history, t_ms, shown = History(span_ms=2000, rows_max=40), 0, []
    for step_ms, people in steps:
        t_ms += step_ms
        shown.append(instant(t_ms, *range(people)))
        history.add(shown[-1])
        kept = history.since()
        assert kept == tuple(shown[-len(kept) :])  # the newest, none left out
        assert kept[0].t_ms >= t_ms - 2000
        assert sum(max(1, len(o.road_users)) for o in kept) <= 40
        assert history.last_ms == t_ms
        if len(kept) < len(shown):
            assert not history.reaches(kept[0].t_ms - 1)
        assert history.reaches(kept[0].t_ms)


@pytest.mark.parametrize(("track", "first_ms"), [(1, 0), (2, 100), (3, None)])
def test_a_track_is_known_since_its_first_sight(track, first_ms):
    history = History()
    for observation in (instant(0, 1), instant(100, 1, 2), instant(200)):
        history.add(observation)
    assert history.first_ms(track) == first_ms
    assert [o.t_ms for o in history.since(100)] == [100, 200]
    assert history.reaches(-5_000)  # it began there: nothing was forgotten
