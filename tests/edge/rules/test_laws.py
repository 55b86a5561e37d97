"""What must hold of every rule, whatever happens: hypothesis looks for people, rides and lamps that break it."""

from dataclasses import replace
from math import cos, hypot, sin
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from walking import CAR, CROSSWALK, GREEN, LANE, LINE, RED, RIDER, WALKER, go, judge, lamp, ride, scene, seen, together

from calibration.scene import Crosswalk, Lane, StopLine
from contract.words import PassageVerdict, RoadUserKind
from edge.observations import Judged, Observation, RoadUser
from edge.rules.engine import RuleEngine
from edge.signals.timeline import LampChange, SignalTimeline

LINE_X, LANE_X = 20.0, 40.0
ZONES = (
    CROSSWALK,
    replace(LINE, line_m=((LINE_X, 0.0), (LINE_X + 3.5, 0.0)), beyond_m=(LINE_X, 4.0)),
    replace(LANE, polygon_m=tuple((x + LANE_X, y) for x, y in LANE.polygon_m)),
)
"""A crosswalk, a stop line and a lane beside each other: too far apart for anybody to be taken for somebody else."""
PLACES = st.integers(0, 100).map(lambda cm: cm / 100 + 0.0037)  # never at a threshold to the last bit
few = settings(max_examples=30)


class Way(NamedTuple):
    """One road user through (t_s, x_m, y_m)."""

    number: int
    kind: RoadUserKind
    stops: tuple[tuple[float, float, float], ...]

    def rows(self):
        return go(*self.stops, kind=self.kind, number=self.number)


def met(crowd):
    """Return the instants of all of them."""
    return seen(*(way.rows() for way in crowd))


@st.composite
def crossing(draw, number):
    """Somebody on foot or riding, over the crosswalk or from one end of it to the other and back."""
    kind = draw(st.sampled_from([WALKER, RIDER]))
    speed_mps = draw(st.integers(8, 25)) / 10 * (2 if kind is RIDER else 1)
    x, y = 0.7 + 3.5 * draw(PLACES), -1.3 - 3 * draw(PLACES)
    begin_s = 1 + 3 * draw(PLACES)
    to_y = draw(st.sampled_from([1.7, 4.3, 6.1, 12.3]))
    out = (begin_s + (to_y - y) / speed_mps, x, to_y)
    back = () if to_y > 10 else ((2 * out[0] - begin_s, x, y),)
    return Way(number, kind, ((begin_s, x, y), out, *back))


@st.composite
def at_the_line(draw, number):
    """A rider who comes to the stop line, may stand there, and may go on."""
    x, speed_mps = LINE_X + 0.4 + 2.5 * draw(PLACES), 2 + 4 * draw(PLACES)
    begin_s, stand_y = 1 + 3 * draw(PLACES), draw(st.sampled_from([-0.8, 0.4, 1.6, 2.4, 5.2]))
    stand_s = draw(st.sampled_from([0.3, 3.1, 8.3, 13.7]))
    there_s = begin_s + (stand_y + 9) / speed_mps
    goes = draw(st.booleans())
    on = ((there_s + stand_s + 20 / speed_mps, x, stand_y + 20),) if goes else ()
    return Way(number, RIDER, ((begin_s, x, -9.0), (there_s, x, stand_y), (there_s + stand_s, x, stand_y), *on))


@st.composite
def in_the_lane(draw, number):
    """A rider with the lane or against it, a short or a long way."""
    speed_mps, begin_s = 2.2 + 3 * draw(PLACES), 1 + 3 * draw(PLACES)
    x, y = LANE_X + 0.3 + 2 * draw(PLACES), 28 + 5 * draw(PLACES)
    length_m = draw(st.sampled_from([-25.0, -5.2, 5.2, 25.0]))
    return Way(number, RIDER, ((begin_s, x, y), (begin_s + abs(length_m) / speed_mps, x, y + length_m)))


def road_users(number):
    return st.one_of(crossing(number), at_the_line(number), in_the_lane(number))


CROWDS = st.integers(1, 3).flatmap(lambda count: st.tuples(*(road_users(number) for number in range(count))))
LAMPS = st.lists(st.tuples(st.integers(5, 200), st.sampled_from([RED, GREEN])), max_size=4).map(
    lambda changes: [(0.0, RED), *sorted((tenths / 10 + 0.0137, state) for tenths, state in changes)]
)


def verdicts(judged: Judged):
    """Return who was accused of what, and what became of every passage."""
    accused = sorted((v.track_id, v.kind) for v in judged.violations)
    return accused, sorted((p.track_id, p.zone_id, p.reason) for p in judged.passages)


def verdict_of(rows, signals, zones=ZONES):
    return judge(rows, scene(*zones), signals)


