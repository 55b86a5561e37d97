"""A drawn person before a plain wall: what is cut out, and where the feet are."""

import numpy as np
import pytest

from datasets.remix.silhouette import cut_out, empty_scene

EMPTY = np.full((200, 200, 3), 120, np.uint8)
BOX = (80.0, 40.0, 110.0, 120.0)


def scene(*rectangles):
    picture = EMPTY.copy()
    for (x1, y1, x2, y2), level in rectangles:
        picture[y1:y2, x1:x2] = level
    return picture


BODY = ((84, 42, 106, 118), 30)


def test_a_person_is_cut_out_whole_and_stands_on_the_lower_edge():
    found = cut_out(scene(BODY), EMPTY, BOX)
    assert found.box_px == (84, 42, 106, 118)
    assert found.foot_px == pytest.approx((95, 118), abs=1)
    height, width = found.cutout.alpha.shape
    inner = found.cutout.alpha[
        42 - found.cutout.y + 3 : 115 - found.cutout.y, 84 - found.cutout.x + 3 : 103 - found.cutout.x
    ]
    assert inner.min() == 255
    assert found.cutout.alpha[0].max() == 0
    assert found.cutout.picture_bgr.shape == (height, width, 3)


@pytest.mark.parametrize(
    ("story", "more"),
    [
        ("a tape in the wind behind the shoulders", ((60, 60, 140, 63), 250)),
        ("somebody else at the side", ((112, 40, 124, 118), 30)),
        ("noise", ((100, 30, 102, 32), 200)),
    ],
)
def test_what_is_not_the_person_is_left_out(story, more):
    found = cut_out(scene(BODY, more), EMPTY, BOX)
    assert found.box_px[3] == 118
    assert found.foot_px[0] == pytest.approx(95, abs=1)
    assert found.box_px[2] <= 111


def test_a_person_behind_a_pole_keeps_both_halves():
    found = cut_out(scene(BODY, ((93, 0, 97, 200), 120)), EMPTY, BOX)
    assert found.box_px == (84, 42, 106, 118)
    assert found.filled < cut_out(scene(BODY), EMPTY, BOX).filled


@pytest.mark.parametrize(
    ("story", "picture", "box"),
    [
        ("nobody there", EMPTY, BOX),
        ("at the picture's edge", scene(((0, 42, 20, 118), 30)), (0.0, 40.0, 22.0, 120.0)),
    ],
)
def test_who_cannot_be_cut_out(story, picture, box):
    assert cut_out(picture, EMPTY, box) is None


def test_the_empty_scene_is_what_stands_still():
    pictures = np.stack([scene(((10 * at, 50, 10 * at + 20, 90), 0)) for at in range(9)])
    assert (empty_scene(pictures) == EMPTY).all()
