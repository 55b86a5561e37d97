"""The drawings: well-formed, nothing outside the picture, whatever is drawn; and what an officer must find in them."""

from math import nan

import numpy as np
import pytest
from drawn import of, outside, parsed, places, words
from hypothesis import given
from hypothesis import strategies as st
from recorded import ENTERED_MS, SCENE, tracks

from calibration.ground import fit_ground
from calibration.reader import parse_scene
from contract.words import LampState, ViolationKind
from server.record.bar import bar_svg
from server.record.lamps import Span
from server.record.overlay import Overlay, in_picture, overlay_svg
from server.record.plan import Plan, plan_svg
from server.record.svg import Canvas, figure
from server.record.timeline import LampRow, Timeline, timeline_svg
from server.record.way import Sight, way_of
from server.record.window import areas_within, lines_within
from server.record.zones import Shape, Zone, zones_of

WORDS = {"plan.entry": "进入", "plan.advance": "前行", "plan.metres": "米", "lamp.red": "红灯", "lamp.green": "绿灯"}


def t(key: str) -> str:
    return WORDS.get(key, key)


PARSED = parse_scene(SCENE.encode(), "scene.yaml")
ZONES = zones_of(PARSED, ViolationKind.PEDESTRIAN_RED_LIGHT, "n")
WAY = way_of(tracks().encode(), 1, ENTERED_MS)
PLACES = st.tuples(*[st.floats(-1e6, 1e6, allow_nan=False)] * 2)
NEAR = st.tuples(*[st.floats(-40, 40, allow_nan=False)] * 2)
SIGHTS = st.lists(
    st.builds(Sight, st.integers(-9000, 9000), PLACES | NEAR, st.none() | PLACES | NEAR), max_size=12
).map(lambda sights: tuple(sorted(sights, key=lambda sight: sight.t_ms)))
TRIANGLE = st.tuples(NEAR, st.floats(0.5, 30)).map(
    lambda made: (made[0], (made[0][0] + made[1], made[0][1]), (made[0][0], made[0][1] + made[1]))
)
SHAPES = st.builds(
    lambda shape, points, concerned: Zone(
        shape, "z", points[:2] if shape is Shape.STOP_LINE else points, concerned, (0.6, 0.8)
    ),
    st.sampled_from(Shape),
    TRIANGLE,
    st.booleans(),
)


@pytest.mark.parametrize(
    ("kind", "zone_id", "concerned"),
    [
        (ViolationKind.PEDESTRIAN_RED_LIGHT, "n", [(Shape.CROSSWALK, "n")]),
        (ViolationKind.STOP_LINE, "w", [(Shape.STOP_LINE, "w")]),
        (ViolationKind.WRONG_WAY, "east", [(Shape.LANE, "east")]),
        (ViolationKind.WRONG_WAY, "n", []),  # a lane of that name is meant, and there is none
        (ViolationKind.RIDER_RED_LIGHT, "nowhere", []),
    ],
)
def test_the_zone_that_an_act_is_about(kind, zone_id, concerned):
    zones = zones_of(PARSED, kind, zone_id)
    assert [(zone.shape, zone.id) for zone in zones if zone.concerned] == concerned
    assert [zone.shape for zone in zones] == [Shape.LANE, Shape.CROSSWALK, Shape.STOP_LINE]  # what lies below first


def test_a_carriageway_and_a_right_turn_are_drawn_as_well():
    text = SCENE.replace("[4, 11]]}}]", "[4, 11]]}, carriageway: {m: [[0, 3], [14, 3], [14, 11], [0, 11]]}}]")
    text = text.replace("beyond: {m: [6, 1]}", "beyond: {m: [6, 1]}, right_turn: {m: [[6, 0], [9, 0], [9, 2]]}")
    shapes = [zone.shape for zone in zones_of(parse_scene(text.encode(), "s"), ViolationKind.STOP_LINE, "w")]
    assert shapes == [Shape.CARRIAGEWAY, Shape.LANE, Shape.CROSSWALK, Shape.RIGHT_TURN, Shape.STOP_LINE]


def test_the_plan_shows_entry_advance_measure_and_times():
    picture = parsed(plan_svg(Plan(ZONES, WAY, (7.0, 3.0), 1900, "3.04 米"), t))
    assert outside(picture) == []
    assert [e.tag.rpartition("}")[2] for e in of(picture, "zone concerned")] == ["polygon"]
    said = words(picture)
    assert {"进入 0 s", "前行 +1.9 s · 3.04 米", "5 米", "zone.crosswalk n"} <= set(said)
    assert "-1.0 s" in said
    entry, advance = (places(of(picture, name)[0])[0] for name in ("entry", "advance"))
    assert entry[1] > advance[1]  # north is up
    assert entry[0] == pytest.approx(advance[0])
    assert len(of(picture, "sight")) == len(WAY)


@pytest.mark.parametrize(
    ("zones", "way", "entry", "expected"),
    [
        ((), (), None, []),
        ((), (), (1.0, 1.0), ["进入 0 s"]),
        (ZONES, (), None, ["zone.crosswalk n"]),
        ((), WAY[:1], None, ["前行 +0.5 s · m"]),
    ],
)
def test_a_plan_of_little_is_a_plan(zones, way, entry, expected):
    picture = parsed(plan_svg(Plan(zones, way, entry, 500, "m"), t))
    assert outside(picture) == []
    assert [said for said in expected if said not in words(picture)] == []


