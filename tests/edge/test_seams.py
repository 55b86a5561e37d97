"""Seams between tiles: who is seen twice comes out once, who stands beside another comes out too.

Two tiles of 200 x 200 beside each other share the strip from 150 to 200; the picture is 350 x 200 unless a row says so.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge.observations import Detection
from edge.seams import Look, merged
from edge.tiles import tiles_of

PICTURE = (350, 200)
LEFT, RIGHT = (0, 0, 200, 200), (150, 0, 350, 200)
ABOVE, BELOW = (0, 0, 200, 200), (0, 150, 200, 350)


def person(x1, x2, y1=60, y2=120, score=0.8, label="person"):
    return Detection((float(x1), float(y1), float(x2), float(y2)), score, label)


def boxes(found):
    return sorted((d.label, *d.box_xyxy_px) for d in found)


@pytest.mark.parametrize(
    ("story", "whole", "left", "right", "expected"),
    [
        ("nobody", [], [], [], []),
        ("one in the left tile", [], [person(40, 60)], [], [person(40, 60)]),
        (
            "one in the shared strip, whole in both",
            [],
            [person(165, 185)],
            [person(166, 186, score=0.9)],
            [person(166, 186, score=0.9)],
        ),
        ("one whole on the left, cut on the right", [], [person(140, 165)], [person(150, 165)], [person(140, 165)]),
        ("one cut on the left, whole on the right", [], [person(190, 200)], [person(190, 215)], [person(190, 215)]),
        ("one wider than the strip, cut in both", [], [person(130, 200)], [person(150, 220)], [person(130, 220)]),
        (
            "the same, and the whole picture saw them too",
            [person(131, 219)],
            [person(130, 200)],
            [person(150, 220)],
            [person(131, 219)],
        ),
        (
            "two beside each other in the strip, each whole in both",
            [],
            [person(155, 172), person(176, 195)],
            [person(155, 172), person(176, 195)],
            [person(155, 172), person(176, 195)],
        ),
        (
            "two beside each other, each whole in one tile and cut in the other",
            [],
            [person(145, 172), person(176, 200)],
            [person(150, 172), person(176, 205)],
            [person(145, 172), person(176, 205)],
        ),
        (
            "two who touch at the seam: one left of it, one right of it",
            [],
            [person(140, 172), person(172, 200)],
            [person(150, 172), person(172, 210)],
            [person(140, 172), person(172, 210)],
        ),
        (
            "two of whom only the halves that face each other are seen: no body is made of them",
            [],
            [person(176, 200)],
            [person(150, 172)],
            [],
        ),
        (
            "halves at different heights are not one body",
            [],
            [person(130, 200, 20, 60)],
            [person(150, 220, 100, 140)],
            [],
        ),
        (
            "halves of different kinds are not one body",
            [],
            [person(130, 200)],
            [person(150, 220, label="motorcycle")],
            [],
        ),
        (
            "a van that is a car on the left and a truck on the right",
            [],
            [person(155, 195, label="car", score=0.6)],
            [person(155, 195, label="truck", score=0.7)],
            [person(155, 195, label="truck", score=0.7)],
        ),
        (
            "a rider: person and motorcycle at one place stay both",
            [],
            [person(40, 60), person(42, 62, label="motorcycle")],
            [],
            [person(40, 60), person(42, 62, label="motorcycle")],
        ),
        ("only the whole picture saw them", [person(40, 60)], [], [], [person(40, 60)]),
        ("both looks: the tile's outline counts", [person(38, 62)], [person(40, 60)], [], [person(40, 60)]),
        (
            "the whole picture took two for one",
            [person(40, 80)],
            [person(40, 60), person(61, 80)],
            [],
            [person(40, 60), person(61, 80)],
        ),
        (
            "a piece of somebody near, whom the whole picture sees",
            [person(100, 300, 0, 200)],
            [person(100, 200, 0, 200)],
            [],
            [person(100, 300, 0, 200)],
        ),
        (
            "at the picture's own edge nobody is cut",
            [],
            [person(0, 15)],
            [person(335, 350)],
            [person(0, 15), person(335, 350)],
        ),
    ],
)
def test_everybody_comes_out_once(story, whole, left, right, expected):
    looks = [Look(LEFT, tuple(left)), Look(RIGHT, tuple(right))]
    assert boxes(merged(whole, looks, PICTURE)) == boxes(expected)


def test_a_body_across_a_seam_between_above_and_below_is_one():
    looks = [Look(ABOVE, (person(40, 60, 120, 200),)), Look(BELOW, (person(41, 61, 150, 230),))]
    (found,) = merged([], looks, (200, 350))
    assert found.box_xyxy_px == (40, 120, 61, 230)


def test_the_score_is_that_of_the_surer_look():
    looks = [Look(LEFT, (person(40, 60, score=0.3),))]
    (found,) = merged([person(41, 61, score=0.9)], looks, PICTURE)
    assert (found.box_xyxy_px, found.score) == ((40, 60, 60, 120), 0.9)


def seen_in(tile, people):
    """See everybody of whom at least a third lies in the tile, cut at its edges: a detector without a fault."""
    for each in people:
        x1, y1, x2, y2 = each.box_xyxy_px
        cut = max(x1, tile[0]), max(y1, tile[1]), min(x2, tile[2]), min(y2, tile[3])
        part = max(0, cut[2] - cut[0]) * max(0, cut[3] - cut[1])
        if part >= (x2 - x1) * (y2 - y1) / 3:
            yield Detection(cut, each.score, each.label)


# A tile is 256 x 160 here, so tiles share 64 x 40; its edges cut whoever comes within 2 % of them.
SMALL = st.tuples(st.integers(0, 560), st.integers(0, 420), st.integers(12, 50), st.integers(14, 32))


@given(st.lists(SMALL, max_size=6), st.booleans())
def test_whoever_is_smaller_than_the_strip_comes_out_exactly_once(placed, whole_sees):
    people = [person(x, x + w, y, y + h, score=0.5 + 0.01 * n) for n, (x, y, w, h) in enumerate(placed)]
    for n, one in enumerate(people):
        for other in people[:n]:
            a, b = one.box_xyxy_px, other.box_xyxy_px
            assume(a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1])
    tiles = tiles_of([(0, 0, 640, 480)], (640, 480), (256, 160))
    looks = [Look(tile, tuple(seen_in(tile, people))) for tile in tiles]
    assert boxes(merged(people if whole_sees else [], looks, (640, 480))) == boxes(people)
