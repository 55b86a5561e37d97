"""The last places of each track, straight lines through them, and how much they jitter."""

import numpy as np
import pytest

from edge.rules.windows import COLUMNS_MAX, Windows


def spans(*from_to_s):
    """Return spans that hold for all tracks."""
    from_s, to_s = np.array(from_to_s, dtype=float).T
    return from_s[:, None, None], to_s[:, None, None]


def walked(windows, *, count=20, step_ms=100, number=1, way=lambda t_s: (1.5 * t_s, 2.0), from_ms=0):
    for i in range(count):
        t_ms = from_ms + i * step_ms
        windows.add(t_ms, [number], np.array([way(t_ms / 1000)], dtype=float))
    return np.array([windows._slot[number]])  # noqa: SLF001 - a slot is what the other parts ask by


@pytest.mark.parametrize("far_m", [0.0, 500.0, 1e6])
def test_a_line_through_an_even_walk_is_that_walk(far_m):
    windows = Windows(5)
    slots = walked(windows, way=lambda t_s: (far_m + 1.5 * t_s, 2.0))
    (line,) = windows.lines(1000, slots, spans((-0.5, 0.5)))
    assert line.places[0] == pytest.approx((far_m + 1.5, 2.0), abs=1e-9)
    assert line.speeds[0] == pytest.approx((1.5, 0.0), abs=1e-6)
    assert line.count[0] == 11


def test_through_one_place_or_none_there_is_no_line():
    windows = Windows(5)
    (line,) = windows.lines(0, walked(windows, count=1), spans((-0.5, 0.5)))
    assert line.count[0] == 0
    assert np.isfinite(line.places).all()


def test_what_was_before_a_turn_and_after_it():
    """Somebody turns at 1 s: the line before the turn and the one after it meet there."""
    windows = Windows(5)
    slots = walked(windows, way=lambda t_s: (abs(t_s - 1.0) * 1.5, 0.0))
    before, after, own = windows.lines(1000, slots, spans((-1.0, 0.0), (1e-6, 1.0), (0.2, 0.4)))
    assert before.speeds[0] == pytest.approx((-1.5, 0.0))
    assert after.speeds[0] == pytest.approx((1.5, 0.0))
    assert before.places[0] == pytest.approx((0.0, 0.0), abs=1e-9)
    assert after.places[0] == pytest.approx((0.0, 0.0), abs=1e-9)
    assert (before.count[0], after.count[0], own.count[0]) == (11, 9, 3)


def test_each_track_may_have_a_span_of_its_own():
    windows = Windows(5)
    slots = np.concatenate([walked(windows, number=number) for number in (1, 2)])
    own_s = np.array([[[0.2], [0.5]]])
    (line,) = windows.lines(1900, slots[1:].repeat(2), (-own_s, own_s))
    assert line.count.tolist() == [3, 6]


@pytest.mark.parametrize(
    ("rate", "step_ms", "expected"),
    [("ten a second", 100, 50), ("thirty a second", 33, 152), ("faster than all is kept", 4, COLUMNS_MAX)],
)
def test_the_last_five_seconds_are_kept_however_fast_they_come(rate, step_ms, expected):
    windows = Windows(5)
    slots = walked(windows, count=3000, step_ms=step_ms)
    (line,) = windows.lines(2999 * step_ms, slots, spans((-4.99, 0.0)))
    assert line.count[0] == expected, rate
    assert line.speeds[0] == pytest.approx((1.5, 0.0), abs=1e-6)


def test_others_seen_in_between_take_nothing_away():
    windows = Windows(5)
    for i in range(2000):
        windows.add(5 * i, [i % 20], np.array([[1.5 * 0.005 * i, float(i % 20)]]))
    (line,) = windows.lines(9999, np.arange(20)[::-1], spans((-1.0, 0.0)))
    assert (line.count == 10).all()
    assert line.speeds == pytest.approx(np.array([[1.5, 0.0]] * 20), abs=1e-6)


@pytest.mark.parametrize("sigma_m", [0.1, 0.3])
def test_jitter_is_measured(sigma_m):
    """The median over 16 places is a rough measure, so it is asked of 40 tracks in the mean."""
    chance, windows = np.random.default_rng(1), Windows(5)
    medians = [
        float(windows.jitter_m(walked(windows, number=n, way=lambda t_s: chance.normal((1.5 * t_s, 0), sigma_m)))[0])
        for n in range(40)
        if not windows.add(n * 10_000, [], np.zeros((0, 2))).size
    ]
    assert np.mean(medians) / 1.1774 == pytest.approx(sigma_m, rel=0.15)


@pytest.mark.parametrize(
    ("story", "way"),
    [
        ("walks evenly", lambda t_s: (1.5 * t_s, 0.0)),
        ("stands", lambda t_s: (3.0, 4.0)),
        ("turns on the spot", lambda t_s: (abs(t_s - 1.0) * 1.5, 0.0)),
    ],
)
def test_who_does_not_jitter_has_none(story, way):
    windows = Windows(5)
    assert windows.jitter_m(walked(windows, way=way))[0] < 1e-9


def test_places_far_apart_in_time_tell_nothing_of_jitter():
    windows = Windows(5)
    assert windows.jitter_m(walked(windows, step_ms=400, way=lambda t_s: (t_s % 0.8, 0.0)))[0] == 0


def test_who_is_gone_is_forgotten_and_the_slot_is_given_away_clean():
    windows = Windows(5)
    old = walked(windows)
    windows.sweep(20_000)
    assert windows.held == 0
    new = walked(windows, number=2, count=2, from_ms=21_000)
    assert new.tolist() == old.tolist()
    (line,) = windows.lines(21_100, new, spans((-60.0, 0.0)))
    assert line.count[0] == 2
    assert windows.speeds_mps([1]).tolist() == [[0.0, 0.0]]


def test_memory_does_not_grow_over_ten_thousand_people():
    windows = Windows(5)
    for number in range(10_000):
        windows.add(number * 500, [number], np.zeros((1, 2)))
        windows.sweep(number * 500)
    assert windows.held < 20
    assert len(windows._counts) <= 32  # noqa: SLF001 - memory is what this is about


@pytest.mark.parametrize(("count", "speed"), [(20, (1.5, 0.0)), (2, (0.0, 0.0))])
def test_the_speed_when_last_seen(count, speed):
    windows = Windows(5)
    walked(windows, count=count)
    assert windows.speeds_mps([1])[0] == pytest.approx(speed)
