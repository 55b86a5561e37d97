import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.camera.timing import OFFSET_MAX_MS, FrameClock
from edge.errors import PartMissingError

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
        (
            "the camera's clock is set back by half a second: its frames are let go until it has caught up",
            [(NOON, NOON), (NOON - 400, NOON + 100), (NOON - 100, NOON + 400), (NOON + 100, NOON + 600)],
            [(0, "stream"), None, None, (100, "stream")],
        ),
        (
            "two frames of one instant",
            [(NOON, NOON), (NOON, NOON + 3)],
            [(0, "stream"), None],
        ),
        (
            "a camera that was once wrong is not asked again: no jumping to and fro",
            [(NOON, NOON), (NOON + 2900, NOON + 100), (NOON + 250, NOON + 200)],
            [(0, "stream"), (100, "arrival"), (200, "arrival")],
        ),
    ],
)
def test_times_and_whose_they_are(story, frames, said):
    clock = FrameClock()
    assert [clock.time_of(*frame) for frame in frames] == said


def test_a_new_connection_is_believed_again():
    clock = FrameClock()
    assert clock.time_of(NOON + 60_000, NOON) == (0, "arrival")
    clock.connected()
    assert clock.time_of(NOON + 900, NOON + 1000) == (900, "stream")


def test_the_boxs_own_clock_set_back_ends_the_watch():
    clock = FrameClock()
    clock.time_of(None, NOON)
    with pytest.raises(PartMissingError, match="the box's clock: it was set back by 3600 s"):
        clock.time_of(None, NOON - 3_600_000)


@given(st.lists(st.tuples(st.none() | st.integers(-3000, 3000), st.integers(0, 5000)), max_size=60))
def test_time_never_stands_still_or_goes_back_nor_leaves_the_boxs_clock_by_more_than_is_believed(frames):
    """Each frame: how far the stream's clock is from the arrival, and how long after the last one it came."""
    clock, arrived_ms, last_ms = FrameClock(), NOON, -1
    for offset_ms, step_ms in frames:
        arrived_ms += step_ms
        stamp = clock.time_of(None if offset_ms is None else arrived_ms + offset_ms, arrived_ms)
        if stamp is not None:
            assert stamp.t_ms > last_ms
            assert abs(clock.start_ms + stamp.t_ms - arrived_ms) <= OFFSET_MAX_MS
            last_ms = stamp.t_ms


@pytest.mark.parametrize(
    ("story", "frames", "offset_ms"),
    [
        ("no clock in the stream", [(None, NOON)], None),
        ("behind by its way", [(NOON - 80, NOON)], -80),
        ("the newest frame counts", [(NOON - 80, NOON), (NOON + 1500, NOON + 100)], 1400),
        ("a liar is told too", [(NOON - 3_600_000, NOON)], -3_600_000),
        ("it says nothing any more", [(NOON - 80, NOON), (None, NOON + 100)], None),
    ],
)
def test_how_far_a_cameras_clock_is_off_the_boxs(story, frames, offset_ms):
    clock = FrameClock()
    for frame in frames:
        clock.time_of(*frame)
    assert clock.camera_offset_ms == offset_ms
    clock.connected()
    assert clock.camera_offset_ms is None
