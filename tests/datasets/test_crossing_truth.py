"""Who crossed on red, as stories that an officer could read: seconds, metres, what it was.

The crosswalk goes from x = 0 to 12 and from y = -2 to 2; unless a story says so, it is red from second 20 to 50.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from junction import CROSSING, lamp, trace

from contract.words import LampState
from datasets.crossing_truth import Crosswalk, crossed_on_red, runs
from edge.signals.timeline import LampChange, SignalTimeline

OVER_AND_BACK = [(24, -2, 0), (39, 13, 0), (42, 13, 0), (57, -2, 0)]


def crossed(keys, signals=None, crosswalk=CROSSING):
    walked = trace(*keys)
    return list(
        crossed_on_red(walked.times_ms, walked.places, crosswalk, lamp() if signals is None else signals, "lamp")
    )


def shown(spoken):
    """Read ``g0 r30``: green from 0 s, red from 30 s on."""
    states = {"r": LampState.RED, "g": LampState.GREEN, "f": LampState.FLASHING_GREEN, "u": LampState.UNKNOWN}
    return SignalTimeline(LampChange(round(float(w[1:]) * 1000), "lamp", states[w[0]]) for w in spoken.split())


@pytest.mark.parametrize(
    ("story", "keys", "accused"),
    [
        ("walks over on red", [(25, -2, 0), (37, 13, 0)], 1),
        ("walks over on green", [(55, -2, 0), (67, 13, 0)], 0),
        ("enters on green, finishes on red", [(17, -2, 0), (29, 13, 0)], 0),
        ("enters 0.4 s after it turned red", [(19.4, -1, 0), (20.4, 0, 0), (30, 12, 0)], 0),
        ("enters 0.7 s after it turned red", [(19.7, -1, 0), (20.7, 0, 0), (30, 12, 0)], 1),
        ("waits at the kerb until green", [(18, -3, 0), (20, -0.5, 0), (51, -0.5, 0), (60, 12, 0)], 0),
        ("waits a step in the road until green", [(24, -1, 0), (26, 1, 0), (51, 1, 0), (60, 12, 0)], 0),
        ("waits well in the road until green", [(24, -1, 0), (28, 4, 0), (51, 4, 0), (60, 12, 0)], 1),
        ("starts three seconds early", [(46, -1, 0), (47, 0, 0), (57, 13, 0)], 1),
        ("starts one second early", [(48, -1, 0), (49, 0, 0), (59, 13, 0)], 0),
        ("turns back after 2.5 m", [(24, -1, 0), (27, 2.5, 0), (30, -1, 0)], 0),
        ("turns back after 4 m", [(24, -1, 0), (28, 4, 0), (32, -1, 0)], 1),
        ("goes in twice in one red", [(24, -1, 0), (28, 4, 0), (32, -1, 0), (34, -1, 0), (44, 13, 0)], 1),
        ("goes over and back on one red", OVER_AND_BACK, 1),
        ("cuts a corner", [(24, -1, 0), (27, 2, 3)], 0),
        ("walks past the mouth", [(24, 0.5, -4), (30, 0.5, 4)], 0),
        ("walks on the pavement", [(24, -0.5, -4), (30, -0.5, 4)], 0),
        ("is first seen in the middle", [(24, 5, 0), (30, 13, 0)], 0),
        ("enters on green, is 0.3 m beside it for a moment", [(18, -1, 0), (20, 2, 2.3), (22, 4, 2.3), (29, 13, 0)], 0),
        ("enters on green, leaves it by 2 m, comes back", [(18, -1, 0), (20, 2, 4), (23, 4, 4), (32, 13, 0)], 1),
        ("is beside it for a moment on red", [(24, -1, 0), (26, 2, 2.3), (28, 4, 2.3), (35, 13, 0)], 1),
        (
            "caught, goes back to the kerb, goes again",
            [(18, -1, 0), (20, 2, 0), (23, -1, 0), (26, -1, 0), (34, 9, 0)],
            1,
        ),
        (
            "caught, steps over the kerb for half a second, goes again",
            [(18, -1, 0), (20, 1, 0), (21, -0.1, 0), (21.5, -0.1, 0), (31, 9, 0)],
            1,
        ),
        ("never comes near it", [(24, -5, 0), (30, -5, 9)], 0),
    ],
)
def test_who_enters_on_red_and_goes_on_has_broken_the_rule(story, keys, accused):
    for mirrored in (False, True):
        walked = [(t, 12 - x, y) if mirrored else (t, x, y) for t, x, y in keys]
        assert len(crossed(walked)) == accused, story


@pytest.mark.parametrize(
    ("story", "spoken", "entries_s"),
    [
        ("over on red, back on the next", "r0 g30 r40", [26, 43]),
        ("over on red, back on green", "r0 g40", [26]),
        ("over on green, back on red", "g0 r40", [43]),
        ("on flashing green both ways", "f0", []),
        ("nobody knows what it showed", "u0", []),
        ("nothing was ever heard of the lamp", "", []),
        ("red to the end of the world", "r0", [26]),
    ],
)
def test_each_red_counts_once(story, spoken, entries_s):
    found = crossed(OVER_AND_BACK, shown(spoken))
    assert [round(one.entered_ms / 1000) for one in found] == entries_s, story


def test_a_violation_says_when_and_how_far():
    (one,) = crossed([(25, -2, 0), (39, 12, 0), (41, 14, 0)])
    assert (one.entered_ms, one.confirmed_ms, one.red_since_ms) == (27_000, 30_000, 20_000)
    assert one.advance_m == pytest.approx(12, abs=0.11)


def test_only_what_is_walked_on_red_is_measured():
    (one,) = crossed([(44, -2, 0), (58, 12, 0)])
    assert one.advance_m == pytest.approx(4.0)


def test_the_entry_lies_where_the_edge_was_crossed_between_two_frames():
    (one,) = crossed([(25, -2.03, 0), (40, 12.97, 0)])
    assert one.entered_ms == pytest.approx(27_030, abs=1)


def test_a_crosswalk_has_its_outline_and_its_way_over():
    aslant = Crosswalk(np.array([[1.0, 1.0], [4.0, 5.0]]), 2.0)
    assert aslant.across == pytest.approx([0.6, 0.8])
    assert (aslant.length_m, aslant.polygon.area) == pytest.approx((5, 10))
    assert aslant.corners.shape == (4, 2)
    assert aslant.corners.mean(axis=0) == pytest.approx([2.5, 3.0])


def test_runs_of_true():
    assert runs(np.array([True, True, False, True])) == [(0, 1), (3, 3)]
    assert runs(np.array([False])) == runs(np.array([], dtype=bool)) == []


places = st.lists(st.tuples(st.integers(-3, 15), st.integers(-4, 4)), min_size=2, max_size=6)


@example([(0, 0), (0, -4), (9, -1)], 107_739)  # enters at the very end of the grace
@given(places, st.integers(0, 3_600_000))
def test_the_time_of_day_changes_nothing(way, later_ms):
    walked = trace(*((15 + 5 * step, *place) for step, place in enumerate(way)))
    later = SignalTimeline(
        LampChange(t_ms + later_ms, "lamp", state)
        for t_ms, state in ((0, LampState.GREEN), (20_000, LampState.RED), (50_000, LampState.GREEN))
    )
    now = crossed_on_red(walked.times_ms, walked.places, CROSSING, lamp(), "lamp")
    then = crossed_on_red(walked.times_ms + later_ms, walked.places, CROSSING, later, "lamp")
    moved = [
        replace(
            one,
            entered_ms=one.entered_ms - later_ms,
            confirmed_ms=one.confirmed_ms - later_ms,
            red_since_ms=one.red_since_ms - later_ms,
        )
        for one in then
    ]
    assert moved == list(now)


@given(places)
def test_a_longer_red_takes_nobody_out(way):
    walked = [(15 + 5 * step, *place) for step, place in enumerate(way)]
    short, long = (crossed(walked, lamp(red_s=(20, ends_s))) for ends_s in (30, 80))
    assert {one.entered_ms for one in short} <= {one.entered_ms for one in long}
