"""China's civil time: eight hours before Greenwich in summer and winter, in all its provinces."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.civil_time import DAY_MS, beijing, to_the_ms

EPOCH_MS_MAX = 4_102_444_800_000


@pytest.mark.parametrize(
    ("utc", "written"),
    [
        pytest.param(datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01 08:00:00.000", id="winter"),
        pytest.param(datetime(2026, 7, 1, tzinfo=UTC), "2026-07-01 08:00:00.000", id="summer"),
        pytest.param(datetime(2026, 12, 31, 16, 0, 0, 7000, tzinfo=UTC), "2027-01-01 00:00:00.007", id="new year"),
        pytest.param(
            datetime(2026, 12, 31, 15, 59, 59, 999000, tzinfo=UTC), "2026-12-31 23:59:59.999", id="the ms before"
        ),
    ],
)
def test_an_instant_as_evidence_shows_it(utc, written):
    assert to_the_ms(round(utc.timestamp() * 1000)) == written


@given(st.integers(0, EPOCH_MS_MAX))
def test_what_is_written_is_that_very_millisecond(epoch_ms):
    read = datetime.strptime(f"{to_the_ms(epoch_ms)} +0800", "%Y-%m-%d %H:%M:%S.%f %z")
    assert round(read.timestamp() * 1000) == epoch_ms


@given(st.integers(0, EPOCH_MS_MAX))
def test_a_day_later_it_is_the_same_time_of_the_next_day(epoch_ms):
    assert (beijing(epoch_ms + DAY_MS) - beijing(epoch_ms)).days == 1
    assert beijing(epoch_ms + DAY_MS).time() == beijing(epoch_ms).time()
