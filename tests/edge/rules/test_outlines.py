"""Which places lie within which convex outlines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, Polygon

from calibration.geometry import hull, widened
from edge.rules.outlines import SKIN_M, Outlines

SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))
TRIANGLE = ((20.0, 0.0), (30.0, 0.0), (20.0, 10.0))
PLACES = st.tuples(st.floats(-50, 50), st.floats(-50, 50))


@pytest.mark.parametrize(
    ("place", "around"),
    [
        ((5, 5), [0]),
        ((0, 5), [0]),
        ((22, 2), [1]),
        ((29, 9), []),
        ((10 + 2 * SKIN_M, 5), []),
        ((-5, -5), []),
    ],
)
def test_what_is_around_a_place(place, around):
    assert Outlines([SQUARE, TRIANGLE]).around(np.array([place, (1000, 0)])) == [around, []]


def test_without_places_or_outlines_there_is_nothing():
    assert Outlines([]).around(np.zeros((2, 2))) == [[], []]
    assert Outlines([SQUARE]).around(np.zeros((0, 2))) == []


@given(st.lists(PLACES, min_size=3, max_size=30), PLACES)
def test_whatever_is_within_an_outline_is_within_its_hull(corners, place):
    whole = Polygon(corners).convex_hull
    if whole.area < 0.01:
        return
    drawn = tuple(corners)
    asked = Outlines([hull(drawn), widened(drawn, 2.0) if Polygon(drawn).is_valid else hull(drawn)])
    (around,) = asked.around(np.array([place]))
    if whole.covers(Point(place)):
        assert around == [0, 1]
    if Polygon(drawn).is_valid and whole.distance(Point(place)) < 1.9:
        assert 1 in around
