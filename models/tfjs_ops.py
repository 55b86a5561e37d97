"""One function an operation of TensorFlow: what it is in ONNX. The table at the end is all that the converter knows.

Convolution, pooling and resizing are asked for in N, C, H, W, which is what ONNX means by them; TensorFlow means
N, H, W, C. Whatever depends on constants alone is computed here and never reaches the graph.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from models.errors import ConversionError
from models.onnx_graph import Attribute, OnnxGraph, View
from models.tfjs_file import Array, Node

Value = View | Array
Rewrite = Callable[[OnnxGraph, Node, Sequence[Value]], tuple[Value, ...]]

NHWC_LYING_NCHW: Final = (0, 2, 3, 1)


def _seen(node: Node, value: Value) -> View:
    if not isinstance(value, View):
        raise ConversionError(f"node {node.name} ({node.op}): expected a tensor of the graph, found a constant")
    return value


def _known(node: Node, value: Value) -> Array:
    if isinstance(value, View):
        raise ConversionError(f"node {node.name} ({node.op}): expected a constant, found a tensor of the graph")
    return value


def _whole(node: Node, value: Value) -> list[int]:
    return [int(number) for number in _known(node, value).ravel()]


def _identity(_: OnnxGraph, __: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    return (inputs[0],)


def _transpose(_: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    order = _whole(node, inputs[1])
    value = inputs[0]
    return (value.transposed(order) if isinstance(value, View) else value.transpose(order),)


def _conv2d(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    kernel = _known(node, inputs[1]).astype(np.float32).transpose(3, 2, 0, 1)  # HWIO -> OIHW
    tensor, window = _window(graph, node, inputs[0], list(kernel.shape[2:]), padded_with=0.0)
    (name,) = graph.add("Conv", [tensor, graph.constant(kernel)], window)
    return (View(name, NHWC_LYING_NCHW),)


def _max_pool(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    kernel_shape = list(node.attribute("ksize").numbers.i[1:3])
    tensor, window = _window(graph, node, inputs[0], kernel_shape, padded_with=-np.inf)
    (name,) = graph.add("MaxPool", [tensor], window)
    return (View(name, NHWC_LYING_NCHW),)


def _window(
    graph: OnnxGraph, node: Node, value: Value, kernel_shape: list[int], padded_with: float
) -> tuple[str, dict[str, Attribute]]:
    """Return what a convolution or a pool looks at, and the attributes that the two share.

    A padding that was a node of its own, with what the operation itself pads with, becomes the operation's own.
    """
    padding, layout = node.attribute("padding").text, node.attribute("data_format").text or "NHWC"
    if padding not in {"VALID", "SAME"} or layout != "NHWC":
        raise ConversionError(f"node {node.name} ({node.op}): expected NHWC, VALID or SAME; found {layout}, {padding}")
    tensor = graph.arranged(_seen(node, value), NHWC_LYING_NCHW)
    window: dict[str, Attribute] = {
        "kernel_shape": kernel_shape,
        "strides": list(node.attribute("strides").numbers.i[1:3]),
        "dilations": list(node.attribute("dilations").numbers.i[1:3] or (1, 1)),
    }
    if padding == "SAME":
        return tensor, {**window, "auto_pad": "SAME_UPPER"}
    tensor, pads = graph.without_pad(tensor, padded_with)
    return tensor, {**window, "pads": pads or [0, 0, 0, 0]}


def _pad(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    view, paddings = _seen(node, inputs[0]), _known(node, inputs[1])
    laid_out = np.zeros((2, len(view.axes)), np.int64)  # all beginnings, then all ends
    laid_out[:, list(view.axes)] = paddings.T
    filling = _known(node, inputs[2]) if len(inputs) > 2 else np.float32(0)
    value = graph.constant(np.asarray(filling, np.float32).reshape(()))
    (name,) = graph.add("Pad", [view.tensor, graph.constant(laid_out.ravel()), value], {"mode": "constant"})
    return (View(name, view.axes),)


def _leaky_relu(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    view = _seen(node, inputs[0])
    (name,) = graph.add("LeakyRelu", [view.tensor], {"alpha": node.attribute("alpha").f})
    return (View(name, view.axes),)


def _sigmoid(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    view = _seen(node, inputs[0])
    return (View(graph.add("Sigmoid", [view.tensor])[0], view.axes),)


def _add(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    left, right = inputs
    if not isinstance(left, View) and not isinstance(right, View):
        return (np.add(left, right, dtype=left.dtype),)
    if not isinstance(left, View):
        left, right = right, left
    view = _seen(node, left)
    if isinstance(right, View):
        other = graph.arranged(right, view.axes)
    else:
        other = graph.constant(view.lay_out(right.astype(np.float32)))
    return (View(graph.add("Add", [view.tensor, other])[0], view.axes),)


def _concat(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    views = [_seen(node, value) for value in inputs[:-1]]
    axes = views[0].axes
    (axis,) = _whole(node, inputs[-1])
    tensors = [graph.arranged(view, axes) for view in views]
    return (View(graph.add("Concat", tensors, {"axis": views[0].place(axis)})[0], axes),)


def _split(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    view, sizes = _seen(node, inputs[0]), np.array(_whole(node, inputs[1]), np.int64)
    (axis,) = _whole(node, inputs[2])
    names = graph.add("Split", [view.tensor, graph.constant(sizes)], {"axis": view.place(axis)}, len(sizes))
    return tuple(View(name, view.axes) for name in names)


def _reshape(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    view, shape = _seen(node, inputs[0]), np.array(_whole(node, inputs[1]), np.int64)
    tensor = graph.arranged(view, tuple(range(len(view.axes))))
    (name,) = graph.add("Reshape", [tensor, graph.constant(shape)])
    return (View(name, tuple(range(len(shape)))),)


def _resize_bilinear(graph: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    tensor = graph.arranged(_seen(node, inputs[0]), NHWC_LYING_NCHW)
    size = graph.constant(np.array(_whole(node, inputs[1]), np.int64))
    mode = "half_pixel" if node.attribute("half_pixel_centers").b else "asymmetric"
    if node.attribute("align_corners").b:
        mode = "align_corners"
    attributes: dict[str, Attribute] = {"mode": "linear", "coordinate_transformation_mode": mode, "axes": [2, 3]}
    (name,) = graph.add("Resize", [tensor, "", "", size], attributes)
    return (View(name, NHWC_LYING_NCHW),)


def _sparse_to_dense(_: OnnxGraph, node: Node, inputs: Sequence[Value]) -> tuple[Value, ...]:
    places, shape, values, default = (_known(node, value) for value in inputs)
    dense = np.full(tuple(shape), default, values.dtype)
    dense[tuple(places.reshape(-1, len(shape)).T)] = values
    return (dense,)


REWRITES: Final[Mapping[str, Rewrite]] = {
    "Add": _add,
    "AddV2": _add,
    "ConcatV2": _concat,
    "Conv2D": _conv2d,
    "Identity": _identity,
    "LeakyRelu": _leaky_relu,
    "MaxPool": _max_pool,
    "Pad": _pad,
    "PadV2": _pad,
    "Reshape": _reshape,
    "ResizeBilinear": _resize_bilinear,
    "Sigmoid": _sigmoid,
    "SparseToDense": _sparse_to_dense,
    "SplitV": _split,
    "Transpose": _transpose,
}
