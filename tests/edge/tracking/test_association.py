import numpy as np
import pytest

from edge.tracking.association import covered, hidden_shares, overlaps, pairs

A = np.array([[0.0, 0.0, 10.0, 10.0]])


@pytest.mark.parametrize(
    ("story", "other", "iou", "share"),
    [
        ("the same", [0, 0, 10, 10], 1.0, 1.0),
        ("apart", [20, 20, 30, 30], 0.0, 0.0),
        ("half", [0, 5, 10, 15], 1 / 3, 0.5),
        ("it lies inside", [-5, -5, 15, 15], 0.25, 1.0),
        ("no area", [5, 5, 5, 5], 0.0, 0.0),
    ],
)
def test_overlap_and_cover(story, other, iou, share):
    b = np.array([other], float)
    assert overlaps(A, b)[0, 0] == pytest.approx(iou)
    assert covered(A, b)[0, 0] == pytest.approx(share)


def test_only_somebody_nearer_hides_and_only_a_sure_one():
    far, near = [0.0, 0.0, 10.0, 30.0], [0.0, 5.0, 10.0, 40.0]
    boxes = np.array([far, near])
    assert hidden_shares(boxes, np.array([True, True])).tolist() == pytest.approx([25 / 30, 0.0])
    assert hidden_shares(boxes, np.array([True, False])).tolist() == [0.0, 0.0]
    assert hidden_shares(np.zeros((0, 4)), np.zeros(0, bool)).tolist() == []


def test_the_cheapest_pairing_as_a_whole_is_taken_and_nothing_forbidden():
    cost = np.array([[1.0, 2.0], [1.1, 9.0]])
    assert sorted(pairs(cost, np.ones((2, 2), bool))) == [(0, 1), (1, 0)]
    assert pairs(cost, np.array([[True, False], [True, False]])) == [(0, 0)]
    assert pairs(cost, np.zeros((2, 2), bool)) == []
