"""The lamps of a span of time, written and read again, give the rules the same answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.scene import FixedPlan
from contract.words import HandOffCause, LampState
from edge.signals.hand_off import HandOff
from edge.signals.plan import PlannedSignals
from edge.signals.shown import shown_over
from edge.signals.timeline import LampChange, SignalTimeline
from edge.trajectories import hand_off_csv, read_hand_off, read_signals, signals_csv

CHANGES = st.dictionaries(st.integers(0, 9000), st.sampled_from(list(LampState)), max_size=12)
SPANS = st.tuples(st.integers(0, 9000), st.integers(0, 3000)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("shown") / "rows.csv"


def again(path, signals, span):
    from_ms, to_ms = span
    path.write_text(signals_csv(shown_over(signals, ("ped",), from_ms, to_ms), from_ms), encoding="utf-8")
    return read_signals(path, {"ped"})


@given(CHANGES, SPANS, st.data())
def test_a_recorded_timeline_answers_the_same_over_the_span(path, changes, span, data):
    signals = SignalTimeline(LampChange(t_ms, "ped", state) for t_ms, state in changes.items())
    recorded = again(path, signals, span)
    t_ms = data.draw(st.integers(*span))
    was, now = signals.shown("ped", t_ms), recorded.shown("ped", t_ms)
    assert (now.state, now.since_ms) == (was.state, was.since_ms)
    assert now.until_ms == (was.until_ms if was.until_ms is not None and was.until_ms <= span[1] else None)


@given(st.integers(0, 10**13), SPANS, st.data())
def test_a_plan_answers_the_same_also_before_its_first_change(path, start_ms, span, data):
    signals = PlannedSignals({"ped": FixedPlan(7.0, 1.0, (1.0, 3.0), (3.0, 3.5))}, start_ms)
    recorded = again(path, signals, span)
    t_ms = data.draw(st.integers(*span))
    was, now = signals.shown("ped", t_ms), recorded.shown("ped", t_ms)
    assert (now.state, now.since_ms) == (was.state, was.since_ms)


@given(st.dictionaries(st.integers(0, 9000), st.sampled_from([None, *HandOffCause]), max_size=8), SPANS, st.data())
def test_an_officers_switch_is_the_same_over_the_span(path, words, span, data):
    hand_off = HandOff(words.items())
    path.write_text(hand_off_csv(hand_off.over(*span), span[0]), encoding="utf-8")
    from_ms = data.draw(st.integers(*span))
    to_ms = data.draw(st.integers(from_ms, span[1]))
    assert read_hand_off(path).during(from_ms, to_ms) == hand_off.during(from_ms, to_ms)
