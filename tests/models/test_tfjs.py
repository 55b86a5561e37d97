"""A tiny TF.js graph made by hand, converted, run, and compared with what plain numpy makes of it."""

import base64
import json

import numpy as np
import onnx
import pytest

from models.errors import ConversionError
from models.runtime import session_of
from models.tfjs import INPUT_NAME, Wanted, convert

RANDOM = np.random.default_rng(7)
NHWC_TO_NCHW, NCHW_TO_NHWC = np.array([0, 3, 1, 2]), np.array([0, 2, 3, 1])
MEAN, STD = (10.0, 20.0, 30.0), (2.0, 4.0, 5.0)
KERNEL = RANDOM.normal(size=(3, 3, 3, 4)).astype(np.float16).astype(np.float32)  # height, width, in, out
BIAS = RANDOM.normal(size=4).astype(np.float32)
PICTURE = RANDOM.uniform(0, 255, (1, 3, 8, 8)).astype(np.float32)


class TfjsFile:
    """Writes a model.json and its weights."""

    def __init__(self):
        self.nodes, self.manifest, self.blob = [], [], b""

    def node(self, name, op, *inputs, **attributes):
        self.nodes.append({"name": name, "op": op, "input": list(inputs), "attr": attributes})
        return name

    def const(self, name, values, packed=None):
        values = np.asarray(values)
        dtype = "int32" if values.dtype.kind == "i" else "float32"
        entry = {"name": name, "shape": list(values.shape), "dtype": dtype}
        if packed:
            entry["quantization"] = {"dtype": packed, "original_dtype": "float32"}
        self.manifest.append(entry)
        self.blob += values.astype({"int32": "<i4", "float32": "<f4"}[dtype] if packed is None else "<f2").tobytes()
        return self.node(name, "Const")

    def picture(self):
        dims = [{"size": str(size)} for size in PICTURE.shape]
        return self.node("picture", "Placeholder", shape={"shape": {"dim": dims}}, dtype={"type": "DT_FLOAT"})

    def model_json(self):
        return json.dumps(
            {
                "format": "graph-model",
                "modelTopology": {"node": self.nodes},
                "weightsManifest": [{"paths": ["weights.bin"], "weights": self.manifest}],
            }
        ).encode()


def words(text):
    return {"s": base64.b64encode(text.encode()).decode()}


def numbers(*values):
    return {"list": {"i": [str(value) for value in values]}}


def padded_convolution():
    """Pad, to NHWC, convolve with stride 2, add a bias, back to NCHW, LeakyRelu: a block as NanoDet's graph has it."""
    file = TfjsFile()
    x = file.node("pad", "Pad", file.picture(), file.const("widths", [[0, 0], [0, 0], [1, 1], [1, 1]]))
    x = file.node("nhwc", "Transpose", x, file.const("to_nhwc", NCHW_TO_NHWC))
    conv = {"padding": words("VALID"), "strides": numbers(1, 2, 2, 1), "data_format": words("NHWC")}
    x = file.node("conv", "Conv2D", x, file.const("kernel", KERNEL, packed="float16"), **conv)
    x = file.node("bias_added", "Add", x, file.const("bias", BIAS))
    x = file.node("nchw", "Transpose", x, file.const("to_nchw", NHWC_TO_NCHW))
    file.node("relu", "LeakyRelu", x, alpha={"f": 0.1})
    return file


def run(file, name, shape):
    model = convert(file.model_json(), file.blob, Wanted(MEAN, STD, [(name, "out", shape)]))
    onnx.checker.check_model(model, full_check=True)
    session = session_of(model.SerializeToString(), threads=1)
    return model, session.run(["out"], {INPUT_NAME: PICTURE})[0]


def normalised():
    return (PICTURE - np.reshape(MEAN, (1, 3, 1, 1))) / np.reshape(STD, (1, 3, 1, 1))


def block_in_numpy():
    """The block of ``padded_convolution``, one output number at a time."""
    padded = np.pad(normalised(), ((0, 0), (0, 0), (1, 1), (1, 1)))
    out = np.empty((1, 4, 4, 4))
    for channel, row, column in np.ndindex(4, 4, 4):
        seen = padded[0, :, 2 * row : 2 * row + 3, 2 * column : 2 * column + 3]
        out[0, channel, row, column] = (seen * KERNEL[..., channel].transpose(2, 0, 1)).sum() + BIAS[channel]
    return np.where(out > 0, out, 0.1 * out)


def test_a_padded_convolution_gives_what_numpy_gives():
    _, found = run(padded_convolution(), "relu", (1, 4, 4, 4))
    np.testing.assert_allclose(found, block_in_numpy(), rtol=1e-5, atol=1e-4)


def test_no_transpose_and_no_separate_padding_is_left():
    model, _ = run(padded_convolution(), "relu", (1, 4, 4, 4))
    assert [node.op_type for node in model.graph.node] == ["Sub", "Div", "Conv", "Add", "LeakyRelu", "Identity"]


def test_the_same_weights_give_the_same_bytes():
    first, _ = run(padded_convolution(), "relu", (1, 4, 4, 4))
    second, _ = run(padded_convolution(), "relu", (1, 4, 4, 4))
    assert first.SerializeToString(deterministic=True) == second.SerializeToString(deterministic=True)


