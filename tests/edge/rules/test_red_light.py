"""The pedestrian red-light rule as stories. The crosswalk runs from y = 0 (kerb) to y = 10 m; x from 0 to 5 m."""

from dataclasses import replace
from itertools import pairwise
from math import cos, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.scene import Crosswalk, Scene
from contract.words import LampState, PassageVerdict, RoadUserKind
from edge.observations import Observation, RoadUser
from edge.rules.engine import RuleEngine
from edge.signals.timeline import LampChange, SignalTimeline

RED, GREEN, DARK, UNKNOWN = LampState.RED, LampState.GREEN, LampState.DARK, LampState.UNKNOWN
WALKER = RoadUserKind.PEDESTRIAN
POLYGON = ((0.0, 0.0), (5.0, 0.0), (5.0, 10.0), (0.0, 10.0))
MINUTE_S = 60.0


def scene(*crosswalks: Crosswalk) -> Scene:
    return Scene("s", "site", "c", "north", (100, 100), None, (), crosswalks, (), ())


def crosswalk(name: str = "n", polygon=POLYGON, across=(0.0, 1.0)) -> Crosswalk:
    return Crosswalk(name, "ped", polygon, across)


def lamp(*changes: tuple[float, LampState]) -> SignalTimeline:
    return SignalTimeline(LampChange(round(t_s * 1000), "ped", state) for t_s, state in changes)


def judge(observations, signals, *crosswalks: Crosswalk):
    engine = RuleEngine(scene(*(crosswalks or (crosswalk(),))), signals)
    judged = [engine.observe(o) for o in observations] + [engine.finish()]
    return [v for j in judged for v in j.violations], [p for j in judged for p in j.passages]


def walk(*stops: tuple[float, float, float], step_s: float = 0.1, kind=WALKER) -> list[Observation]:
    """Walk evenly through (t_s, x_m, y_m), seen every ``step_s``."""
    seen = []
    for (t1, x1, y1), (t2, x2, y2) in pairwise(stops):
        count = max(1, round((t2 - t1) / step_s))
        for i in range(count):
            share = i / count
            seen.append((t1 + share * (t2 - t1), x1 + share * (x2 - x1), y1 + share * (y2 - y1)))
    seen.append(stops[-1])
    return [Observation(round(t * 1000), (RoadUser(1, kind, x, y),)) for t, x, y in seen]


