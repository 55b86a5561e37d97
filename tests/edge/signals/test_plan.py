"""A fixed-time plan, held against a clock that is read second by second."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.scene import FixedPlan
from contract.words import LampState
from edge.signals.plan import PlannedSignals
from edge.signals.timeline import Shown, SignalTimeline

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


def by_hand(plan: FixedPlan, epoch_ms: int) -> LampState:
    into_s = ((epoch_ms - plan.offset_s * 1000) % (plan.cycle_s * 1000)) / 1000
    if plan.green_s[0] <= into_s < plan.green_s[1]:
        return LampState.GREEN
    if plan.yellow_s is not None and plan.yellow_s[0] <= into_s < plan.yellow_s[1]:
        return LampState.YELLOW
    return LampState.RED


@st.composite
def plans(draw) -> FixedPlan:
    cycle_s = draw(st.integers(4, 30))
    a, b, c, d = sorted(draw(st.lists(st.integers(0, cycle_s), min_size=4, max_size=4, unique=True)))
    green, yellow = draw(st.permutations([(a, b), (c, d)]))
    return FixedPlan(cycle_s, draw(st.integers(-40, 40)), green, draw(st.sampled_from([yellow, None])))


@given(plans(), st.integers(0, 2 * 10**12), st.integers(0, 10**5))
def test_state_and_span_are_those_found_by_going_second_by_second(plan, start_s, t_s):
    start_ms, t_ms = start_s * 1000, t_s * 1000
    shown = PlannedSignals({"p": plan}, start_ms).shown("p", t_ms)

    def state(at_ms: int) -> LampState:
        return by_hand(plan, start_ms + at_ms)

    since_ms, until_ms = t_ms, t_ms + 1000
    while state(since_ms - 1000) is shown.state:
        since_ms -= 1000
    while state(until_ms) is shown.state:
        until_ms += 1000
    assert shown == Shown(state(t_ms), since_ms, until_ms)


def test_green_from_the_beginning_to_the_end_of_the_cycle_is_never_red():
    signals = PlannedSignals({"p": FixedPlan(40, 0, (0, 40))}, 0)
    assert {signals.shown("p", t_ms).state for t_ms in range(0, 200_000, 500)} == {LampState.GREEN}