@given(st.lists(SHAPES, max_size=4), SIGHTS, st.none() | NEAR, st.integers(0, 60_000), st.text(max_size=30))
def test_nothing_of_a_plan_lies_outside_it(zones, way, entry, confirmed_ms, measured):
    assert outside(parsed(plan_svg(Plan(tuple(zones), way, entry, confirmed_ms, measured), t))) == []


def test_over_the_picture_lie_the_zone_the_way_up_to_it_and_after_it_and_the_box():
    overlay = Overlay((160, 144), (160, 120), 0, WAY, ZONES, PARSED.ground, (70, 60, 90, 200))
    picture = parsed(overlay_svg(overlay))
    assert outside(picture) == []
    assert picture.get("viewBox") == "0 0 160 144"
    assert len(of(picture, "zone")) == 1
    before, after = of(picture, "way")[1], of(picture, "way after")[0]
    assert places(before)[-1] == places(after)[0] == places(of(picture, "foot")[0])[0]
    (_, (right, bottom)) = places(of(picture, "subject")[0])
    assert (right, bottom) == (90, 120)  # the band below the picture stays free


@given(SIGHTS, st.lists(SHAPES, max_size=3), st.booleans(), st.none() | st.tuples(*[st.floats(-500, 500)] * 4))
def test_nothing_over_a_picture_lies_outside_it(way, zones, grounded, box):
    ground = PARSED.ground if grounded else None
    assert outside(parsed(overlay_svg(Overlay((160, 144), (160, 120), 0, way, tuple(zones), ground, box)))) == []


def test_a_place_behind_the_camera_is_in_no_picture():
    steep = fit_ground(
        np.array([[0, 100], [100, 100], [60, 40], [40, 40]]), np.array([[0, 0], [9, 0], [9, 30], [0, 30]])
    )
    assert in_picture([(4.0, 5.0)], steep) != ()
    assert in_picture([(4.0, -500.0)], steep) == ()
    assert in_picture([(1.0, 1.0)], None) == in_picture([], steep) == ()


def test_the_lamps_have_a_row_a_source_and_the_entry_is_marked():
    rows = (
        LampRow("综合认定", (Span(-6000, -4000, LampState.GREEN), Span(-4000, 3000, LampState.RED))),
        LampRow("灯具图像", (Span(-100, -50, LampState.UNKNOWN),), "0.04 秒前"),
        LampRow("一个名字太长的来源名称", (Span(-9000, -8000, LampState.RED),)),
    )
    picture = parsed(timeline_svg(Timeline(-5000, 3000, rows, 1900), t))
    assert outside(picture) == []
    assert len(of(picture, "lamp-red")) == 1  # what was before the first moment shown is not drawn
    assert {"综合认定", "红灯", "绿灯", "0.04 秒前", "0 s", "-5 s", "+3 s"} <= set(words(picture))
    assert "lamp.unknown" not in words(picture)  # no room: its colour is there, the table names it
    entry, advance = (places(of(picture, f"mark {name}")[0])[0][0] for name in ("entry", "advance"))
    assert entry < advance


@given(
    st.integers(-100_000, 0),
    st.integers(0, 100_000),
    st.lists(
        st.builds(
            LampRow,
            st.text(max_size=20),
            st.lists(
                st.builds(Span, *[st.integers(-200_000, 200_000)] * 2, st.sampled_from(LampState)), max_size=5
            ).map(tuple),
            st.text(max_size=20),
        ),
        max_size=5,
    ).map(tuple),
    st.integers(0, 200_000),
)
def test_nothing_of_the_lamps_lies_outside_and_the_seconds_are_few(from_ms, to_ms, rows, confirmed_ms):
    picture = parsed(timeline_svg(Timeline(from_ms, to_ms, rows, confirmed_ms), t))
    assert outside(picture) == []
    assert len(of(picture, "tick")) <= 14


@pytest.mark.parametrize(("measure", "enough"), [(3.1, True), (3.0, True), (2.9, False), (0.0, False)])
def test_a_measure_reaches_its_threshold_or_not(measure, enough):
    picture = parsed(bar_svg(measure, 3.0, "m"))
    assert outside(picture) == []
    assert bool(of(picture, "below")) is not enough
    ends, threshold = places(of(picture, "measure")[0])[1][0], places(of(picture, "threshold")[0])[0][0]
    assert (ends >= threshold) is enough


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_nothing_of_a_bar_lies_outside_it(measure, threshold):
    assert outside(parsed(bar_svg(measure, threshold, "m"))) == []


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (1.25, "1.2"), (-0.04, "0"), (-1.5, "-1.5"), (1e6, "1000000"), (0.06, "0.1")]
)
def test_a_number_is_written_to_a_tenth(value, written):
    assert figure(value) == written


def test_what_is_no_place_is_drawn_nowhere():
    with pytest.raises(ValueError, match="expected a finite number, found nan"):
        figure(nan)
    assert list(lines_within([(0, 0), (nan, 1)], (0, 0, 1, 1))) == []
    assert list(areas_within([(0, 0), (1, nan), (1, 1)], (0, 0, 1, 1))) == []
    assert list(lines_within([(-1, -1), (0, 0)], (0, 0, 1, 1))) == []  # it touches a corner, and that is no line


def test_words_are_escaped_and_stay_in_the_picture():
    canvas = Canvas(100, 50, "<a & b>", "x")
    canvas.text((99, 60), '<script>"路口"\0\x1b', 10)
    canvas.line([(1, 1)], "none")
    picture = parsed(canvas.markup())
    assert (words(picture), picture.get("aria-label")) == (['<script>"路口"'], "<a & b>")
    assert len(list(picture)) == 1
    (at,) = places(next(iter(picture)))
    assert at == (20.0, 47.0)
