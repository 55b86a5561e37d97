"""Two who meet: may a tracker have given each the other's number? Told by the places alone."""

from dataclasses import replace

import numpy as np
import pytest
from walking import CROSSWALK, RED, RIDER, WALKER, go, judge, lamp, reasons, scene, seen

from edge.observations import RoadUser
from edge.rules.params import TrackParams
from edge.rules.steady import Steadier

UP = go((0, 0, -7), (10, 0, 7), number=1)
DOWN = go((0, 0.4, 7), (10, 0.4, -7), number=2)
RIGHT = go((0, -7, 0), (10, 7, 0), number=2)


def exchanged(*ways, at_s):
    """Return the ways with the numbers 1 and 2 exchanged from a time on."""
    return [[(t, u if t < at_s * 1000 else replace(u, track_id=3 - u.track_id)) for t, u in way] for way in ways]


def noisy(ways, sigma_m, seed):
    chance = np.random.default_rng(seed)
    return [
        [(t, RoadUser(u.track_id, u.kind, *chance.normal((u.x_m, u.y_m), sigma_m).tolist())) for t, u in way]
        for way in ways
    ]


def doubted(ways):
    """Return whose number was doubted, and by whom."""
    steadier = Steadier(TrackParams.of("tracks", {}), 5)
    instants = [i for o in seen(*ways) for i in steadier.take(o.t_ms, sorted(o.road_users, key=lambda u: u.track_id))]
    instants += steadier.finish()
    return {
        (number, sight.exchanged_with)
        for i in instants
        for number, sight in zip(i.tracks, i.sights, strict=True)
        if sight.exchanged_with is not None
    }


BOTH, NOBODY = {(1, 2), (2, 1)}, set()
STORIES = [
    ("meet and pass, each keeps the number", [UP, DOWN], NOBODY),
    ("meet and pass, the numbers are exchanged", exchanged(UP, DOWN, at_s=5), BOTH),
    ("cross, each keeps the number", [UP, RIGHT], NOBODY),
    ("cross, the numbers are exchanged", exchanged(UP, RIGHT, at_s=5), BOTH),
    (
        "side by side, half a metre apart",
        [go((0, 0, -7), (10, 0, 7)), go((0, 0.5, -7), (10, 0.5, 7), number=2)],
        NOBODY,
    ),
    ("stand together", [go((0, 0, 0), (10, 0, 0)), go((0, 0.5, 0), (10, 0.5, 0), number=2)], NOBODY),
    (
        "walk together, then stand together",
        [go((0, 0, -5), (4, 0, 0), (10, 0, 0)), go((0, 0.6, -5), (4, 0.6, 0), (10, 0.6, 0), number=2)],
        NOBODY,
    ),
    ("one walks past who stands, each keeps the number", [UP, go((0, 0.5, 0), (10, 0.5, 0), number=2)], NOBODY),
    (
        "one walks past who stands, the numbers are exchanged",
        exchanged(UP, go((0, 0.5, 0), (10, 0.5, 0), number=2), at_s=5),
        BOTH,
    ),
    ("pass 4 m apart", [UP, go((0, 4, 7), (10, 4, -7), number=2)], NOBODY),
    (
        "on foot and riding are told apart by what they are",
        [UP, [(t, replace(u, kind=RIDER)) for t, u in RIGHT]],
        NOBODY,
    ),
    ("one turns around on the spot, alone", [go((0, 0, -7), (5, 0, 0), (10, 0, -7))], NOBODY),
]


@pytest.mark.parametrize(("story", "ways", "doubt"), STORIES, ids=[s[0] for s in STORIES])
def test_stories(story, ways, doubt):
    assert doubted(ways) == doubt


@pytest.mark.parametrize(
    ("story", "ways", "doubt"), STORIES[:2] + STORIES[4:6], ids=lambda s: s if isinstance(s, str) else ""
)
@pytest.mark.parametrize("seed", range(3))
def test_the_same_under_noise_of_15_cm(story, ways, doubt, seed):
    assert doubted(noisy(ways, 0.15, seed)) == doubt


def test_who_may_have_been_exchanged_on_the_crosswalk_is_not_accused():
    walks, comes = go((1, 2, -2), (11, 2, 12)), go((1, 2.4, 12), (11, 2.4, -2), number=2)
    sure = judge(seen(walks, comes), scene(CROSSWALK), lamp((0, RED)))
    assert {p.reason for p in sure.passages} == {"advanced_on_red"}
    early = exchanged(go((1, 2, -2), (11, 2, 12)), go((1, 2.4, 4), (4.5, 2.4, 1), (8, 2.4, -4), number=2), at_s=4.0)
    said = judge(seen(*early), scene(CROSSWALK), lamp((0, RED)))
    assert [v for v in said.violations if v.confirmed_ms > 4000] == []
    assert "identity_unsure" in reasons(said)


def test_two_who_cross_on_red_and_exchange_numbers_half_way_are_two_acts():
    ways = exchanged(go((1, 2, -2), (11, 2, 12)), go((1, 2.4, 12), (11, 2.4, -2), number=2), at_s=6)
    said = judge(seen(*ways), scene(CROSSWALK), lamp((0, RED)))
    assert len(said.violations) == 2
    assert {u.kind for way in ways for _, u in way} == {WALKER}
