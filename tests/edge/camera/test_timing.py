import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.camera.timing import FrameClock

NOON = 1_800_000_000_000


@pytest.mark.parametrize(
    ("story", "frames", "said"),
    [
        (
            "the stream's clock, a little before the arrival",
            [(NOON, NOON + 80), (NOON + 100, NOON + 250), (NOON + 200, NOON + 260)],
            [(0, "stream"), (100, "stream"), (200, "stream")],
        ),
        ("no clock in the stream", [(None, NOON), (None, NOON + 120)], [(0, "arrival"), (120, "arrival")]),
        ("a camera whose clock is an hour off", [(NOON - 3_600_000, NOON)], [(0, "arrival")]),
        (
            "the clock comes with the second frame",
            [(None, NOON + 100), (NOON + 150, NOON + 200)],
            [(0, "arrival"), (50, "stream")],
        ),
        (
            "reconnected after a minute",
            [(NOON, NOON), (NOON + 60_000, NOON + 60_090)],
            [(0, "stream"), (60_000, "stream")],
        ),
        ("the clock is set back a second", [(NOON, NOON), (NOON - 1000, NOON + 100)], [(0, "stream"), (1, "stream")]),
    ],
)
def test_times_and_whose_they_are(story, frames, said):
    clock = FrameClock()
    assert [clock.time_of(*frame) for frame in frames] == said


@given(st.lists(st.tuples(st.none() | st.integers(NOON - 10**7, NOON + 10**7), st.integers(NOON, NOON + 10**7))))
def test_time_never_stands_still_or_goes_back(frames):
    clock = FrameClock()
    times = [clock.time_of(*frame)[0] for frame in frames]
    assert times == sorted(set(times))
    assert times[:1] in ([], [0])
