"""Places that jitter are steadied; places that do not are left to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from walking import CROSSWALK, RED, go, judge, kinds, lamp, scene, seen

from contract.words import RoadUserKind
from edge.observations import RoadUser
from edge.rules.params import TrackParams
from edge.rules.steady import Steadier

PARAMS = TrackParams.of("tracks", {})


def steadied(rows, params=PARAMS):
    """Return the places (n, 2) of one track, as the rules see them."""
    steadier = Steadier(params, 5)
    instants = [i for t_ms, user in rows for i in steadier.take(t_ms, [user])] + steadier.finish()
    assert [i.t_ms for i in instants] == [t_ms for t_ms, _ in rows]
    return np.array([i.sights[0].point for i in instants])


def places(rows):
    return np.array([(user.x_m, user.y_m) for _, user in rows])


def noisy(rows, sigma_m, seed=1):
    chance = np.random.default_rng(seed)
    return [(t, RoadUser(u.track_id, u.kind, *chance.normal((u.x_m, u.y_m), sigma_m).tolist())) for t, u in rows]


CLEAN = [
    ("an even walk", go((0, 0, 0), (10, 3, 14))),
    ("a walk that turns back", go((0, 0, 0), (4, 0, 5), (8, 0, 0))),
    ("a stop and a start", go((0, 0, 0), (3, 0, 5), (8, 0, 5), (10, 0, 9))),
    ("a sharp turn", go((0, 0, 0), (3, 0, 4), (6, 4, 4))),
    ("seen three times a second", go((0, 0, 0), (10, 3, 14), step_s=0.33)),
]


@pytest.mark.parametrize(("story", "rows"), CLEAN, ids=[s[0] for s in CLEAN])
def test_a_clean_track_is_left_bit_for_bit(story, rows):
    assert (steadied(rows) == places(rows)).all()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=4))
def test_whatever_way_it_goes_a_clean_track_is_left_bit_for_bit(corners):
    rows = go(*((3.0 * i, x / 7, y / 7) for i, (x, y) in enumerate(corners)))
    assert (steadied(rows) == places(rows)).all()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rows", [CLEAN[0][1], go((0, 1, 1), (10, 1, 1))], ids=["walks", "stands"])
def test_white_noise_of_30_cm_is_steadied_to_under_12_cm(rows, seed):
    off_m = (steadied(noisy(rows, 0.3, seed)) - places(rows))[15:-10]  # a second is needed to know that it jitters
    assert np.sqrt((off_m**2).mean()) < 0.12
    assert np.sqrt((off_m**2).mean()) < 0.45 * 0.3


@pytest.mark.parametrize("sigma_m", [0.01, 0.02])
def test_a_jitter_of_a_centimetre_or_two_is_left(sigma_m):
    rows = noisy(CLEAN[0][1], sigma_m)
    assert (steadied(rows) == places(rows)).all()


def test_a_turn_is_kept_under_noise():
    turned = go((0, 0, 0), (5, 0, 7), (10, 0, 0))
    highest = max(steadied(noisy(turned, 0.15))[:, 1])
    assert highest == pytest.approx(7, abs=0.5)


def test_what_is_seen_after_the_look_ahead_changes_nothing():
    rows = noisy(CLEAN[0][1], 0.3)
    steadier = Steadier(PARAMS, 5)
    early = [i.sights[0].point for t_ms, user in rows[:60] for i in steadier.take(t_ms, [user])]
    assert len(early) == 50  # a second is held back
    assert early == [tuple(p) for p in steadied(rows)[:50].tolist()]


def test_nothing_is_held_back_without_a_look_ahead():
    steadier = Steadier(TrackParams.of("tracks", {"tracks": {"look_ahead_s": 0}}), 5)
    assert [i.t_ms for i in steadier.take(500, [RoadUser(1, RoadUserKind.CAR, 0, 0)])] == [500]


@pytest.mark.parametrize("seed", range(5))
def test_a_walk_on_red_under_noise_is_one_violation_and_waiting_at_the_kerb_none(seed):
    def accused(rows):
        return kinds(judge(seen(noisy(rows, 0.3, seed)), scene(CROSSWALK), lamp((0, RED))))

    assert accused(go((1, 2, -3), (12, 2, 13))) == ["pedestrian_red_light"]
    assert accused(go((1, 2, -3), (3, 2, -0.3), (40, 2, -0.3))) == []
