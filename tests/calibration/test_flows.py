from math import cos, degrees, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.flows import Way, degrees_apart, flow

STREET = ((-10.0, -10.0), (10.0, -10.0), (10.0, 10.0), (-10.0, 10.0))


def walk(dx, dy, kind="pedestrian", steps=10):
    return Way(kind, tuple((dx * i / steps, dy * i / steps) for i in range(steps + 1)))


@pytest.mark.parametrize(
    ("story", "ways", "axis", "forward"),
    [
        ("all east", [walk(5, 0)] * 6, (1, 0), 1.0),
        ("more north than south", [walk(0, 5)] * 4 + [walk(0, -5)] * 2, (0, 1), 4 / 6),
        ("more south than north", [walk(0, 5)] * 2 + [walk(0, -5)] * 4, (0, -1), 4 / 6),
        ("along the diagonal, to and fro", [walk(4, 4), walk(-4, -4)] * 3, (0.7071, 0.7071), 0.5),
    ],
)
def test_the_way_that_most_go(story, ways, axis, forward):
    seen = flow(STREET, ways, ("pedestrian",))
    assert min(degrees_apart(seen.axis, axis), 180 - degrees_apart(seen.axis, axis) if forward == 0.5 else 180) < 1e-4
    assert seen.forward == pytest.approx(forward)
    assert seen.agreement == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("story", "ways"),
    [
        ("too few", [walk(5, 0)] * 4),
        ("they only stand there", [walk(0.5, 0)] * 20),
        ("others than asked for", [walk(5, 0, "car")] * 20),
        ("all outside", [Way("pedestrian", ((20.0, 0.0), (30.0, 0.0)))] * 20),
    ],
)
def test_what_says_nothing(story, ways):
    assert flow(STREET, ways, ("pedestrian",)) is None


def test_who_goes_any_way_agrees_on_none():
    crossing = [walk(5, 0), walk(-5, 0), walk(0, 5), walk(0, -5)] * 2
    assert flow(STREET, crossing, ("pedestrian",)).agreement == pytest.approx(0.0, abs=1e-9)


@given(st.floats(-3, 3), st.floats(0.1, 3.1))
def test_angles(a, turn):
    one, other = (cos(a), sin(a)), (cos(a + turn), sin(a + turn))
    assert degrees_apart(one, other) == pytest.approx(degrees(turn), abs=1e-6)
