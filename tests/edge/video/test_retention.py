"""Which raw video leaves the disk: the rules as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.civil_time import DAY_MS
from edge.video.retention import REFERENCE, Limits, Segment, purge

MB = 10**6
NOW_MS = 400 * DAY_MS
LIMITS = Limits(keep_days=30, keep_act_days=365, budget_bytes=100 * MB, free_bytes_min=1000 * MB)
PLENTY = 5000 * MB


def segment(age_days: float, *, kept: bool = False, mb: int = 1) -> Segment:
    end_ms = round(NOW_MS - age_days * DAY_MS)
    return Segment(f"{age_days}", end_ms - 60_000, end_ms, mb * MB, kept)


NEW = [segment(number / 1440) for number in range(REFERENCE)]
"""The last half hour: age counts from its beginning."""


@pytest.mark.parametrize(
    ("story", "older", "free_mb", "gone", "room"),
    [
        ("29 days: stays", [segment(29)], 5000, {}, True),
        ("31 days: goes by age", [segment(31)], 5000, {"31": "age"}, True),
        ("31 days, shows an act: stays", [segment(31, kept=True)], 5000, {}, True),
        ("a year and more, showed an act: goes by that age", [segment(366, kept=True)], 5000, {"366": "act_age"}, True),
        ("over the budget: the oldest goes first", [segment(9, mb=50), segment(8, mb=40)], 5000, {"9": "budget"}, True),
        (
            "over the budget: what shows an act is passed over",
            [segment(9, kept=True, mb=50), segment(8, mb=40)],
            5000,
            {"8": "budget"},
            True,
        ),
        ("the disk fills: the oldest goes until enough is free", [segment(9, mb=2)], 999, {"9": "disk"}, True),
        (
            "age frees the disk first, then no more is needed",
            [segment(40, mb=20), segment(9, mb=2)],
            990,
            {"40": "age"},
            True,
        ),
        ("only acts are left, over the budget: no room", [segment(9, kept=True, mb=100)], 5000, "all new", False),
    ],
)
def test_of_older_segments_go(story, older, free_mb, gone, room):
    decided = purge([*NEW, *older], LIMITS, free_mb * MB, coming_bytes=1 * MB)
    expected = {s.name: "budget" for s in NEW} if gone == "all new" else gone
    assert {s.name: why.value for s, why in decided.segments} == expected
    assert decided.room is room


@pytest.mark.parametrize(("leapt", "gone"), [(REFERENCE - 1, 0), (REFERENCE, 1)])
def test_a_clock_that_leaps_ahead_for_less_than_half_an_hour_purges_nothing(leapt, gone):
    ahead = [segment(-40 - number / 1440) for number in range(leapt)]
    purged = purge([*NEW[:1], *ahead], LIMITS, PLENTY, 0).segments
    assert len(purged) == gone


def test_where_little_was_recorded_nothing_is_old():
    assert purge([segment(400), segment(0)], LIMITS, PLENTY, 0).segments == ()


SEGMENTS = st.lists(st.builds(segment, st.floats(0, 400), kept=st.booleans(), mb=st.integers(1, 9)), max_size=60)


@given(SEGMENTS, st.integers(0, 3000), st.integers(0, 10))
def test_no_act_goes_for_lack_of_space_and_room_means_room(segments, free_mb, coming_mb):
    decided = purge(segments, LIMITS, free_mb * MB, coming_mb * MB)
    gone = {s for s, _ in decided.segments}
    assert all(why.value == "act_age" for s, why in decided.segments if s.kept)
    used = sum(s.size_bytes for s in segments if s not in gone) + coming_mb * MB
    freed = free_mb * MB - coming_mb * MB + sum(s.size_bytes for s in gone)
    if len(set(segments)) == len(segments):
        assert decided.room is (used <= 100 * MB and freed >= 1000 * MB)