CROSSES = walk((1, 2, -2), (11, 2, 12))  # 1.4 m/s; enters at 2.43 s, 3 m in at 4.57 s, out at 9.57 s
STORIES = [
    ("crossed on red", CROSSES, lamp((0, RED)), 1, "advanced_on_red"),
    ("crossed on green", CROSSES, lamp((0, GREEN)), 0, "not_red_at_entry"),
    ("entered on green, finished on red", CROSSES, lamp((0, GREEN), (3, RED)), 0, "not_red_at_entry"),
    ("entered on flashing green", CROSSES, lamp((0, LampState.FLASHING_GREEN), (3, RED)), 0, "not_red_at_entry"),
    ("entered on red, it turned green 1.5 m in", CROSSES, lamp((0, RED), (3.5, GREEN)), 0, "little_advance"),
    ("entered on red, it turned green 3.5 m in", CROSSES, lamp((0, RED), (5, GREEN)), 1, "advanced_on_red"),
    ("entered 0.3 s after the lamp turned red", CROSSES, lamp((0, GREEN), (2.13, RED)), 0, "just_turned_red"),
    ("entered 0.7 s after the lamp turned red", CROSSES, lamp((0, GREEN), (1.73, RED)), 1, "advanced_on_red"),
    ("entered on yellow", CROSSES, lamp((0, LampState.YELLOW)), 0, "not_red_at_entry"),
    ("the lamp flashes yellow", CROSSES, lamp((0, LampState.FLASHING_YELLOW)), 0, "not_red_at_entry"),
    ("the lamp is unknown", CROSSES, lamp((0, UNKNOWN)), 0, "lamp_unknown"),
    ("the lamp is dark", CROSSES, lamp((0, DARK)), 0, "lamp_unknown"),
    ("the lamp was never heard of", CROSSES, lamp(), 0, "lamp_unknown"),
    ("the lamp failed 1.5 m in", CROSSES, lamp((0, RED), (3.5, DARK)), 0, "little_advance"),
    (
        "entered on red, waited one third of the way, went on at green",
        walk((1, 2, -2), (4, 2, 3.4), (20, 2, 3.4), (26, 2, 12)),
        lamp((0, RED), (18, GREEN)),
        1,
        "advanced_on_red",
    ),
    (
        "entered on red, waited 2.8 m in, went on at green",
        walk((1, 2, -2), (4, 2, 2.8), (20, 2, 2.8), (26, 2, 12)),
        lamp((0, RED), (18, GREEN)),
        0,
        "little_advance",
    ),
    (
        "started two seconds before green, in a hurry",
        walk((1, 2, -1), (6, 2, 11.5)),
        lamp((0, RED), (3.4, GREEN)),
        1,
        "advanced_on_red",
    ),
    (
        "a metre in on red, stood beside the crosswalk until green, went on",
        walk((1, 0.5, -1), (3, 0.5, 1), (4, -0.3, 1), (20, -0.3, 1), (28, 2, 12)),
        lamp((0, RED), (10, GREEN)),
        0,
        "little_advance",
    ),
    (
        "waited just over the kerb on red, went at green",
        walk((1, 2, -1), (2, 2, 0.4), (20, 2, 0.4), (28, 2, 12)),
        lamp((0, RED), (18, GREEN)),
        0,
        "little_advance",
    ),
    (
        "started two seconds before green, at a stroll",
        walk((1, 2, -1), (9, 2, 7), (14, 2, 12)),
        lamp((0, RED), (4, GREEN)),
        0,
        "little_advance",
    ),
    ("stepped in and turned back", walk((1, 2, -1), (3, 2, 2), (6, 2, -3)), lamp((0, RED)), 0, "little_advance"),
    ("cut the corner", walk((1, -2, -1), (4, 3, 1.5), (6, 7, 3)), lamp((0, RED)), 0, "little_advance"),
    ("walked past the mouth", walk((1, -3, 0.5), (7, 8, 0.5)), lamp((0, RED)), 0, "little_advance"),
    ("first seen in the middle", walk((1, 2, 4), (6, 2, 12)), lamp((0, RED)), 0, "first_seen_inside"),
    (
        "a rider is not judged as a pedestrian",
        walk((1, 2, -2), (5, 2, 12), kind=RoadUserKind.RIDER),
        lamp((0, RED)),
        0,
        None,
    ),
]


@pytest.mark.parametrize(("story", "seen", "signals", "violations", "reason"), STORIES, ids=[s[0] for s in STORIES])
def test_stories(story, seen, signals, violations, reason):
    found, passages = judge(seen, signals)
    assert len(found) == violations
    assert [p.reason for p in passages] == ([] if reason is None else [reason])


def test_a_violation_says_when_where_and_how_far():
    ((violation,), (passage,)) = judge(CROSSES, lamp((0, RED)))
    assert violation.entered_ms == pytest.approx(2429, abs=2)
    assert 3.0 <= violation.measure < 3.3
    assert violation.confirmed_ms == 4600
    assert (violation.zone_id, violation.signal_id, violation.lamp_since_ms) == ("n", "ped", 0)
    assert passage.verdict is PassageVerdict.VIOLATION


def test_two_crosswalks_on_red_are_two_violations_and_a_return_in_the_same_red_is_none_more():
    far = crosswalk("far", tuple((x, y + 20) for x, y in POLYGON))
    found, _ = judge(walk((1, 2, -2), (26, 2, 33)), lamp((0, RED)), crosswalk(), far)
    assert [v.zone_id for v in found] == ["n", "far"]
    found, passages = judge(walk((1, 2, -2), (11, 2, 12), (21, 2, -2)), lamp((0, RED)))
    assert (len(found), len(passages)) == (1, 2)


def test_the_next_red_phase_is_another_act():
    found, _ = judge(walk((1, 2, -2), (11, 2, 12), (30, 2, 12), (40, 2, -2)), lamp((0, RED), (15, GREEN), (25, RED)))
    assert len(found) == 2


