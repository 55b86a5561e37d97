"""Places smoothed over a stride, and where a clip may begin."""

import numpy as np
import pytest

from datasets.remix.extract import from_whole, smoothed, touch
from datasets.remix.silhouette import Silhouette


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
