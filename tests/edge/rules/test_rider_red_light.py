"""Riders on red as stories, at a stop line (y = 0, the junction above it) and over a crosswalk (y = 0 to 10 m)."""

from dataclasses import replace

import pytest
from walking import (
    CROSSWALK,
    DARK,
    GREEN,
    LINE,
    RED,
    UNKNOWN,
    YELLOW,
    go,
    judge,
    kinds,
    lamp,
    reasons,
    ride,
    scene,
    seen,
    unseen,
)

from contract.words import LampState, PassageVerdict

TURNING = replace(LINE, right_turn_m=((2.0, 0.5), (12.0, 0.5), (12.0, 6.0), (2.0, 6.0)))
"""Who turns right leaves to the right, x > 2."""
RIDES_ON = ride((1, 1, -16), (11, 1, 24))  # 4 m/s; over the line at 5 s, 3 m beyond at 5.75 s
RED_ONLY = lamp((0, RED))


def at_line(rows, signals, line=LINE, **rules):
    return judge(seen(rows), scene(line, **rules), signals)


AT_THE_LINE = [
    ("rode over it on red and on", RIDES_ON, RED_ONLY, 1, "advanced_on_red"),
    ("rode over it on green", RIDES_ON, lamp((0, GREEN)), 0, "not_red_at_entry"),
    ("over it on yellow, on when it was red", RIDES_ON, lamp((0, YELLOW), (5.1, RED)), 0, "not_red_at_entry"),
    (
        "over it on green, the lamp changed behind the rider",
        RIDES_ON,
        lamp((0, GREEN), (5.1, RED)),
        0,
        "not_red_at_entry",
    ),
    ("0.3 s after the change", RIDES_ON, lamp((0, YELLOW), (4.7, RED)), 0, "just_turned_red"),
    ("0.7 s after the change", RIDES_ON, lamp((0, YELLOW), (4.3, RED)), 1, "advanced_on_red"),
    ("a second before green", RIDES_ON, lamp((0, RED), (6, GREEN)), 1, "advanced_on_red"),
    ("half a second before green: 2 m on red", RIDES_ON, lamp((0, RED), (5.5, GREEN)), 0, "little_advance"),
    ("the lamp flashes yellow", RIDES_ON, lamp((0, LampState.FLASHING_YELLOW)), 0, "not_red_at_entry"),
    ("the lamp is dark", RIDES_ON, lamp((0, DARK)), 0, "lamp_unknown"),
    ("the lamp's sources disagree", RIDES_ON, lamp((0, UNKNOWN)), 0, "lamp_unknown"),
    ("nobody ever heard of the lamp", RIDES_ON, lamp(), 0, "lamp_unknown"),
    ("the lamp failed 2 m beyond", RIDES_ON, lamp((0, RED), (5.5, DARK)), 0, "lamp_unknown"),
    (
        "stopped at the line, went at green",
        ride((1, 1, -9), (3, 1, -1), (30, 1, -1), (36, 1, 20)),
        lamp((0, RED), (29, GREEN)),
        0,
        "not_red_at_entry",
    ),
    (
        "stopped at the line, went on red",
        ride((1, 1, -9), (3, 1, -1), (30, 1, -1), (36, 1, 20)),
        RED_ONLY,
        1,
        "advanced_on_red",
    ),
    ("first seen beyond the line", ride((1, 1, 1), (6, 1, 20)), RED_ONLY, 0, None),
    ("rode along before the line", ride((1, -10, -1), (6, 10, -1)), RED_ONLY, 0, None),
    ("rode past the line's end, on the footway", ride((1, 6, -16), (11, 6, 24)), RED_ONLY, 0, None),
    ("came out of the junction, towards the camera", ride((1, 1, 16), (11, 1, -24)), RED_ONLY, 0, None),
    ("unseen at the line for 3 s", unseen(RIDES_ON, 3.4, 6.6), RED_ONLY, 0, None),
    ("unseen beyond the line for 3 s", unseen(RIDES_ON, 5.5, 8.5), RED_ONLY, 0, "track_interrupted"),
    (
        "the number leaps over the line from who waits",
        ride((1, 1, -4), (5, 1, -4)) + ride((5.1, 2, 3), (9, 2, 20)),
        RED_ONLY,
        0,
        None,
    ),
    ("not sure to be a rider", [(t, replace(u, settled=False)) for t, u in RIDES_ON], RED_ONLY, 0, "kind_unsettled"),
    (
        "may have been exchanged at the line",
        [(t, replace(u, identity=1.0 if t < 5300 else 0.5)) for t, u in RIDES_ON],
        RED_ONLY,
        0,
        "identity_unsure",
    ),
    ("on foot beside the crosswalk", go((1, 1, -16), (21, 1, 14)), RED_ONLY, 0, None),
]