def test_who_waits_on_the_far_kerb_and_returns_on_red_enters_anew():
    seen = walk((1, 2, -2), (9.8, 2, 10.3), (30, 2, 10.3), (40, 2, -2))  # on the kerb 0.3 m beyond the crosswalk
    found, passages = judge(seen, lamp((0, GREEN), (15, RED)))
    assert [v.entered_ms > 30_000 for v in found] == [True]
    assert [p.reason for p in passages] == ["not_red_at_entry", "advanced_on_red"]


def test_a_step_off_its_side_for_a_moment_is_the_same_passage():
    found, passages = judge(walk((1, 2, -2), (4, 0.2, 2), (4.5, -0.8, 3), (5, 0.2, 4), (9, 2, 12)), lamp((0, RED)))
    assert (len(found), len(passages)) == (1, 1)


def test_swaying_at_the_kerb_is_no_entry():
    sway = [(1 + i * 0.5, 2, 0.2 if i % 2 else -0.2) for i in range(40)]
    found, _ = judge(walk(*sway, (22, 2, -0.2), (30, 2, 12)), lamp((0, RED), (20, GREEN)))
    assert found == []


def test_who_vanishes_on_the_crosswalk_and_comes_back_is_not_accused():
    seen = [o for o in walk((1, 2, -2), (11, 2, 12)) if not 3000 < o.t_ms < 6000]
    found, passages = judge(seen, lamp((0, RED)))
    assert (found, [p.reason for p in passages]) == ([], ["track_interrupted"])


def test_who_is_unseen_around_the_kerb_is_not_accused():
    seen = [o for o in walk((1, 2, -2), (11, 2, 12)) if not 1500 < o.t_ms < 4000]
    found, passages = judge(seen, lamp((0, RED)))
    assert (found, [p.reason for p in passages]) == ([], ["first_seen_inside"])


def test_who_turns_from_pedestrian_to_rider_is_not_accused():
    seen = walk((1, 2, -2), (3.5, 2, 1.5)) + walk((3.6, 2, 1.6), (11, 2, 12), kind=RoadUserKind.RIDER)
    found, passages = judge(seen, lamp((0, RED)))
    assert (found, [p.reason for p in passages]) == ([], ["kind_unsettled"])


@pytest.mark.parametrize("kinds", [(WALKER, RoadUserKind.RIDER), (RoadUserKind.RIDER, WALKER)])
def test_rows_that_contradict_each_other_accuse_nobody(kinds):
    def told(observation: Observation) -> Observation:
        (user,) = observation.road_users
        return Observation(observation.t_ms, tuple(replace(user, kind=kind) for kind in kinds))

    found, passages = judge([told(o) if o.t_ms == 3500 else o for o in CROSSES], lamp((0, RED)))
    assert (found, [p.reason for p in passages]) == ([], ["kind_unsettled"])


def test_the_engine_forgets_who_is_gone_and_refuses_time_that_goes_back():
    engine = RuleEngine(scene(crosswalk()), lamp((0, RED)))
    for observation in walk((1, 2, -2), (4, 2, 5)):
        engine.observe(observation)
    judged = engine.observe(Observation(60_000, ()))
    assert len(judged.passages) == 1
    assert engine.finish().passages == ()
    assert (engine._on_foot, engine._seen_ms) == ({}, {})  # noqa: SLF001 - memory is what this is about
    with pytest.raises(ValueError, match="time order"):
        engine.observe(Observation(1000, ()))


WAYS = st.tuples(st.floats(0.7, 2.5), st.floats(0.5, 4.5), st.floats(-5, -0.5), st.floats(10.5, 13))
LAMPS = st.lists(st.tuples(st.floats(0.5, 20), st.sampled_from([RED, GREEN])), max_size=4).map(
    lambda changes: [(0.0, RED), *sorted(changes, key=lambda c: c[0])]
)


def straight(way) -> list[Observation]:
    speed, x, y1, y2 = way
    return walk((1, x, y1), (1 + (y2 - y1) / speed, x, y2))


def verdicts(observations, signals, *crosswalks):
    found, passages = judge(observations, signals, *crosswalks)
    return len(found), [p.verdict for p in passages]


@given(WAYS, LAMPS, st.integers(0, 10**9))
def test_shifting_time_changes_no_verdict(way, changes, shift_ms):
    seen = straight(way)
    later = [Observation(o.t_ms + shift_ms, o.road_users) for o in seen]
    shifted = SignalTimeline(LampChange(round(t * 1000) + shift_ms, "ped", state) for t, state in changes)
    assert verdicts(seen, lamp(*changes)) == verdicts(later, shifted)


