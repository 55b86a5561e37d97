"""Riders who stop beyond the stop line on red. The line is y = 0; its middle must be 0.9 m beyond it."""

from dataclasses import replace

import pytest
from walking import DARK, GREEN, LINE, RED, YELLOW, judge, kinds, lamp, reasons, ride, scene, seen

from contract.words import ViolationKind

TURNING = replace(LINE, right_turn_m=((2.0, 0.5), (12.0, 0.5), (12.0, 6.0), (2.0, 6.0)))
RED_ONLY = lamp((0, RED))


def judged(rows, signals, line=LINE, **rules):
    return judge(seen(rows), scene(line, **rules), signals)


def stops(at_m, for_s, *then, x=1):
    """Ride up and over the line at 4 m/s, stand for so long at so many metres beyond it, then go on."""
    return ride((1, x, -9), (4, x, at_m), (4 + for_s, x, at_m), *then)


GOES_AT_31 = (36, 1, 20)
STORIES = [
    (
        "6 s beyond the line, goes at green",
        stops(1.5, 26, GOES_AT_31),
        lamp((0, RED), (30, GREEN)),
        ["stop_line"],
        "stood_beyond",
    ),
    ("the track ends while it is red", stops(1.5, 10), RED_ONLY, ["stop_line"], "stood_beyond"),
    ("4 s only, then back behind the line", stops(1.5, 4, (9, 1, -2), (30, 1, -2)), RED_ONLY, [], "little_advance"),
    (
        "8 s, then back behind the line",
        stops(1.5, 8, (14, 1, -2), (30, 1, -2)),
        RED_ONLY,
        ["stop_line"],
        "stood_beyond",
    ),
    ("the rear wheel on the line", stops(0.7, 26, GOES_AT_31), lamp((0, RED), (30, GREEN)), [], "little_advance"),
    ("on the line: never went beyond it", stops(0.3, 26), RED_ONLY, [], None),
    ("before the line", stops(-0.5, 26), RED_ONLY, [], None),
    (
        "stands 6 s and rides on: on red, never both",
        stops(1.5, 6, (13, 1, 14)),
        RED_ONLY,
        ["rider_red_light"],
        "advanced_on_red",
    ),
    (
        "stands 20 s and rides on: on red, never both",
        stops(1.5, 20, (27, 1, 14)),
        RED_ONLY,
        ["rider_red_light"],
        "advanced_on_red",
    ),
    ("stands 4 m beyond it: that is riding on", stops(4.0, 20), RED_ONLY, ["rider_red_light"], "advanced_on_red"),
    ("3 s of red before green", stops(1.5, 20), lamp((0, RED), (7, GREEN)), [], "little_advance"),
    (
        "3 s, green in between, 3 s of the next red",
        stops(1.5, 30),
        lamp((0, RED), (7, GREEN), (9, RED), (12, GREEN)),
        [],
        "little_advance",
    ),
    (
        "creeps: never stands 5 s",
        ride((1, 1, -9), (4, 1, 0.5), (14, 1, 2.8), (15, 1, -1)),
        RED_ONLY,
        [],
        "little_advance",
    ),
    ("over the line on green, stands there on red", stops(1.5, 20), lamp((0, GREEN), (5, RED)), [], "not_red_at_entry"),
    ("over the line on yellow", stops(1.5, 20), lamp((0, YELLOW), (5, RED)), [], "not_red_at_entry"),
    ("the lamp is dark", stops(1.5, 20), lamp((0, DARK)), [], "lamp_unknown"),
    ("the lamp was never heard of", stops(1.5, 20), lamp(), [], "lamp_unknown"),
    ("the lamp fails after 10 s", stops(1.5, 20), lamp((0, RED), (14, DARK)), ["stop_line"], "stood_beyond"),
]


@pytest.mark.parametrize(("story", "rows", "signals", "accused", "reason"), STORIES, ids=[s[0] for s in STORIES])
def test_stories(story, rows, signals, accused, reason):
    said = judged(rows, signals)
    assert kinds(said) == accused
    assert reasons(said) == ([] if reason is None else [reason])


RIGHT = [
    ("waits in the turn, then turns right", stops(1.5, 20, (26, 4, 4), (30, 20, 4), x=3), [], "turned_right"),
    ("waits beside the turn, goes straight on at green", stops(1.5, 26, (36, 1, 20)), ["stop_line"], "stood_beyond"),
    ("is lost there", stops(1.5, 20, x=1.5), [], "right_turn_open"),
]