@few
@given(CROWDS, LAMPS, st.integers(0, 10**9))
def test_shifting_time_changes_no_verdict(crowd, changes, shift_ms):
    rows = met(crowd)
    later = [Observation(o.t_ms + shift_ms, o.road_users) for o in rows]
    shifted = SignalTimeline(LampChange(round(t * 1000) + shift_ms, "lamp", state) for t, state in changes)
    assert verdicts(verdict_of(rows, lamp(*changes))) == verdicts(verdict_of(later, shifted))


def moved(zone: Crosswalk | StopLine | Lane, at, turn):
    """Return a zone elsewhere: ``at`` moves a place, ``turn`` a direction."""
    if isinstance(zone, Crosswalk):
        return replace(zone, polygon_m=tuple(map(at, zone.polygon_m)), across=turn(zone.across))
    if isinstance(zone, StopLine):
        return replace(zone, line_m=tuple(map(at, zone.line_m)), beyond_m=at(zone.beyond_m))
    return replace(zone, polygon_m=tuple(map(at, zone.polygon_m)), direction=turn(zone.direction))


@few
@given(CROWDS, LAMPS, st.integers(1, 628), st.integers(-500, 500), st.integers(-500, 500))
def test_turning_and_moving_the_ground_changes_no_verdict(crowd, changes, angle, dx, dy):
    def turn(way):
        x, y, a = *way, angle / 100
        return x * cos(a) - y * sin(a), x * sin(a) + y * cos(a)

    def at(place):
        x, y = turn(place)
        return x + dx, y + dy

    here = met(crowd)
    there = [
        Observation(
            o.t_ms, tuple(replace(u, x_m=at((u.x_m, u.y_m))[0], y_m=at((u.x_m, u.y_m))[1]) for u in o.road_users)
        )
        for o in here
    ]
    elsewhere = tuple(moved(zone, at, turn) for zone in ZONES)
    assert verdicts(verdict_of(here, lamp(*changes))) == verdicts(verdict_of(there, lamp(*changes), elsewhere))


