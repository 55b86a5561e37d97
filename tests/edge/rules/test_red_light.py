"""The pedestrian red-light rule as stories. The crosswalk runs from y = 0 (kerb) to y = 10 m; x from 0 to 5 m."""

from dataclasses import replace

import numpy as np
import pytest
from walking import (
    CROSSWALK,
    DARK,
    GREEN,
    RED,
    RIDER,
    UNKNOWN,
    WALKER,
    go,
    judge,
    kinds,
    lamp,
    reasons,
    scene,
    seen,
    unseen,
)

from calibration.scene import Crosswalk
from contract.words import LampState, PassageVerdict

FAR = Crosswalk("far", "lamp", tuple((x, y + 20) for x, y in CROSSWALK.polygon_m), (0.0, 1.0))
ISLAND = Crosswalk("island", "lamp", tuple((x, y + 11) for x, y in CROSSWALK.polygon_m), (0.0, 1.0))


def judged(rows, signals, *crosswalks, hand_off=None, **rules):
    return judge(seen(rows), scene(*(crosswalks or (CROSSWALK,)), **rules), signals, hand_off)


CROSSES = go((1, 2, -2), (11, 2, 12))  # 1.4 m/s; enters at 2.43 s, 3 m in at 4.57 s, out at 9.57 s
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
    (
        "the lamp failed 1.5 m in, and who knows what they did then",
        CROSSES,
        lamp((0, RED), (3.5, DARK)),
        0,
        "lamp_unknown",
    ),
    ("the lamp failed 3.5 m in", CROSSES, lamp((0, RED), (5, DARK)), 1, "advanced_on_red"),
    (
        "the lamp failed, they had turned back by then",
        go((1, 2, -1), (3, 2, 2), (6, 2, -3)),
        lamp((0, RED), (3.5, DARK)),
        0,
        "little_advance",
    ),
    ("the lamp's sources disagree from before they entered", CROSSES, lamp((0, RED), (2, UNKNOWN)), 0, "lamp_unknown"),
    (
        "entered on red, waited one third of the way, went on at green",
        go((1, 2, -2), (4, 2, 3.4), (20, 2, 3.4), (26, 2, 12)),
        lamp((0, RED), (18, GREEN)),
        1,
        "advanced_on_red",
    ),
    (
        "entered on red, waited 2.8 m in, went on at green",
        go((1, 2, -2), (4, 2, 2.8), (20, 2, 2.8), (26, 2, 12)),
        lamp((0, RED), (18, GREEN)),
        0,
        "little_advance",
    ),
    (
        "started two seconds before green, in a hurry",
        go((1, 2, -1), (6, 2, 11.5)),
        lamp((0, RED), (3.4, GREEN)),
        1,
        "advanced_on_red",
    ),
    (
        "a metre in on red, stood beside the crosswalk until green, went on",
        go((1, 0.5, -1), (3, 0.5, 1), (4, -0.3, 1), (20, -0.3, 1), (28, 2, 12)),
        lamp((0, RED), (10, GREEN)),
        0,
        "little_advance",
    ),
    (
        "waited at the kerb, went at green",
        go((1, 2, -0.5), (20, 2, -0.5), (28, 2, 12)),
        lamp((0, RED), (18, GREEN)),
        0,
        "not_red_at_entry",
    ),
    (
        "waited just over the kerb on red, went at green",
        go((1, 2, -1), (2, 2, 0.4), (20, 2, 0.4), (28, 2, 12)),
        lamp((0, RED), (18, GREEN)),
        0,
        "little_advance",
    ),
    (
        "started two seconds before green, at a stroll",
        go((1, 2, -1), (9, 2, 7), (14, 2, 12)),
        lamp((0, RED), (4, GREEN)),
        0,
        "little_advance",
    ),
    ("stepped in and turned back", go((1, 2, -1), (3, 2, 2), (6, 2, -3)), lamp((0, RED)), 0, "little_advance"),
    ("cut the corner", go((1, -2, -1), (4, 3, 1.5), (6, 7, 3)), lamp((0, RED)), 0, "little_advance"),
    ("walked past the mouth: no use of the crosswalk", go((1, -3, 0.5), (7, 8, 0.5)), lamp((0, RED)), 0, None),
    ("a foot over the kerb and back", go((1, 2, -1), (3, 2, 0.8), (6, 2, -3)), lamp((0, RED)), 0, None),
    (
        "came along the road on green, stepped onto the crosswalk after the change",
        go((1, -3, -1), (4, -3, 5), (10, -3, 5), (14, 2, 5), (18, 2, 11)),
        lamp((0, GREEN), (8, RED)),
        0,
        "not_red_at_entry",
    ),
    (
        "stepped on the road beside the crosswalk on red, then along the crosswalk",
        go((1, -3, -1), (4, -3, 4), (5, 1, 4.5), (9, 2, 11)),
        lamp((0, RED)),
        1,
        "advanced_on_red",
    ),
    (
        "first seen on the road beside the crosswalk",
        go((1, -3, 4), (4, -3, 4), (5, 1, 4.5), (9, 2, 11)),
        lamp((0, RED)),
        0,
        "came_along_the_road",
    ),
    ("first seen in the middle", go((1, 2, 4), (6, 2, 12)), lamp((0, RED)), 0, "first_seen_inside"),
]