def test_the_order_of_the_nodes_in_the_file_does_not_matter():
    file = padded_convolution()
    file.nodes.reverse()
    _, found = run(file, "relu", (1, 4, 4, 4))
    np.testing.assert_allclose(found, block_in_numpy(), rtol=1e-5, atol=1e-4)


def test_split_reshape_and_concatenation_keep_their_axes():
    """As in NanoDet's head: channels are split, one part goes through a sigmoid, cells become rows."""
    file = TfjsFile()
    nhwc = file.node("nhwc", "Transpose", file.picture(), file.const("to_nhwc", NCHW_TO_NHWC))
    file.node(
        "parts", "SplitV", nhwc, file.const("sizes", [1, 2]), file.const("axis", np.int64(-1)), num_split={"i": "2"}
    )
    file.node("sure", "Sigmoid", "parts")
    both = file.node("both", "ConcatV2", "parts:1", "sure", file.const("last", np.int64(3)))
    zeros = (file.const("places", np.zeros((0, 1), int)), file.const("one", [3]), file.const("none", np.zeros(0, int)))
    shift = file.node("shift", "SparseToDense", *zeros, file.const("zero", np.int64(0)))
    shape = file.node("shape", "AddV2", file.const("rows", [1, 64, 3]), shift)
    file.node("out_rows", "Reshape", both, shape)
    _, found = run(file, "out_rows", (1, 64, 3))
    blue, green, red = normalised()[0]
    expected = np.stack([green, red, 1 / (1 + np.exp(-blue))], axis=-1).reshape(1, 64, 3)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_a_pool_takes_its_padding_of_minus_infinity_in():
    file = TfjsFile()
    widths, lowest = file.const("widths", [[0, 0], [0, 0], [1, 1], [1, 1]]), file.const("lowest", np.float32(-np.inf))
    x = file.node("pad", "PadV2", file.picture(), widths, lowest)
    x = file.node("nhwc", "Transpose", x, file.const("to_nhwc", NCHW_TO_NHWC))
    pool = {"padding": words("VALID"), "strides": numbers(1, 2, 2, 1), "ksize": numbers(1, 3, 3, 1)}
    file.node("pool", "MaxPool", x, **pool)
    model, found = run(file, "pool", (1, 4, 4, 3))
    padded = np.pad(normalised(), ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))[:, :, ::2, ::2]
    np.testing.assert_allclose(found, windows.max(axis=(4, 5)).transpose(0, 2, 3, 1), rtol=1e-5)
    assert "Pad" not in {node.op_type for node in model.graph.node}


def test_resizing_doubles_with_half_pixel_centres():
    file = TfjsFile()
    x = file.node("nhwc", "Transpose", file.picture(), file.const("to_nhwc", NCHW_TO_NHWC))
    file.node("big", "ResizeBilinear", x, file.const("size", [16, 16]), half_pixel_centers={"b": True})
    _, found = run(file, "big", (1, 16, 16, 3))
    small = normalised().transpose(0, 2, 3, 1)
    np.testing.assert_allclose(found[0, 0, 0], small[0, 0, 0], rtol=1e-5)  # a corner is its neighbour alone
    inside = 0.75 * (0.75 * small[0, 0, 0] + 0.25 * small[0, 0, 1]) + 0.25 * (
        0.75 * small[0, 1, 0] + 0.25 * small[0, 1, 1]
    )
    np.testing.assert_allclose(found[0, 1, 1], inside, rtol=1e-4)


def with_an_unknown_operation(file):
    file.node("odd", "FusedBatchNormV3", "relu")


def with_a_missing_input(file):
    file.node("lonely", "Sigmoid", "nowhere")


def with_weights_cut_short(file):
    file.blob = file.blob[:-4]


def with_weights_too_long(file):
    file.blob += b"more"


def with_weights_packed_in_bytes(file):
    file.manifest[2]["quantization"] = {"dtype": "uint8"}


def with_a_circle(file):
    file.node("a", "Sigmoid", "b")
    file.node("b", "Sigmoid", "a")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (with_an_unknown_operation, "operations that the converter does not know: FusedBatchNormV3"),
        (with_a_missing_input, "not there: nowhere"),
        (with_weights_cut_short, "weights: expected"),
        (with_weights_too_long, "weights: expected"),
        (with_weights_packed_in_bytes, "found float32 as uint8"),
        (with_a_circle, "expected no cycle"),
    ],
)
def test_what_cannot_be_converted_is_refused_by_name(spoil, said):
    file = padded_convolution()
    spoil(file)
    with pytest.raises(ConversionError, match=said):
        convert(file.model_json(), file.blob, Wanted(MEAN, STD, [("relu", "out", (1, 4, 4, 4))]))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no json", "expected a TF.js graph model"), (b"{}", "modelTopology"), (b"[]", "graph model")],
)
def test_what_is_no_graph_model_is_refused(content, said):
    with pytest.raises(ConversionError, match=said):
        convert(content, b"", Wanted(MEAN, STD, []))


def test_an_output_that_is_not_there_is_refused():
    file = padded_convolution()
    with pytest.raises(ConversionError, match="expected boxes, found nothing"):
        convert(file.model_json(), file.blob, Wanted(MEAN, STD, [("boxes", "out", (1,))]))