@pytest.mark.parametrize(
    ("story", "rows", "signals", "violations", "reason"), AT_THE_LINE, ids=[s[0] for s in AT_THE_LINE]
)
def test_at_the_stop_line(story, rows, signals, violations, reason):
    said = at_line(rows, signals)
    assert kinds(said) == ["rider_red_light"] * violations
    assert reasons(said) == ([] if reason is None else [reason])


def test_the_line_may_be_drawn_from_either_end():
    backwards = replace(LINE, line_m=LINE.line_m[::-1])
    assert at_line(RIDES_ON, RED_ONLY, backwards) == at_line(RIDES_ON, RED_ONLY)


def jitter(rows, ahead_m):
    return [(t, replace(u, y_m=u.y_m + (ahead_m if i % 2 else -ahead_m))) for i, (t, u) in enumerate(rows)]


WAITS_ON_IT = ride((1, 1, -9), (3, 1, 0), (40, 1, 0))
THERE_AND_BACK = ((1, 1, -9), (3, 1, 5), (8, 1, -2), (12, 1, -2), (18, 1, 24))
ONCE = [
    (
        "the place jitters over the line, waits for green",
        jitter(ride((1, 1, -9), (3, 1, 0), (40, 1, 0), (44, 1, 16)), 0.25),
        lamp((0, RED), (39, GREEN)),
        [],
    ),
    (
        "the place jitters over the line, goes on red",
        jitter(ride((1, 1, -9), (3, 1, 0), (40, 1, 0), (44, 1, 16)), 0.25),
        RED_ONLY,
        ["rider_red_light"],
    ),
    (
        "5 m beyond, back behind the line, over it again on the same red",
        ride(*THERE_AND_BACK),
        RED_ONLY,
        ["rider_red_light"],
    ),
    ("the same on the next red", ride(*THERE_AND_BACK), lamp((0, RED), (9, GREEN), (10, RED)), ["rider_red_light"] * 2),
    (
        "lost 2 m before the line, goes on under a new number",
        unseen(RIDES_ON, 4.4, 99) + [(t, replace(u, track_id=2)) for t, u in RIDES_ON if t > 4600],
        RED_ONLY,
        ["rider_red_light"],
    ),
    (
        "lost 5 m beyond the line, goes on under a new number",
        unseen(RIDES_ON, 6.2, 99) + [(t, replace(u, track_id=2)) for t, u in RIDES_ON if t > 6500],
        RED_ONLY,
        ["rider_red_light"],
    ),
]


@pytest.mark.parametrize(("story", "rows", "signals", "accused"), ONCE, ids=[s[0] for s in ONCE])
def test_one_act_is_one_violation(story, rows, signals, accused):
    assert kinds(at_line(sorted(rows, key=lambda row: row[0]), signals)) == accused


def test_over_the_line_again_on_the_same_red_is_the_same_act():
    said = at_line(ride(*THERE_AND_BACK), RED_ONLY)
    assert reasons(said) == ["advanced_on_red", "same_act"]
    assert [p.verdict for p in said.passages] == [PassageVerdict.VIOLATION, PassageVerdict.ABSTAINED]