@pytest.mark.parametrize(("story", "rows", "signals", "violations", "reason"), STORIES, ids=[s[0] for s in STORIES])
def test_stories(story, rows, signals, violations, reason):
    said = judged(rows, signals)
    assert kinds(said) == ["pedestrian_red_light"] * violations
    assert reasons(said) == ([] if reason is None else [reason])


def test_a_violation_says_when_where_and_how_far():
    said = judged(CROSSES, lamp((0, RED)))
    (violation,), (passage,) = said.violations, said.passages
    assert violation.entered_ms == pytest.approx(2429, abs=2)
    assert 3.0 <= violation.measure < 3.3
    assert violation.confirmed_ms == 4600
    assert violation.entered_at_m == pytest.approx((2, 0))
    assert (violation.zone_id, violation.signal_id, violation.lamp_since_ms) == ("walk", "lamp", 0)
    assert (passage.verdict, passage.zone_kind, passage.zone_id) == (PassageVerdict.VIOLATION, "crosswalk", "walk")


ACTS = [
    ("two crosswalks on one red", go((1, 2, -2), (26, 2, 33)), lamp((0, RED)), (CROSSWALK, FAR), ["walk", "far"]),
    (
        "over the island between two on one red",
        go((1, 2, -2), (20, 2, 23)),
        lamp((0, RED)),
        (CROSSWALK, ISLAND),
        ["walk", "island"],
    ),
    (
        "there and back on one red: one act",
        go((1, 2, -2), (11, 2, 12), (21, 2, -2)),
        lamp((0, RED)),
        (CROSSWALK,),
        ["walk"],
    ),
    (
        "there on one red, back on the next",
        go((1, 2, -2), (11, 2, 12), (30, 2, 12), (40, 2, -2)),
        lamp((0, RED), (15, GREEN), (25, RED)),
        (CROSSWALK,),
        ["walk", "walk"],
    ),
    (
        "there on green, back on red from 0.3 m beyond the far end",
        go((1, 2, -2), (9.8, 2, 10.3), (30, 2, 10.3), (40, 2, -2)),
        lamp((0, GREEN), (15, RED)),
        (CROSSWALK,),
        ["walk"],
    ),
    (
        "off its side for a moment",
        go((1, 2, -2), (4, 0.2, 2), (4.5, -0.8, 3), (5, 0.2, 4), (9, 2, 12)),
        lamp((0, RED)),
        (CROSSWALK,),
        ["walk"],
    ),
    (
        "sways over the kerb 40 times, goes at green",
        go(*((1 + i * 0.5, 2, 0.2 if i % 2 else -0.2) for i in range(40)), (22, 2, -0.2), (30, 2, 12)),
        lamp((0, RED), (20, GREEN)),
        (CROSSWALK,),
        [],
    ),
    (
        "sways over the kerb 40 times, goes on red",
        go(*((1 + i * 0.5, 2, 0.2 if i % 2 else -0.2) for i in range(40)), (22, 2, -0.2), (30, 2, 12)),
        lamp((0, RED)),
        (CROSSWALK,),
        ["walk"],
    ),
]


@pytest.mark.parametrize(("story", "rows", "signals", "crosswalks", "accused"), ACTS, ids=[s[0] for s in ACTS])
def test_one_act_is_one_violation_a_crosswalk_and_a_red_phase(story, rows, signals, crosswalks, accused):
    assert [v.zone_id for v in judged(rows, signals, *crosswalks).violations] == accused


def test_the_way_back_on_the_same_red_is_a_passage_but_no_second_violation():
    said = judged(go((1, 2, -2), (11, 2, 12), (21, 2, -2)), lamp((0, RED)))
    assert reasons(said) == ["advanced_on_red", "same_act"]
    assert [p.verdict for p in said.passages] == [PassageVerdict.VIOLATION, PassageVerdict.ABSTAINED]


def seen_once(waits, walks, until_s=6):
    """Both under the number -1; until then the one who waits hides the other."""
    both = [row for row in waits if row[0] <= until_s * 1000] + [row for row in walks if row[0] > until_s * 1000]
    return [(t, replace(u, track_id=-1)) for t, u in both]


