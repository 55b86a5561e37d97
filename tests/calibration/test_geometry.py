"""Plane geometry, held against shapely and against what a turned sheet of paper would show."""

from math import cos, hypot, sin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import Point, Polygon

from calibration.geometry import (
    contains,
    distance_m,
    entry_fraction,
    extent_m,
    longer_axis,
    polygon_problem,
    spread_out,
    unit,
)

BOX = ((0.0, 0.0), (5.0, 0.0), (5.0, 10.0), (0.0, 10.0))
BENT = ((0.0, 0.0), (6.0, 0.0), (6.0, 6.0), (4.0, 6.0), (4.0, 2.0), (0.0, 2.0))
AROUND = st.tuples(st.one_of(st.floats(-3, -0.1), st.floats(6.1, 13)), st.floats(-3, 13))
WITHIN_BOTH = st.tuples(st.floats(0.1, 4.9), st.floats(0.1, 1.9))
PLACES = st.tuples(st.floats(-3, 13), st.floats(-3, 13))


@pytest.mark.parametrize("polygon", [BOX, BENT, BENT[::-1]])
@given(place=PLACES)
def test_inside_and_distance_are_those_of_shapely(polygon, place):
    shape, point = Polygon(polygon), Point(place)
    assert distance_m(polygon, place) == pytest.approx(shape.exterior.distance(point), abs=1e-9)
    if shape.exterior.distance(point) > 1e-9:
        assert contains(polygon, place) == shape.contains(point)


@pytest.mark.parametrize("polygon", [BOX, BENT])
@given(outside=AROUND, inside=WITHIN_BOTH)
def test_the_entry_lies_on_the_edge_and_nothing_after_it_outside(polygon, outside, inside):
    share = entry_fraction(polygon, outside, inside)

    def at(part: float) -> tuple[float, float]:
        return tuple(a + (b - a) * part for a, b in zip(outside, inside, strict=True))

    assert 0 <= share <= 1
    assert distance_m(polygon, at(share)) < 1e-6
    for step in range(1, 20):
        place = at(share + (1 - share) * step / 20)
        assert contains(polygon, place) or distance_m(polygon, place) < 1e-6


@given(st.floats(-3.1, 3.1), st.floats(-500, 500))
def test_the_way_across_turns_with_the_crosswalk(angle, away):
    turned = tuple((x * cos(angle) - y * sin(angle) + away, x * sin(angle) + y * cos(angle)) for x, y in BOX)
    axis = longer_axis(turned)
    assert abs(axis[0] * -sin(angle) + axis[1] * cos(angle)) == pytest.approx(1)
    low, high = extent_m(turned, axis)
    assert high - low == pytest.approx(10)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_unit_vector_has_length_one(x, y):
    assume(hypot(x, y) > 1e-100)
    assert hypot(*unit((x, y))) == pytest.approx(1)


def test_a_vector_without_length_is_refused():
    with pytest.raises(ValueError, match="length"):
        unit((0.0, 0.0))


@pytest.mark.parametrize(
    ("story", "polygon", "says"),
    [
        ("two points", BOX[:2], "2 points, needs 3"),
        ("a bow tie", ((0, 0), (5, 5), (5, 0), (0, 5)), "its edges cross"),
        ("a crumb", ((0, 0), (0.1, 0), (0, 0.1)), "needs at least 0.01"),
        ("a box", BOX, None),
        ("a bent one, the other way round", BENT[::-1], None),
    ],
)
def test_what_is_wrong_with_an_outline(story, polygon, says):
    problem = polygon_problem(polygon)
    assert problem is None if says is None else says in problem


def test_points_on_one_line_are_not_spread_out():
    assert spread_out(BOX)
    assert not spread_out(((0, 0), (1, 1), (2, 2), (9, 9)))
    assert not spread_out(((1, 1),) * 4)
