"""Recorded lamps: each state holds until the next; before the first word nobody knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import LampState
from edge.signals.timeline import LampChange, Shown, SignalTimeline

RED, GREEN, UNKNOWN = LampState.RED, LampState.GREEN, LampState.UNKNOWN
ROWS = st.lists(st.tuples(st.integers(0, 50), st.sampled_from(["a", "b"]), st.sampled_from(list(LampState))))


def timeline(*rows: tuple[int, str, LampState]) -> SignalTimeline:
    return SignalTimeline(LampChange(*row) for row in rows)


@pytest.mark.parametrize(
    ("t_ms", "shown"),
    [
        (0, Shown(UNKNOWN, None, 100)),
        (99, Shown(UNKNOWN, None, 100)),
        (100, Shown(RED, 100, 300)),
        (250, Shown(RED, 100, 300)),  # said again at 200: the same red
        (300, Shown(GREEN, 300, None)),
        (10**9, Shown(GREEN, 300, None)),
    ],
)
def test_each_state_holds_until_the_next_and_is_unknown_before_the_first(t_ms, shown):
    assert timeline((100, "p", RED), (200, "p", RED), (300, "p", GREEN)).shown("p", t_ms) == shown


def test_a_signal_never_heard_of_is_unknown():
    assert timeline((0, "p", RED)).shown("q", 5) == Shown(UNKNOWN, None, None)


def test_of_two_words_at_one_time_the_later_row_counts():
    assert timeline((0, "p", RED), (100, "p", GREEN), (100, "p", RED)).shown("p", 200) == Shown(RED, 0, None)


def test_time_does_not_go_back():
    recorded = timeline((100, "p", RED), (300, "p", GREEN))
    with pytest.raises(ValueError, match="at or after 300 ms, found one at 200 ms"):
        recorded.add(LampChange(200, "p", RED))


@given(ROWS, st.integers(-5, 60))
def test_it_says_what_reading_the_rows_one_by_one_says(rows, t_ms):
    rows = sorted(rows, key=lambda row: row[0])
    for signal in ("a", "b"):
        said = UNKNOWN
        for at_ms, name, state in rows:
            if name == signal and at_ms <= t_ms:
                said = state
        shown = timeline(*rows).shown(signal, t_ms)
        assert shown.state is said
        assert shown.since_ms is None or shown.since_ms <= t_ms
        assert shown.until_ms is None or shown.until_ms > t_ms
