"""Places smoothed over a stride, and where a clip may begin."""

import numpy as np
import pytest
from remixing import PX_PER_M, SIZE_PX, plain_ground

from datasets.remix.extract import cut_clips, from_whole, smoothed, touch
from datasets.remix.silhouette import Silhouette

EMPTY = np.full((SIZE_PX[1], SIZE_PX[0], 3), 120, np.uint8)


def filmed(*walks):
    """Return pictures and tracks of blocks of 20 by 50 pixels: (x at the beginning, foot y, pixels a frame, frames)."""
    pictures, tracks = np.stack([EMPTY] * 60), {}
    for number, (x, foot_y, step, frames) in enumerate(walks, start=1):
        tracks[number] = {}
        for at in frames:
            left = x + step * at
            pictures[at, foot_y - 50 : foot_y, left : left + 20] = 30
            tracks[number][at] = (left - 1.0, foot_y - 51.0, left + 21.0, foot_y + 1.0)
    return pictures, EMPTY, tracks


def test_who_walks_alone_is_one_clip_with_the_feet_where_they_are():
    (clip,) = cut_clips(*filmed((40, 150, 3, range(50))), plain_ground())
    left_m = (40 + 3 * np.arange(50) + 10 - SIZE_PX[0] / 2) / PX_PER_M
    assert clip.feet_m[:, 0] == pytest.approx(left_m, abs=0.1)
    assert clip.feet_m[:, 1] == pytest.approx(np.full(50, 3.0), abs=0.1)


def test_where_two_meet_both_clips_are_cut():
    clips = cut_clips(*filmed((20, 150, 4, range(60)), (260, 150, -4, range(60))), plain_ground())
    assert {clip.person for clip in clips} <= {1, 2}
    assert all(len(clip.cutouts) < 30 for clip in clips)


def test_a_short_walk_is_no_clip():
    assert cut_clips(*filmed((40, 150, 3, range(20))), plain_ground()) == ()


def silhouette(filled):
    return Silhouette(None, (0.0, 0.0), (0.0, 0.0, 1.0, 1.0), filled)


def test_smoothing_leaves_an_even_walk_as_it_is():
    walk = np.stack([np.linspace(0, 5, 40), np.linspace(3, 1, 40)], axis=1)
    assert smoothed(walk) == pytest.approx(walk)


def test_smoothing_takes_the_swing_of_the_legs_out():
    seconds = np.arange(50) / 10
    swing = np.stack([1.4 * seconds, 0.1 * np.sin(2 * np.pi * seconds / 0.9)], axis=1)
    assert np.abs(smoothed(swing)[5:-5, 1]).max() < 0.015


@pytest.mark.parametrize(
    ("story", "filled", "begins"),
    [("whole from the first", [0.3] * 5, 0), ("behind a sign at first", [0.1, 0.15, 0.2, 0.3, 0.3, 0.3, 0.3], 3)],
)
def test_a_clip_begins_where_the_person_is_whole(story, filled, begins):
    run = [silhouette(share) for share in filled]
    assert from_whole(run) == run[begins:]


def test_boxes_touch():
    assert touch((0, 0, 10, 10), (9, 9, 20, 20))
    assert not touch((0, 0, 10, 10), (10, 0, 20, 10))