def parted(rows, data):
    """Drop up to half of the sights of one road user, never so many in one go that the track would be in doubt."""
    dropped = data.draw(st.sets(st.integers(1, len(rows) - 2), max_size=len(rows) // 2))
    kept, last_ms = [], None
    for index, row in enumerate(rows):
        if index not in dropped or row[0] - last_ms > 1700:
            kept.append(row)
            last_ms = row[0]
    return kept


def speeds(low, high):
    """Return speeds in metres a second, given in tenths."""
    return st.integers(low, high).map(lambda tenths: tenths / 10 + 0.0137)


STRAIGHT = st.one_of(
    st.tuples(st.sampled_from([WALKER, RIDER]), speeds(8, 40), st.just(2.3), st.just(-4.3), st.just(13.1)),
    st.tuples(st.just(RIDER), speeds(20, 60), st.just(LINE_X + 1), st.just(-16.0), st.just(24.0)),
    st.tuples(st.just(RIDER), speeds(22, 50), st.just(LANE_X + 1), st.just(50.0), st.just(15.0)),
)


@few
@given(STRAIGHT, LAMPS, st.data())
def test_dropping_up_to_half_of_the_frames_of_a_clean_track_changes_no_verdict(way, changes, data):
    kind, speed_mps, x, from_y, to_y = way
    rows = go((1.0037, x, from_y), (1.0037 + abs(to_y - from_y) / speed_mps, x, to_y), kind=kind)
    whole, half = (verdict_of(seen(r), lamp(*changes)) for r in (rows, parted(rows, data)))
    assert verdicts(whole) == verdicts(half)


@few
@given(st.sampled_from([-0.8, 1.6, 2.2]), st.sampled_from([2.6, 9.3]), st.booleans(), st.data())
def test_dropping_frames_of_a_rider_who_stands_at_the_line_changes_no_verdict(stand_y, stand_s, goes, data):
    arrives_s = 1 + (stand_y + 9) / 4
    on = ((arrives_s + stand_s + 5, LINE_X + 1, stand_y + 20),) if goes else ()
    rows = ride((1, LINE_X + 1, -9), (arrives_s, LINE_X + 1, stand_y), (arrives_s + stand_s, LINE_X + 1, stand_y), *on)
    whole, half = (verdict_of(seen(r), lamp((0, RED))) for r in (rows, parted(rows, data)))
    assert verdicts(whole) == verdicts(half)


@few
@given(CROWDS, LAMPS)
def test_the_same_rows_twice_change_nothing(crowd, changes):
    rows = met(crowd)
    twice = [Observation(o.t_ms, o.road_users * 2) for o in rows]
    again = [o for o in rows for _ in range(2)]
    once = verdict_of(rows, lamp(*changes))
    assert once == verdict_of(twice, lamp(*changes)) == verdict_of(again, lamp(*changes))


@few
@given(CROWDS, st.integers(0, 200), st.integers(0, 100))
def test_a_longer_red_never_removes_a_violation(crowd, red, more):
    """Its kind may change: who stood beyond the line and goes on while it is still red has ridden on red."""

    def accused(red_s):
        judged = verdict_of(met(crowd), lamp((0, RED), (red_s + 0.0137, GREEN)))
        return [v.track_id for v in judged.violations]

    short, longer = accused(red / 10), accused((red + more) / 10)
    assert all(longer.count(track) >= short.count(track) for track in short)


@few
@given(CROWDS, LAMPS)
def test_judging_again_gives_the_same(crowd, changes):
    rows = met(crowd)
    assert verdict_of(rows, lamp(*changes)) == verdict_of(rows, lamp(*changes))


@few
@given(CROWDS, LAMPS, st.data())
def test_what_was_said_up_to_a_time_does_not_depend_on_what_comes_after(crowd, changes, data):
    rows, where = met(crowd), scene(*ZONES)
    cut = data.draw(st.integers(0, len(rows)))
    engine = RuleEngine(where, lamp(*changes))
    first = together(engine.observe(o) for o in rows[:cut])
    whole = together([first, *(engine.observe(o) for o in rows[cut:]), engine.finish()])
    alone = RuleEngine(where, lamp(*changes))
    assert together(alone.observe(o) for o in rows[:cut]) == first
    assert whole == judge(rows, where, lamp(*changes))


@few
@given(CROWDS, LAMPS, st.data())
def test_an_instant_may_be_cut_into_several(crowd, changes, data):
    rows = met(crowd)
    pieces = []
    for o in rows:
        at = data.draw(st.integers(0, len(o.road_users)))
        pieces += [Observation(o.t_ms, o.road_users[:at]), Observation(o.t_ms, o.road_users[at:])]
    assert verdict_of(rows, lamp(*changes)) == verdict_of(pieces, lamp(*changes))


@few
@given(CROWDS, LAMPS, st.randoms())
def test_the_order_of_rows_at_one_time_changes_nothing(crowd, changes, chance):
    rows = met(crowd)
    mixed = [Observation(o.t_ms, tuple(chance.sample(o.road_users, len(o.road_users)))) for o in rows]
    assert verdict_of(rows, lamp(*changes)) == verdict_of(mixed, lamp(*changes))


@few
@given(CROWDS, LAMPS)
def test_whoever_else_is_about_changes_no_verdict(crowd, changes):
    """Nobody here comes near anybody: each is judged as if alone."""
    apart = [way for index, way in enumerate(crowd) if all(_far(way, other) for other in crowd[:index])]
    together_ = verdicts(verdict_of(met(apart), lamp(*changes)))
    alone = [verdicts(verdict_of(met([way]), lamp(*changes))) for way in apart]
    assert together_ == (sorted(a for one, _ in alone for a in one), sorted(p for _, two in alone for p in two))


def _far(way, other, *, near_m=8.0):
    return all(hypot(a.x_m - b.x_m, a.y_m - b.y_m) > near_m for _, a in way.rows()[::10] for _, b in other.rows()[::10])


ROWS = st.builds(
    RoadUser,
    st.integers(1, 3),
    st.sampled_from([WALKER, RIDER, CAR]),
    st.sampled_from([-1.0, 2.0, 2.1, LINE_X + 1, LANE_X + 1]),
    st.sampled_from([-0.5, 0.5, 2.0, 4.0, 8.0, 14.0]),
    settled=st.booleans(),
    identity=st.sampled_from([1.0, 0.95, 0.5]),
)
CHAOS = st.lists(st.lists(ROWS, max_size=5), max_size=12)


@given(CHAOS, st.randoms())
def test_of_contradicting_rows_too_the_order_changes_nothing(instants, chance):
    def judged(rows):
        return verdict_of([Observation(500 * i, tuple(users)) for i, users in enumerate(rows)], lamp((0, RED)))

    assert judged(instants) == judged([chance.sample(users, len(users)) for users in instants])


@given(CHAOS, LAMPS)
def test_every_violation_is_a_passage_and_every_guilty_passage_a_violation_and_all_is_forgotten(instants, changes):
    engine = RuleEngine(scene(*ZONES), lamp(*changes))
    judged = together(
        [
            *(engine.observe(Observation(500 * i, tuple(users))) for i, users in enumerate(instants)),
            engine.observe(Observation(100_000, ())),
            engine.observe(Observation(200_000, ())),
            engine.observe(Observation(300_000, ())),
        ]
    )
    assert engine.tracks_held == 0
    violations = [(v.track_id, v.zone_id) for v in judged.violations]
    guilty = [p for p in judged.passages if p.verdict is PassageVerdict.VIOLATION]
    assert sorted(violations) == sorted((p.track_id, p.zone_id) for p in guilty)
    assert engine.finish() == Judged()
