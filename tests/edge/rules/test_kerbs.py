"""Where the kerbs are at a crosswalk's two ends, level with somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.rules.kerbs import Kerbs

STRAIGHT = ((0.0, -2.0), (10.0, -2.0), (10.0, 2.0), (0.0, 2.0))
ASLANT = ((0.0, -2.0), (10.0, -2.0), (12.0, 2.0), (2.0, 2.0))
NARROWING = ((0.0, -2.0), (10.0, -2.0), (9.0, 2.0), (1.0, 2.0))
BY_HAND = ((0.1, -2.0), (10.0, -1.9), (10.2, 2.1), (-0.1, 2.0))
HOLLOW = ((0.0, -2.0), (5.0, -1.0), (10.0, -2.0), (10.0, 2.0), (0.0, 2.0))


@pytest.mark.parametrize(
    ("drawn", "outline", "aside_m", "kerbs"),
    [
        ("straight", STRAIGHT, 0.0, (0, 10)),
        ("straight, beside it", STRAIGHT, 5.0, (0, 10)),
        ("straight, on its side", STRAIGHT, 2.0, (0, 10)),
        ("aslant", ASLANT, 0.0, (1, 11)),
        ("aslant, beside it the kerbs go on aslant", ASLANT, 4.0, (3, 13)),
        ("aslant, on the other side", ASLANT, -4.0, (-1, 9)),
        ("narrowing", NARROWING, 0.0, (0.5, 9.5)),
        ("by hand", BY_HAND, 0.0, (0, 10.1)),
        ("hollow: the ends are the first and the last", HOLLOW, -1.5, (0, 10)),
    ],
)
def test_the_kerbs_level_with_somebody(drawn, outline, aside_m, kerbs):
    assert Kerbs.of(outline).at(aside_m) == pytest.approx(kerbs, abs=0.05), drawn


@given(st.floats(-1.99, 1.99), st.sampled_from([STRAIGHT, ASLANT, NARROWING, HOLLOW]), st.integers(0, 4))
def test_it_does_not_matter_where_an_outline_begins(aside_m, outline, first):
    turned = outline[first % len(outline) :] + outline[: first % len(outline)]
    assert Kerbs.of(turned).at(aside_m) == pytest.approx(Kerbs.of(outline).at(aside_m))
