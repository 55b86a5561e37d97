"""The YOLO heads by their law: a box that is written as the network writes boxes is read back as the same box."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.heads.table import HEADS
from edge.heads.yolo import STRIDES_PX, cell_count, decode_end2end, decode_yolo, decode_yolox
from models.describe import HEAD_NAMES

INPUT_WH_PX = (96, 64)
CLASSES = 3
CENTRE = st.tuples(st.floats(0, 96, width=32), st.floats(0, 64, width=32))
SIZE = st.tuples(st.floats(1, 64, width=32), st.floats(1, 64, width=32))


def corners(centre, size):
    return [centre[0] - size[0] / 2, centre[1] - size[1] / 2, centre[0] + size[0] / 2, centre[1] + size[1] / 2]


@given(CENTRE, SIZE, st.integers(0, CLASSES - 1))
def test_a_box_of_ultralytics_is_read_back(centre, size, class_id):
    output = np.zeros((1, 4 + CLASSES, 5), np.float32)
    output[0, :4, 2], output[0, 4 + class_id, 2] = [*centre, *size], 0.75
    boxes, scores, class_ids = decode_yolo({"output0": output}, INPUT_WH_PX, 0.5, range(CLASSES))
    np.testing.assert_allclose(boxes, [corners(centre, size)], atol=1e-3)
    assert (scores.tolist(), class_ids.tolist()) == ([0.75], [class_id])


@given(CENTRE, SIZE, st.integers(0, CLASSES - 1))
def test_a_box_end_to_end_is_read_back(centre, size, class_id):
    output = np.zeros((1, 300, 6), np.float32)
    output[0, 7] = [*corners(centre, size), 0.75, class_id]
    boxes, scores, class_ids = decode_end2end({"output0": output}, INPUT_WH_PX, 0.5, range(CLASSES))
    np.testing.assert_allclose(boxes, [corners(centre, size)], atol=1e-3)
    assert (scores.tolist(), class_ids.tolist()) == ([0.75], [class_id])


@given(CENTRE, SIZE, st.integers(0, CLASSES - 1), st.sampled_from(STRIDES_PX), st.integers(0, 5))
def test_a_box_of_yolox_is_read_back(centre, size, class_id, stride, cell):
    output = np.zeros((1, cell_count(INPUT_WH_PX), 5 + CLASSES), np.float32)
    before = sum((96 // s) * (64 // s) for s in STRIDES_PX if s < stride)
    columns = 96 // stride
    column, row = cell % columns, cell // columns
    at = before + cell
    output[0, at, :2] = np.array(centre) / stride - [column, row]
    output[0, at, 2:4] = np.log(np.array(size) / stride)
    output[0, at, 4], output[0, at, 5 + class_id] = 0.8, 0.9
    boxes, scores, class_ids = decode_yolox({"output": output}, INPUT_WH_PX, 0.5, range(CLASSES))
    np.testing.assert_allclose(boxes, [corners(centre, size)], rtol=1e-3, atol=1e-2)
    assert scores.tolist() == pytest.approx([0.72])
    assert class_ids.tolist() == [class_id]


@pytest.mark.parametrize(
    ("story", "head", "outputs", "problem"),
    [
        ("yolo as exported", "yolo", {"output0": (1, 7, 126)}, None),
        ("yolo with open sizes", "yolo", {"output0": ("batch", 7, "anchors")}, None),
        ("end to end", "yolo-end2end", {"output0": (1, 300, 6)}, None),
        ("yolox of this size", "yolox", {"output": (1, 126, 8)}, None),
        ("yolox of another size", "yolox", {"output": (1, 3549, 8)}, "found output (1 x 3549 x 8)"),
        ("another number of classes", "yolo", {"output0": (1, 84, 126)}, "expects one output (1 x 7 x N)"),
        ("two outputs", "yolo", {"a": (1, 7, 126), "b": (1, 7, 126)}, "found a (1 x 7 x 126), b (1 x 7 x 126)"),
    ],
)
def test_whose_outputs_they_are(story, head, outputs, problem):
    said = HEADS[head].problem(outputs, INPUT_WH_PX, CLASSES)
    assert said is None if problem is None else problem in (said or "")


def test_a_model_may_be_told_to_have_every_head_and_no_other():
    assert tuple(HEADS) == HEAD_NAMES