@pytest.mark.parametrize("ahead_m", [-1.0, 0.0])
def test_a_queue_of_ten_at_the_line_is_no_violation(ahead_m):
    def waits(i):
        x, y = 0.5 + i % 3, ahead_m - 2 * (i // 3)
        return jitter(ride((1 + i, x, y - 20), (8 + i, x, y), (60, x, y), (70, x, 20), number=i), 0.15)

    said = judge(seen(*(waits(i) for i in range(10))), scene(LINE), lamp((0, RED), (60, GREEN)))
    assert kinds(said) == []


RIGHT = [
    ("turns right on red", ride((1, 1.5, -9), (3.5, 1.5, 1), (5, 4, 4), (8, 15, 4)), RED_ONLY, 0, "turned_right"),
    (
        "turns right after a stop",
        ride((1, 3, -9), (3.5, 3, 1), (12, 3, 1), (13, 4, 3.5), (17, 15, 3.5)),
        RED_ONLY,
        0,
        "turned_right",
    ),
    ("goes straight on, past the area's edge", ride((1, 1, -9), (11, 1, 24)), RED_ONLY, 1, "advanced_on_red"),
    ("turns left", ride((1, 1, -9), (4, 1, 3), (9, -14, 8)), RED_ONLY, 1, "advanced_on_red"),
    (
        "is lost where it is open whether they turn right",
        ride((1, 1.5, -9), (4, 1.5, 4)),
        RED_ONLY,
        0,
        "right_turn_open",
    ),
]


@pytest.mark.parametrize(("story", "rows", "signals", "violations", "reason"), RIGHT, ids=[s[0] for s in RIGHT])
def test_who_turns_right_where_the_scene_says_so(story, rows, signals, violations, reason):
    said = at_line(rows, signals, TURNING)
    assert kinds(said) == ["rider_red_light"] * violations
    assert reasons(said) == [reason]


def test_who_may_yet_turn_right_is_foreseen_so_that_the_pictures_are_kept():
    said = at_line(ride((1, 1, -9), (11, 1, 24)), RED_ONLY, TURNING)
    (violation,), (foreseen,) = said.violations, said.foreseen
    assert (foreseen.track_id, foreseen.zone_id, foreseen.entered_ms) == (
        violation.track_id,
        "line",
        violation.entered_ms,
    )


def test_a_violation_at_the_line_says_when_where_and_how_far():
    said = at_line(RIDES_ON, RED_ONLY)
    (violation,), (passage,) = said.violations, said.passages
    assert violation.entered_ms == pytest.approx(5000, abs=2)
    assert 3.0 <= violation.measure < 3.5
    assert violation.entered_at_m == pytest.approx((1, 0))
    assert (violation.zone_id, violation.signal_id, violation.user, violation.lamp_since_ms) == (
        "line",
        "lamp",
        "rider",
        0,
    )
    assert (passage.zone_kind, passage.zone_id, passage.lamp_at_entry) == ("stop_line", "line", "red")


ALONG = ride((1, 2, -6), (6, 2, 14))  # 4 m/s; onto the crosswalk at 2.5 s, half over it at 3.75 s
ON_A_CROSSWALK = [
    ("rode over it like somebody on foot, on red", ALONG, RED_ONLY, 1, "advanced_on_red"),
    ("on green", ALONG, lamp((0, GREEN)), 0, "not_red_at_entry"),
    ("caught by the change", ALONG, lamp((0, GREEN), (3, RED)), 0, "not_red_at_entry"),
    ("0.3 s after the change", ALONG, lamp((0, GREEN), (2.2, RED)), 0, "just_turned_red"),
    ("the lamp is dark", ALONG, lamp((0, DARK)), 0, "lamp_unknown"),
    ("over it, along the road", ride((1, -15, 4), (9, 17, 4)), RED_ONLY, 0, None),
    ("turns from the road over its corner", ride((1, -8, 2), (3, 0, 2), (5, 3, 14)), RED_ONLY, 0, None),
    ("aslant, into the road", ride((1, 0.5, -4), (2, 0.5, 0), (4, 6, 4), (8, 20, 5)), RED_ONLY, 0, "uses_the_road"),
    ("in and back", ride((1, 2, -6), (3, 2, 2), (6, 2, -6)), RED_ONLY, 0, "little_advance"),
    ("pushes the bicycle: a person on foot", go((1, 2, -2), (11, 2, 12)), RED_ONLY, 1, "advanced_on_red"),
]


@pytest.mark.parametrize(
    ("story", "rows", "signals", "violations", "reason"), ON_A_CROSSWALK, ids=[s[0] for s in ON_A_CROSSWALK]
)
def test_on_a_crosswalk(story, rows, signals, violations, reason):
    said = judge(seen(rows), scene(CROSSWALK), signals)
    kind = "pedestrian_red_light" if rows[0][1].kind == "pedestrian" else "rider_red_light"
    assert kinds(said) == [kind] * violations
    assert reasons(said) == ([] if reason is None else [reason])


def test_who_came_over_a_stop_line_and_rides_over_the_crosswalk_beyond_it_is_accused_once():
    beyond = replace(CROSSWALK, polygon_m=tuple((x, y + 4) for x, y in CROSSWALK.polygon_m))
    assert kinds(judge(seen(RIDES_ON), scene(LINE, beyond), RED_ONLY)) == ["rider_red_light"]