WAITS = go((0, 1, -1), (30, 1, -1))
LEAPS = [
    (
        "who waits is lost, and their number is given to somebody who is caught by the change",
        go((0, 1, -1), (6, 1, -1)) + go((6.1, 2, 4), (12, 2, 12)),
        "first_seen_inside",
    ),
    (
        "two bear the number -1: one waits until 6 s, the other is on the way",
        seen_once(WAITS, CROSSES),
        "first_seen_inside",
    ),
    ("one place is wrong while they wait", [(t, replace(u, y_m=4) if t == 8000 else u) for t, u in WAITS], None),
    (
        "their number is given to somebody on the far half",
        go((3, 2, -2), (6, 2, 2)) + go((6.1, 2, 7.5), (9, 2, 12)),
        "track_interrupted",
    ),
]


@pytest.mark.parametrize(("story", "rows", "reason"), LEAPS, ids=[s[0] for s in LEAPS])
def test_a_number_that_leaps_accuses_nobody(story, rows, reason):
    said = judged(rows, lamp((0, GREEN), (3, RED)))
    assert (kinds(said), reasons(said)) == ([], [] if reason is None else [reason])


DOUBTS = [
    ("vanishes on the crosswalk for 3 s", unseen(CROSSES, 3, 6), "track_interrupted"),
    ("is unseen around the kerb", unseen(CROSSES, 1.5, 4), "first_seen_inside"),
    (
        "turns from pedestrian to rider",
        go((1, 2, -2), (3.5, 2, 1.5)) + go((3.6, 2, 1.6), (11, 2, 12), kind=RIDER),
        "kind_unsettled",
    ),
    ("is not settled to be on foot", [(t, replace(u, settled=False)) for t, u in CROSSES], "kind_unsettled"),
    (
        "may be somebody else since the kerb",
        [(t, replace(u, identity=1.0 if t < 3500 else 0.8)) for t, u in CROSSES],
        "identity_unsure",
    ),
    (
        "was as unsure before the kerb as after",
        [(t, replace(u, identity=0.5)) for t, u in CROSSES],
        "advanced_on_red",
    ),
    (
        "is foretold around the kerb, and not seen",
        [(t, replace(u, seen=not 1500 < t < 4000)) for t, u in CROSSES],
        "first_seen_inside",
    ),
]


@pytest.mark.parametrize(("story", "rows", "reason"), DOUBTS, ids=[s[0] for s in DOUBTS])
def test_who_it_is_must_be_sure(story, rows, reason):
    said = judged(rows, lamp((0, RED)))
    assert (len(said.violations), reasons(said)) == (int(reason == "advanced_on_red"), [reason])


@pytest.mark.parametrize("told", [(WALKER, RIDER), (RIDER, WALKER)])
def test_rows_of_one_instant_that_name_two_kinds_accuse_nobody_while_they_do(told):
    def judged_where(doubtful):
        rows = [(t, replace(u, kind=kind)) for t, u in CROSSES for kind in (told if doubtful(t) else told[:1])]
        return judged(rows, lamp((0, RED)))

    always = judged_where(lambda _t: True)
    assert (always.violations, reasons(always)) == ((), ["kind_unsettled"])
    once = judged_where(lambda t: t == 3500)
    assert len(once.violations) == 1


def test_the_carriageway_around_a_crosswalk_counts_as_well():
    beside = go((1, 8, -2), (11, 8, 12))
    road = ((-5.0, 0.0), (10.0, 0.0), (10.0, 10.0), (-5.0, 10.0))
    assert kinds(judged(beside, lamp((0, RED)))) == []
    assert kinds(judged(beside, lamp((0, RED)), replace(CROSSWALK, carriageway_m=road))) == ["pedestrian_red_light"]


@pytest.mark.parametrize(("advance_m", "violations"), [(2.0, 1), (9.0, 1), (11.0, 0)])
def test_a_scene_sets_how_far_is_too_far(advance_m, violations):
    said = judged(CROSSES, lamp((0, RED)), pedestrian_red_light={"advance_m": advance_m})
    assert len(said.violations) == violations


@pytest.mark.parametrize(
    ("story", "reaches_m", "accused"),
    [("came 2.8 m far and waits there", 2.8, 0), ("came 3.5 m far and waits there", 3.5, 30)],
)
def test_a_tracker_that_is_off_by_half_a_step_adds_nothing_to_what_somebody_is_accused_of(story, reaches_m, accused):
    """Thirty trackers, each off by a normal error of 0.3 m, afresh each time."""
    chance, found = np.random.default_rng(3), 0
    for _ in range(30):
        steps = go((1, 2, -2), (6, 2, reaches_m), (30, 2, reaches_m))
        off = chance.normal(0, 0.3, (len(steps), 2))
        rows = [(t, replace(u, x_m=u.x_m + x, y_m=u.y_m + y)) for (t, u), (x, y) in zip(steps, off, strict=True)]
        found += len(judged(rows, lamp((0, RED))).violations)
    assert found == accused
