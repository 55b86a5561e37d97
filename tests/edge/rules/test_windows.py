"""The last places of each track, straight lines through them, and how much they jitter."""

import numpy as np
import pytest

from edge.rules.windows import COLUMNS, Windows, line_at


def walked(windows, *, count=20, step_ms=100, number=1, way=lambda t_s: (1.5 * t_s, 2.0), from_ms=0):
    for i in range(count):
        t_ms = from_ms + i * step_ms
        windows.add(t_ms, [number], np.array([way(t_ms / 1000)], dtype=float))
    return np.array([windows._slot[number]])  # noqa: SLF001 - a slot is what the other parts ask by


@pytest.mark.parametrize("far_m", [0.0, 500.0, 1e6])
def test_a_line_through_an_even_walk_is_that_walk(far_m):
    windows = Windows(5)
    slots = walked(windows, way=lambda t_s: (far_m + 1.5 * t_s, 2.0))
    tau_s, xy = windows.around(1000, slots, 5.0)
    line = line_at(tau_s, xy, np.abs(tau_s) <= 0.5)
    assert line.places[0] == pytest.approx((far_m + 1.5, 2.0), abs=1e-9)
    assert line.speeds[0] == pytest.approx((1.5, 0.0), abs=1e-6)
    assert line.count[0] == 11


def test_through_one_place_or_none_there_is_no_line():
    windows = Windows(5)
    tau_s, xy = windows.around(0, walked(windows, count=1), 5.0)
    line = line_at(tau_s, xy, np.abs(tau_s) <= 0.5)
    assert line.count[0] == 0
    assert np.isfinite(line.places).all()


@pytest.mark.parametrize("count", [5, COLUMNS, 3 * COLUMNS])
def test_no_more_than_so_many_places_are_kept(count):
    windows = Windows(5)
    slots = walked(windows, count=count, step_ms=33)
    tau_s, _ = windows.around(count * 33, slots, 60.0)
    assert np.count_nonzero(tau_s > -1e6) == min(count, COLUMNS)


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
    tau_s, _ = windows.around(21_100, new, 60.0)
    assert np.count_nonzero(tau_s > -1e6) == 2
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
