"""A crosswalk as a zone, the entry into it, and what is doubtful about who passes."""

import pytest
from walking import CROSSWALK, RIDER, WALKER

from calibration.scene import Crosswalk
from edge.rules.passage import Certainty, Zone, find_entry
from edge.rules.reasons import Reason
from edge.rules.sight import Sight

ZONE = Zone.of(CROSSWALK)
ROAD = ((-5.0, 0.0), (10.0, 0.0), (10.0, 10.0), (-5.0, 10.0))


@pytest.mark.parametrize(
    ("place", "holds", "between_kerbs", "from_end_m"),
    [
        ((2, 5), True, True, 5),
        ((2, 1), True, True, 1),
        ((7, 4), False, True, 4),
        ((2, -1), False, False, -1),
        ((2, 11), False, False, -1),
    ],
)
def test_on_the_crosswalk_beside_it_and_on_the_kerb(place, holds, between_kerbs, from_end_m):
    assert (ZONE.holds(place), ZONE.between_kerbs(place)) == (holds, between_kerbs)
    assert ZONE.from_end_m(place) == pytest.approx(from_end_m)


@pytest.mark.parametrize(("place", "beside_m"), [((7, 4), 2), ((-0.5, 9), 0.5), ((2, -1), None), ((7, 11), None)])
def test_beside_the_crosswalk_is_on_the_road_and_before_its_ends_is_on_a_kerb(place, beside_m):
    assert ZONE.beside_by_m(place) == (None if beside_m is None else pytest.approx(beside_m))


@pytest.mark.parametrize(
    ("story", "carriageway", "holds"),
    [
        ("none drawn", None, False),
        ("drawn around it", ROAD, True),
        ("drawn beside it, apart: the crosswalk alone", ((7.5, 0.0), (9.0, 0.0), (9.0, 9.0), (7.5, 9.0)), False),
    ],
)
def test_the_carriageway_around_it(story, carriageway, holds):
    zone = Zone.of(Crosswalk("walk", "lamp", CROSSWALK.polygon_m, (0.0, 1.0), carriageway))
    assert zone.holds((8, 5)) is holds
    assert zone.holds((2, 5))
    assert zone.ends_m == (0, 10)


@pytest.mark.parametrize(
    ("outside", "inside", "t_ms", "at"),
    [
        (Sight(1000, 2, -1), Sight(2000, 2, 1), 1500, (2, 0)),
        (Sight(1000, 2, -1), Sight(2000, 2, 3), 1250, (2, 0)),
        (Sight(1000, -1, 2), Sight(1100, 1, 4), 1050, (0, 3)),
        (Sight(1000, 2, 11), Sight(1100, 2, 9), 1050, (2, 10)),
    ],
)
def test_the_entry_is_where_the_way_crosses_the_edge(outside, inside, t_ms, at):
    entry = find_entry(ZONE, outside, inside)
    assert (entry.t_ms, entry.at) == (t_ms, pytest.approx(at))


SURE = Sight(0, 0, 0)
OPEN = Sight(0, 0, 0, settled=False)
RIDES = Sight(0, 0, 0, RIDER)
PERHAPS = Sight(0, 0, 0, identity=0.5)
MIXED = Sight(0, 0, 0, exchanged_with=7)


@pytest.mark.parametrize(
    ("story", "sights", "doubts"),
    [
        ("sure all the way", [SURE, SURE], []),
        ("open at first, then settled", [OPEN, SURE], []),
        ("settled, then open again", [SURE, OPEN], [Reason.KIND_UNSETTLED]),
        ("never settled", [OPEN, OPEN], [Reason.KIND_UNSETTLED]),
        ("settled as two kinds", [RIDES, SURE], [Reason.KIND_UNSETTLED]),
        ("settled as another kind", [RIDES], [Reason.KIND_UNSETTLED]),
        ("the tracker is not sure that it is the same one", [SURE, PERHAPS], [Reason.IDENTITY_UNSURE]),
        ("and is sure again later", [PERHAPS, SURE], []),
        ("met somebody with whom the number may have been exchanged", [MIXED, SURE], [Reason.IDENTITY_UNSURE]),
    ],
)
def test_what_is_doubtful(story, sights, doubts):
    who = Certainty(came_as=1.0, identity_min=0.9)
    for sight in sights:
        who.note(sight)
    assert list(who.doubts(WALKER)) == doubts


def test_doubts_from_before_the_passage_concern_nobody_here():
    who = Certainty(came_as=0.5, identity_min=0.9)
    who.note(PERHAPS)
    assert list(who.doubts(WALKER)) == []


def test_an_interrupted_track_is_a_doubt_after_all_others():
    who = Certainty(came_as=1.0, identity_min=0.9, interrupted=True)
    who.note(MIXED)
    assert list(who.doubts(WALKER)) == [Reason.IDENTITY_UNSURE, Reason.TRACK_INTERRUPTED]


@pytest.mark.parametrize(("sights", "kind"), [([SURE], WALKER), ([OPEN], None), ([SURE, RIDES], None)])
def test_the_one_kind_that_was_ever_settled(sights, kind):
    who = Certainty(came_as=1.0, identity_min=0.9)
    for sight in sights:
        who.note(sight)
    assert who.kind is kind
