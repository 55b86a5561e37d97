import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.scene import FixedPlan
from contract.words import LampState
from edge.signals.plan import PlannedSignals
from edge.signals.timeline import LampChange, SignalTimeline

PLAN = FixedPlan(90, 0, (0, 40), (40, 43))


@pytest.mark.parametrize(
    ("t_s", "state", "since_s", "until_s"),
    [
        (0, LampState.GREEN, 0, 40),
        (39.999, LampState.GREEN, 0, 40),
        (40, LampState.YELLOW, 40, 43),
        (43, LampState.RED, 43, 90),
        (89.999, LampState.RED, 43, 90),
        (90, LampState.GREEN, 90, 130),
    ],
)
def test_a_plan_is_green_then_yellow_then_red(t_s, state, since_s, until_s):
    shown = PlannedSignals({"v": PLAN}, 0).shown("v", round(t_s * 1000))
    assert (shown.state, shown.since_ms, shown.until_ms) == (state, since_s * 1000, until_s * 1000)


def test_a_red_that_goes_over_the_end_of_the_cycle_is_one_red():
    shown = PlannedSignals({"p": FixedPlan(40, 0, (22, 38))}, 0).shown("p", 1000)
    assert (shown.state, shown.since_ms, shown.until_ms) == (LampState.RED, -2000, 22_000)
    shown = PlannedSignals({"p": FixedPlan(40, 0, (22, 38))}, 0).shown("p", 39_000)
    assert (shown.state, shown.since_ms, shown.until_ms) == (LampState.RED, 38_000, 62_000)


def test_a_signal_without_a_plan_is_unknown():
    assert PlannedSignals({}, 0).shown("p", 0).state is LampState.UNKNOWN


@given(
    st.integers(10, 120),
    st.floats(-50, 50),
    st.floats(0, 0.5),
    st.floats(0.55, 1),
    st.integers(0, 2 * 10**12),
    st.integers(0, 10**6),
)
def test_its_span_holds_the_time_asked_for_and_its_changes_say_the_same(cycle, offset, begin, end, start_ms, t_ms):
    plan = FixedPlan(cycle, offset, (begin * cycle, end * cycle))
    signals = PlannedSignals({"p": plan}, start_ms)
    shown = signals.shown("p", t_ms)
    assert shown.since_ms is None or shown.since_ms <= t_ms
    assert shown.until_ms is None or shown.until_ms > t_ms
    if t_ms < 10 * cycle * 1000:
        timeline = SignalTimeline(signals.changes(t_ms + 1))
        assert timeline.shown("p", t_ms).state is shown.state


def test_a_timeline_holds_each_state_until_the_next_and_is_unknown_before_the_first():
    rows = [(100, LampState.RED), (200, LampState.RED), (300, LampState.GREEN)]
    timeline = SignalTimeline(LampChange(t, "p", state) for t, state in rows)
    told = [(timeline.shown("p", t).state, timeline.shown("p", t).since_ms) for t in (0, 100, 250, 300)]
    assert told == [
        (LampState.UNKNOWN, None),
        (LampState.RED, 100),
        (LampState.RED, 100),
        (LampState.GREEN, 300),
    ]
    assert timeline.shown("p", 100).until_ms == 300
    with pytest.raises(ValueError, match="at or after"):
        timeline.add(LampChange(200, "p", LampState.RED))