@pytest.mark.parametrize(("story", "rows", "accused", "reason"), RIGHT, ids=[s[0] for s in RIGHT])
def test_who_turns_right_may_wait_in_the_turn(story, rows, accused, reason):
    said = judged(rows, lamp((0, RED), (30, GREEN)), TURNING)
    assert (kinds(said), reasons(said)) == (accused, [reason])


def test_the_verdict_waits_for_the_end_of_the_red_and_the_pictures_do_not():
    said = judged(stops(1.5, 26, GOES_AT_31), lamp((0, RED), (30, GREEN)))
    (violation,), (foreseen,) = said.violations, said.foreseen
    assert violation.kind is foreseen.kind is ViolationKind.STOP_LINE
    assert violation.entered_ms == foreseen.entered_ms == pytest.approx(3570, abs=10)
    assert violation.confirmed_ms == foreseen.confirmed_ms == pytest.approx(9000, abs=300)
    assert violation.measure == pytest.approx(26, abs=0.3)
    assert foreseen.measure == pytest.approx(5, abs=0.3)


@pytest.mark.parametrize(("stop_s", "accused"), [(5, ["stop_line"]), (15, ["stop_line"]), (25, [])])
def test_a_scene_sets_for_how_long(stop_s, accused):
    assert kinds(judged(stops(1.5, 20), RED_ONLY, stop_line={"stop_s": stop_s})) == accused


def test_who_stands_there_for_two_reds_is_accused_once_for_one_crossing():
    said = judged(stops(1.5, 60), lamp((0, RED), (20, GREEN), (30, RED), (50, GREEN)))
    assert kinds(said) == ["stop_line"]


def test_who_goes_back_and_over_the_line_again_on_the_same_red_is_accused_once():
    rows = ride((1, 1, -9), (4, 1, 1.5), (12, 1, 1.5), (14, 1, -2), (18, 1, -2), (20, 1, 1.5), (30, 1, 1.5))
    said = judged(rows, RED_ONLY)
    assert (kinds(said), reasons(said)) == (["stop_line"], ["stood_beyond", "same_act"])


def passes(*, b_comes_s, b_goes_s):
    """A stands beyond the line from 4 s on, B from later on; at 17 s A passes B, and the tracker mixes them up."""
    a = ride((1, 0.2, -9), (4, 0.2, 1.5), (16, 0.2, 1.5), (20, 12.2, 1.5), (31, 12.2, 1.5), (36, 12.2, 20))
    b = ride((b_comes_s - 3, 3.2, -9), (b_comes_s, 3.2, 1.5), (b_goes_s, 3.2, 1.5), (b_goes_s + 5, 3.2, 20), number=2)
    return [[(t, u if t < 17_000 else replace(u, track_id=3 - u.track_id)) for t, u in way] for way in (a, b)]


DOUBTED = [
    ("both had stood long enough", passes(b_comes_s=8, b_goes_s=31), 30, [1, 2]),
    ("A alone had: neither rides on, so it does not matter who is who", passes(b_comes_s=14, b_goes_s=31), 18, [1]),
    ("neither had", passes(b_comes_s=14, b_goes_s=31), 8, []),
    ("one of the two rides on while it is red", passes(b_comes_s=8, b_goes_s=20), 30, []),
]


@pytest.mark.parametrize(("story", "ways", "green_s", "accused"), DOUBTED, ids=[s[0] for s in DOUBTED])
def test_what_was_proven_before_two_may_have_been_exchanged_still_counts(story, ways, green_s, accused):
    said = judge(seen(*ways), scene(LINE), lamp((0, RED), (green_s, GREEN)))
    assert sorted((v.kind, v.track_id) for v in said.violations) == [("stop_line", number) for number in accused]
    assert len(said.passages) == 2


HIDDEN = [
    ("for a moment: it comes again, so it was not lost", 0.4, ["stop_line"]),
    ("and never seen again: it may be the new one who goes on for it", None, []),
]


@pytest.mark.parametrize(("story", "hidden_s", "accused"), HIDDEN, ids=[s[0] for s in HIDDEN])
def test_a_number_that_is_hidden_while_another_one_appears(story, hidden_s, accused):
    """A stands beyond the line from 4 s on and is not seen at 12 s, when B is first seen a metre beside; B rides on."""
    way = stops(1.5, 26, GOES_AT_31)
    a = [row for row in way if row[0] < 11_900 or (hidden_s and row[0] > 11_900 + hidden_s * 1000)]
    b = ride((12, 2, 1.5), (17, 2, 20), number=2)
    said = judge(seen(a, b), scene(LINE), lamp((0, RED), (30, GREEN)))
    assert [kind for kind, track in ((v.kind, v.track_id) for v in said.violations) if track == 1] == accused
