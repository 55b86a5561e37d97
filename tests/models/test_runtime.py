"""Opening an .onnx with its sidecar: what is said of files that are no model, or not what they are said to be."""

import json

import pytest
from onnx import TensorProto, helper

from models.errors import ModelFileError
from models.runtime import fits, open_model

SIDECAR = {"name": "mine", "head": "nanodet", "input": {"width_px": 32, "height_px": 32}, "classes": ["person"]}


def an_onnx(*shape):
    values = (helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x", "y"))
    graph = helper.make_graph([helper.make_node("Sigmoid", ["x"], ["y"])], "g", *([value] for value in values))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8).SerializeToString()


def written(tmp_path, onnx_bytes, sidecar):
    path = tmp_path / "mine.onnx"
    if onnx_bytes is not None:
        path.write_bytes(onnx_bytes)
    if sidecar is not None:
        path.with_suffix(".json").write_text(sidecar if isinstance(sidecar, str) else json.dumps(sidecar))
    return path


@pytest.mark.parametrize("shape", [(1, 3, 32, 32), ("batch", 3, 32, 32), ("batch", 3, "height", "width")])
def test_a_model_that_is_what_its_sidecar_says_opens(tmp_path, shape):
    opened = open_model(written(tmp_path, an_onnx(*shape), SIDECAR), threads=1)
    assert (opened.sidecar.name, opened.input_name, opened.outputs) == ("mine", "x", {"y": shape})
    assert len(opened.sha256) == 64


GOOD = an_onnx(1, 3, 32, 32)


@pytest.mark.parametrize(
    ("onnx_bytes", "sidecar", "said"),
    [
        (None, SIDECAR, "mine.onnx: expected an .onnx file: No such file or directory"),
        (b"no onnx", SIDECAR, "mine.onnx: expected an ONNX model that onnxruntime can run, found: "),
        (GOOD[:-9], SIDECAR, "mine.onnx: expected an ONNX model that onnxruntime can run, found: "),
        (b"", SIDECAR, "mine.onnx: expected an ONNX model that onnxruntime can run, found: No graph"),
        (
            GOOD,
            None,
            "classes: the graph does not name them, and they are not COCO's 80: give --classes FILE",
        ),
        (GOOD, "{", "mine.json: file: Invalid JSON"),
        (GOOD, {**SIDECAR, "colour": "red"}, "mine.json: colour: Extra inputs are not permitted"),
        (
            GOOD,
            {**SIDECAR, "onnx_sha256": "0" * 64},
            f"mine.onnx: expected sha256 {'0' * 64}, as mine.json says; found",
        ),
        (an_onnx(1, 32, 32, 3), SIDECAR, "(1 x 3 x 32 x 32), found x tensor(float) (1 x 32 x 32 x 3)"),
        (an_onnx(1, 3, 64, 64), SIDECAR, "(1 x 3 x 32 x 32), found x tensor(float) (1 x 3 x 64 x 64)"),
    ],
)
def test_what_is_not_is_told_in_one_line(tmp_path, onnx_bytes, sidecar, said):
    with pytest.raises(ModelFileError) as told:
        open_model(written(tmp_path, onnx_bytes, sidecar), threads=1)
    assert told.value.exit_status == 2
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_every_problem_is_told_at_once(tmp_path):
    sidecar = {**SIDECAR, "onnx_sha256": "0" * 64}
    with pytest.raises(ModelFileError) as told:
        open_model(written(tmp_path, an_onnx(1, 3, 64, 64), sidecar), threads=1)
    assert len(told.value.problems) == 2


@pytest.mark.parametrize(
    ("shape", "wanted", "verdict"),
    [
        ((1, 2), (1, 2), True),
        (("n", 2), (1, 2), True),
        ((None, 2), (1, 2), True),
        ((2, 2), (1, 2), False),
        ((), (1,), False),
    ],
)
def test_a_size_left_open_fits_any(shape, wanted, verdict):
    assert fits(shape, wanted) is verdict
