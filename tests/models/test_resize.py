import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.errors import ConversionError
from models.resize import fitted_size, resized
from models.runtime import open_model, session_of


@pytest.mark.parametrize(
    ("story", "picture", "fitted"),
    [
        ("4:3, as old cameras have it", (768, 576), (512, 384)),
        ("16:9", (1920, 1080), (576, 320)),
        ("16:9, 4K: the same", (3840, 2160), (576, 320)),
        ("a square", (600, 600), (416, 416)),
        ("a tall one, for a corridor", (1080, 1920), (320, 576)),
    ],
)
def test_an_input_shows_the_picture_as_large_as_the_work_allows(story, picture, fitted):
    assert fitted_size(picture, (416, 416)) == fitted
    assert fitted[0] * fitted[1] <= 1.15 * 416 * 416


def doubling(shape, size=64):
    """Return a graph that halves its input by a pool, doubles it again, and lays it out."""
    nodes = [
        helper.make_node("MaxPool", ["picture"], ["half"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Resize", ["half", "", "", "size"], ["whole"], name="up", axes=[2, 3]),
        helper.make_node("Reshape", ["whole", "shape"], ["laid"], name="lay"),
    ]
    constants = [
        numpy_helper.from_array(np.array([size, size], np.int64), "size"),
        numpy_helper.from_array(np.array(shape, np.int64), "shape"),
    ]
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, 64, 64])],
        [helper.make_tensor_value_info("laid", TensorProto.FLOAT, [1, 3 * 64 * 64])],
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=10).SerializeToString()


def test_a_graph_works_at_another_size():
    content = resized(doubling([1, -1]), (64, 64), (96, 32))
    onnx.checker.check_model(onnx.load_from_string(content), full_check=True)
    picture = np.ones((1, 3, 32, 96), np.float32)
    (laid,) = session_of(content, 1).run(None, {"picture": picture})
    assert laid.shape == (1, 3 * 32 * 96)


@pytest.mark.parametrize(
    ("story", "content", "says"),
    [
        ("a size that is fixed elsewhere", doubling([1, 12288]), "its size is fixed"),
        ("an upsampling that would not be whole", doubling([1, -1], 33), "scale to whole numbers"),
    ],
)
def test_a_graph_that_is_fixed_is_refused(story, content, says):
    with pytest.raises(ConversionError, match=says):
        resized(content, (64, 64), (96, 32))


@pytest.mark.weights
def test_the_default_detector_fits_itself_to_a_camera_and_keeps_its_hash(default_model):
    own, fitted = open_model(default_model, 1), open_model(default_model, 1, (1920, 1080))
    assert fitted.sidecar.input.wh_px == (576, 320)
    assert fitted.sha256 == own.sha256
    assert fitted.session.get_inputs()[0].shape == [1, 3, 320, 576]


@pytest.mark.weights
def test_a_provider_that_is_not_there_is_left_out(default_model):
    model = open_model(default_model, 1, providers=("NoSuchExecutionProvider", "CPUExecutionProvider"))
    assert model.provider == "CPUExecutionProvider"
