"""NanoDet's head by its law: a box that is written as the network writes boxes is read back as the same box."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.heads.nanodet import BINS, SIDES, STRIDES_PX, decode_nanodet, expected_distance, nanodet_outputs

INPUT_WH_PX = (96, 64)
CLASSES = 3
SURELY_NOT = -60.0


def empty_outputs():
    shapes = nanodet_outputs(INPUT_WH_PX, CLASSES)
    return {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}


def as_distribution(distance):
    """Two neighbouring bins share the weight so that their mean is the distance (0 .. 10)."""
    lower = min(int(distance), BINS - 2)
    logits = np.full(BINS, SURELY_NOT, np.float32)
    for index, share in ((lower, lower + 1 - distance), (lower + 1, distance - lower)):
        logits[index] = np.log(max(share, 1e-26))
    return logits


def write_box(outputs, stride, cell, class_id, score, distances):
    """Write one box as the network does: a score in its cell, and four distances in strides."""
    column, row = cell
    at = row * (-(-INPUT_WH_PX[0] // stride)) + column
    outputs[f"scores_{stride}"][0, at, class_id] = score
    outputs[f"boxes_{stride}"][0, at] = np.concatenate([as_distribution(distance) for distance in distances])


cells = st.sampled_from(STRIDES_PX).flatmap(
    lambda stride: st.tuples(
        st.just(stride),
        st.tuples(st.integers(0, INPUT_WH_PX[0] // stride - 1), st.integers(0, INPUT_WH_PX[1] // stride - 1)),
    )
)
distances = st.tuples(*[st.floats(0, BINS - 1)] * SIDES)


@given(place=cells, class_id=st.integers(0, CLASSES - 1), score=st.floats(0.5, 1, width=32), distances=distances)
def test_a_box_that_is_written_is_read_back(place, class_id, score, distances):
    stride, (column, row) = place
    outputs = empty_outputs()
    write_box(outputs, stride, (column, row), class_id, score, distances)
    boxes, scores, class_ids = decode_nanodet(outputs, INPUT_WH_PX, 0.5, range(CLASSES))
    left, top, right, bottom = np.array(distances) * stride
    x, y = (column + 0.5) * stride, (row + 0.5) * stride
    np.testing.assert_allclose(boxes, [[x - left, y - top, x + right, y + bottom]], atol=1e-3)
    assert (scores.tolist(), class_ids.tolist()) == ([np.float32(score)], [class_id])


@pytest.mark.parametrize(
    ("score", "score_min", "wanted", "found"),
    [
        (0.50, 0.25, (0, 1, 2), 1),
        (0.25, 0.25, (0, 1, 2), 1),  # the least score counts
        (0.24, 0.25, (0, 1, 2), 0),
        (0.50, 0.25, (0, 2), 0),  # its class is not asked for
        (0.50, 0.25, (1,), 1),
    ],
)
def test_only_what_is_sure_enough_and_asked_for_comes_out(score, score_min, wanted, found):
    outputs = empty_outputs()
    write_box(outputs, 16, (1, 1), 1, score, (1, 1, 1, 1))
    boxes, scores, class_ids = decode_nanodet(outputs, INPUT_WH_PX, score_min, wanted)
    assert (len(boxes), len(scores), class_ids.tolist()) == (found, found, [1] * found)


def test_a_cell_may_speak_for_two_classes():
    outputs = empty_outputs()
    for class_id in (0, 2):
        write_box(outputs, 8, (3, 2), class_id, 0.6, (1, 2, 3, 4))
    boxes, _, class_ids = decode_nanodet(outputs, INPUT_WH_PX, 0.5, range(CLASSES))
    assert class_ids.tolist() == [0, 2]
    assert boxes[0].tolist() == boxes[1].tolist()


def test_nothing_gives_empty_arrays_of_the_right_shape_and_type():
    boxes, scores, class_ids = decode_nanodet(empty_outputs(), INPUT_WH_PX, 0.25, (0,))
    assert (boxes.shape, scores.shape, class_ids.shape) == ((0, 4), (0,), (0,))
    assert (boxes.dtype, scores.dtype, class_ids.dtype) == (np.float32, np.float32, np.int64)


@given(logits=st.lists(st.floats(-30, 30, width=32), min_size=BINS, max_size=BINS), shift=st.floats(-50, 50, width=32))
def test_a_distance_lies_among_the_bins_and_shifting_all_logits_does_not_move_it(logits, shift):
    values = np.array([logits], np.float32)
    (distance,) = expected_distance(values)
    assert 0 <= distance <= BINS - 1
    np.testing.assert_allclose(expected_distance(values + np.float32(shift)), [distance], atol=1e-2)


def test_the_outputs_at_416_are_those_of_the_paper():
    shapes = nanodet_outputs((416, 416), 80)
    assert list(shapes.values()) == [(1, n, c) for c in (80, 44) for n in (2704, 676, 169)]