@given(WAYS, LAMPS, st.floats(-3.1, 3.1), st.floats(-500, 500), st.floats(-500, 500))
def test_turning_and_moving_the_ground_changes_no_verdict(way, changes, angle, dx, dy):
    def turned(x, y):
        return x * cos(angle) - y * sin(angle) + dx, x * sin(angle) + y * cos(angle) + dy

    moved = crosswalk("n", tuple(turned(x, y) for x, y in POLYGON), (-sin(angle), cos(angle)))
    seen = straight(way)
    there = [Observation(o.t_ms, tuple(RoadUser(1, WALKER, *turned(u.x_m, u.y_m)) for u in o.road_users)) for o in seen]
    engine_here, engine_there = judge(seen, lamp(*changes)), judge(there, lamp(*changes), moved)
    measures = [v.measure for v in engine_here[0]]
    if all(abs(m - 3.0) > 1e-6 for m in measures):  # at the threshold itself, a rounding error may tip it
        assert [p.verdict for p in engine_here[1]] == [p.verdict for p in engine_there[1]]


@given(WAYS, LAMPS, st.data())
def test_dropping_up_to_half_of_the_frames_changes_no_verdict(way, changes, data):
    seen = straight(way)
    dropped = data.draw(st.sets(st.integers(1, len(seen) - 2), max_size=len(seen) // 2).filter(_no_long_gap))
    kept = [o for i, o in enumerate(seen) if i not in dropped]
    assert verdicts(seen, lamp(*changes)) == verdicts(kept, lamp(*changes))


def _no_long_gap(dropped: set[int]) -> bool:
    return not any(all(i + k in dropped for k in range(18)) for i in dropped)


@given(WAYS, LAMPS)
def test_the_same_rows_twice_change_nothing(way, changes):
    seen = straight(way)
    twice = [Observation(o.t_ms, o.road_users * 2) for o in seen]
    assert judge(seen, lamp(*changes)) == judge(twice, lamp(*changes))


@given(WAYS, st.floats(0, 20), st.floats(0, 10))
def test_a_longer_red_never_removes_a_violation(way, red_s, more_s):
    seen = straight(way)
    short, _ = judge(seen, lamp((0, RED), (red_s, GREEN)))
    longer, _ = judge(seen, lamp((0, RED), (red_s + more_s, GREEN)))
    assert len(longer) >= len(short)


@given(WAYS, LAMPS)
def test_judging_again_gives_the_same(way, changes):
    seen = straight(way)
    assert judge(seen, lamp(*changes)) == judge(seen, lamp(*changes))


ROWS = st.builds(
    RoadUser,
    st.integers(1, 3),
    st.sampled_from([WALKER, RoadUserKind.RIDER, RoadUserKind.CAR]),
    st.sampled_from([-1.0, 2.0, 2.1]),
    st.sampled_from([-0.5, 0.5, 2.0, 4.0, 8.0]),
)


@given(st.lists(st.lists(ROWS, max_size=5), max_size=8), st.randoms())
def test_the_order_of_rows_at_one_time_changes_nothing(instants, chance):
    def judged(rows):
        return judge([Observation(500 * i, tuple(users)) for i, users in enumerate(rows)], lamp((0, RED)))

    assert judged(instants) == judged([chance.sample(users, len(users)) for users in instants])


@given(st.lists(st.lists(ROWS, max_size=5), max_size=8))
def test_whatever_was_seen_is_forgotten_and_each_violation_is_in_a_passage(instants):
    engine = RuleEngine(scene(crosswalk()), lamp((0, RED)))
    judged = [engine.observe(Observation(500 * i, tuple(users))) for i, users in enumerate(instants)]
    judged.append(engine.observe(Observation(60_000, ())))
    assert (engine._on_foot, engine._seen_ms) == ({}, {})  # noqa: SLF001 - memory is what this is about
    violations = {(v.track_id, v.entered_ms) for j in judged for v in j.violations}
    guilty = {(p.track_id, p.entered_ms) for j in judged for p in j.passages if p.verdict is PassageVerdict.VIOLATION}
    assert violations <= guilty
