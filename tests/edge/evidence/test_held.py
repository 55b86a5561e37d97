"""Pictures of an act whose verdict comes late outlive the ring: its stills and no others, of so many acts at most."""

from dataclasses import replace

import pytest

from contract.words import RoadUserKind, ViolationKind
from edge.evidence.held import ACTS_MAX, HeldPictures
from edge.evidence.ring import Kept
from edge.observations import Observation, RoadUser, Violation

STANDS = Violation(ViolationKind.STOP_LINE, 1, "n", "veh", 2000, 9000, 5.0, RoadUserKind.RIDER)


def picture(t_ms: int) -> Kept:
    rider = RoadUser(1, RoadUserKind.RIDER, min(t_ms, 3000) / 1000 - 2, 0.0)
    return Kept(Observation(t_ms, (rider,)), b"jpeg at %d" % t_ms, (64, 48))


def ring(from_ms: int, to_ms: int) -> tuple[Kept, ...]:
    return tuple(picture(t_ms) for t_ms in range(from_ms, to_ms + 1, 200))


def times(pictures) -> list[int]:
    return [kept.observation.t_ms for kept in pictures]


def test_before_entry_and_standing_are_held_and_stand_before_what_the_ring_keeps_now():
    held = HeldPictures()
    held.hold(STANDS, ring(0, 10_000))
    now = ring(80_000, 90_000)
    assert times(held.pictures(STANDS, now)) == [1400, 2000, 9000, *times(now)]


def test_what_the_ring_still_keeps_is_there_once():
    held, now = HeldPictures(), ring(0, 10_000)
    held.hold(STANDS, now)
    assert held.pictures(STANDS, now) == now


@pytest.mark.parametrize(
    ("story", "verdict", "found"),
    [
        ("stood until the lamp turned green", STANDS, True),
        ("rode on after all", replace(STANDS, kind=ViolationKind.RIDER_RED_LIGHT, confirmed_ms=85_000), True),
        ("somebody else", replace(STANDS, track_id=2), False),
        ("another line", replace(STANDS, zone_id="s"), False),
        ("another crossing of the same line", replace(STANDS, entered_ms=60_000), False),
    ],
)
def test_an_act_is_known_by_who_where_and_since_when(story, verdict, found):
    held = HeldPictures()
    held.hold(STANDS, ring(0, 10_000))
    assert bool(held.pictures(verdict, ())) == found


def test_a_verdict_takes_its_pictures_with_it():
    held = HeldPictures()
    held.hold(STANDS, ring(0, 10_000))
    assert held.pictures(STANDS, ()) != ()
    assert held.pictures(STANDS, ()) == ()


def test_acts_that_never_come_to_a_verdict_do_not_fill_the_memory():
    held, acts = HeldPictures(), [replace(STANDS, track_id=n) for n in range(ACTS_MAX + 3)]
    for act in acts:
        rider = RoadUser(act.track_id, RoadUserKind.RIDER, 0.0, 0.0)
        held.hold(act, [Kept(Observation(9000, (rider,)), b"jpeg", (64, 48))])
    assert [act.track_id for act in acts if held.pictures(act, ())] == list(range(3, ACTS_MAX + 3))
