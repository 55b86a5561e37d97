"""Tiles: where they lie, and that a detector that looks through them speaks of the full picture."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.observations import Detection
from edge.tiles import OVERLAP, TiledDetector, tiles_of

INPUT = (416, 416)


@pytest.mark.parametrize(
    ("story", "region", "picture", "tiles"),
    [
        (
            "a small region lies in the middle of one tile",
            (900, 300, 100, 50),
            (1920, 1080),
            [(742, 117, 1158, 533)],
        ),
        ("at the picture's edge the tile is moved inside", (0, 0, 100, 50), (1920, 1080), [(0, 0, 416, 416)]),
        (
            "a wide one is cut evenly",
            (600, 300, 1000, 400),
            (1920, 1080),
            [(600, 292, 1016, 708), (892, 292, 1308, 708), (1184, 292, 1600, 708)],
        ),
        (
            "in a small picture a tile is smaller than the input, so that people are twice as large",
            (100, 100, 50, 50),
            (416, 416),
            [(21, 21, 229, 229)],
        ),
        ("outside the picture there is nothing", (2000, 0, 50, 50), (1920, 1080), []),
        ("what reaches out is cut", (1900, 1000, 500, 500), (1920, 1080), [(1504, 664, 1920, 1080)]),
    ],
)
def test_where_tiles_lie(story, region, picture, tiles):
    assert list(tiles_of([region], picture, INPUT)) == tiles


def test_regions_that_share_a_tile_share_a_look():
    assert len(tiles_of([(900, 300, 100, 50), (900, 300, 100, 50)], (1920, 1080), INPUT)) == 1


sides = st.integers(64, 3000)


@given(st.tuples(sides, sides), st.data())
def test_tiles_cover_the_region_stay_inside_and_overlap(picture, data):
    x = data.draw(st.integers(0, picture[0] - 10))
    y = data.draw(st.integers(0, picture[1] - 10))
    region = (x, y, data.draw(st.integers(10, picture[0] - x)), data.draw(st.integers(10, picture[1] - y)))
    tiles = tiles_of([region], picture, INPUT)
    assert all(t[0] >= 0 and t[1] >= 0 and t[2] <= picture[0] and t[3] <= picture[1] for t in tiles)
    for axis in (0, 1):
        spans = sorted({(t[axis], t[axis + 2]) for t in tiles})
        side = spans[0][1] - spans[0][0]
        assert spans[0][0] <= region[axis]
        assert spans[-1][1] >= region[axis] + region[axis + 2]
        for before, after in pairwise(spans):
            assert before[1] - after[0] >= OVERLAP * side - 2


class SeesBright:
    """A detector that sees one person: the bright place in what it is given."""

    input_wh_px = INPUT

    def __init__(self):
        self.looks = []

    def detect(self, picture_bgr):
        self.looks.append(picture_bgr.shape[1::-1])
        rows, columns = np.nonzero(picture_bgr[:, :, 0])
        if rows.size == 0:
            return ()
        box = float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)
        return (Detection(box, 0.7, "person"),)


def street(x, y):
    picture = np.zeros((1080, 1920, 3), np.uint8)
    picture[y : y + 20, x : x + 8] = 255
    return picture


@pytest.mark.parametrize("x", range(600, 1590, 37))
def test_somebody_far_away_is_one_wherever_the_seams_are(x):
    detector = SeesBright()
    (found,) = TiledDetector(detector, [(600, 300, 1000, 400)]).detect(street(x, 400))
    assert found.box_xyxy_px == (x, 400, x + 8, 420)
    assert detector.looks == [(1920, 1080)] + [(416, 416)] * 3


def test_without_a_region_the_whole_picture_is_looked_at_alone():
    detector = SeesBright()
    assert len(TiledDetector(detector, ()).detect(street(50, 50))) == 1
    assert detector.looks == [(1920, 1080)]
