"""What a seed plays: drawn walkers, a crosswalk laid among them, and acts whose verdict hangs on nothing small."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from remixing import SIZE_PX, plain_ground, walker

from contract.words import LampState
from datasets.remix.staging import LAMP_ROOM_PX, Wish, overlaps, stage
from datasets.remix.values import STEP_MS, Intent

CLIPS = tuple(walker(number, (-9, 6 - 2 * number), (9, -7 + 2 * number)) for number in range(1, 6))
SEEDS = range(3)


@cache
def played(seed, *, crowded=False):
    return stage(Wish(seed, 60.0, crowded, proposed=400), CLIPS, plain_ground(), SIZE_PX)


def together(acts):
    for index, one in enumerate(acts):
        for other in acts[:index]:
            both = np.arange(max(one.start_ms, other.start_ms), min(one.end_ms, other.end_ms) + 1, STEP_MS)
            if len(both):
                a, b = (act.boxes_px[(both - act.start_ms) // STEP_MS] for act in (one, other))
                yield one, other, overlaps(a, b, 0).any()


def test_a_seed_gives_one_remix_and_another_seed_another():
    played.cache_clear()
    one = played(1)
    played.cache_clear()
    same, other = played(1), played(2)
    assert [act.start_ms for act in one.acts] == [act.start_ms for act in same.acts]
    ends = [remix.setting.crosswalk.ends.tolist() for remix in (one, same, other)]
    assert ends[0] == ends[1] != ends[2]


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_in_two_places_and_nobody_covers_anybody(seed):
    acts = played(seed).acts
    assert len(acts) >= 4
    for one, other, covered in together(acts):
        assert one.clip.person != other.clip.person
        assert not covered


def test_a_crowd_may_cover_each_other():
    assert any(covered for seed in SEEDS for _, _, covered in together(played(seed, crowded=True).acts))


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_happens_within_the_video_and_the_lamp_is_never_covered(seed):
    remix = played(seed)
    x, y, width, height = remix.lamp_xywh_px
    for act in remix.acts:
        assert 0 <= act.start_ms <= act.end_ms < remix.setting.end_ms
        assert act.start_ms % STEP_MS == 0
        lamp = np.tile([x, y, x + width, y + height], (len(act.order), 1))
        assert not overlaps(act.boxes_px, lamp, LAMP_ROOM_PX).any()


@pytest.mark.parametrize(("east_m", "late_ms"), [(0.29, 0), (-0.29, 0), (0, 390), (0, -390), (0.2, -300)])
def test_no_verdict_hangs_on_a_foot_s_breadth_or_a_blink(east_m, late_ms):
    remix = played(1)
    for act in remix.acts:
        true, near = (
            [one.red_since_ms for one in remix.setting.crossed(times, feet)]
            for times, feet in (
                (act.times_ms, act.feet_m),
                (act.times_ms + late_ms, act.feet_m + np.array([east_m, 0.0])),
            )
        )
        assert true == near


def test_people_violate_and_do_not_and_stand_where_they_should():
    acts = [(remix, act) for seed in SEEDS for remix in [played(seed)] for act in remix.acts]
    violations = [act for remix, act in acts if remix.setting.crossed(act.times_ms, act.feet_m)]
    assert len(violations) >= 3
    assert len(acts) - len(violations) >= 3
    assert {act.intent for _, act in acts} >= {Intent.WALK, Intent.WAIT_AT_KERB}
    assert all(np.diff(act.order).min() == 0 for _, act in acts if act.intent is Intent.WAIT_AT_KERB)


def test_the_lamp_goes_from_green_over_flashing_to_red():
    order = [span.state for span in played(1).setting.spans()]
    green, flashing, red = LampState.GREEN, LampState.FLASHING_GREEN, LampState.RED
    assert {(green, flashing), (flashing, red), (red, green)} >= set(pairwise(order))


def test_nobody_may_fit_and_there_is_still_a_lamp():
    remix = stage(Wish(1, 60.0, proposed=0), CLIPS, plain_ground(), SIZE_PX)
    assert remix.acts == ()
    assert remix.lamp_xywh_px[2:] == (14, 30)
