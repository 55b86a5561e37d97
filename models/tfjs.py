"""From a TF.js graph model to ONNX, without TensorFlow: pure, bytes and values in, a model out.

The same graph and weights give the same ONNX bytes, so a converted model can be named by its hash.

Normalisation becomes the first two nodes (Sub, Div). It is neither left to whoever prepares the picture, so that no
two of them can differ, nor folded into the first convolution: that one pads with 0, which must mean "the mean colour"
as in training, and folding would change what the border sees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final

import numpy as np
from onnx import ModelProto

from models.errors import ConversionError
from models.onnx_graph import OnnxGraph, View
from models.tfjs_file import Array, GraphModel, Node, read_graph, unpack_weights
from models.tfjs_ops import REWRITES, Value

CONVERTER_VERSION: Final = 2
"""Counts up when the same weights give another graph, so that a model in a cache is made anew."""

INPUT_NAME: Final = "picture"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the converted graph should have: normalisation (a number a channel) and outputs.

    ``outputs`` are (name in the TF.js graph, name in the ONNX graph, shape), in the order that they shall have.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    outputs: Sequence[tuple[str, str, tuple[int, ...]]]


def convert(model_json: bytes, weights: bytes, wanted: Wanted) -> ModelProto:
    """Rewrite a TF.js graph model with one input (1, C, H, W) float32 as ONNX with the same input.

    Raises:
        ConversionError: it is no such model, an operation is not known (its name is told), the weights do not fit,
            or an output that is wanted is not there.
    """
    model = read_graph(model_json)
    constants = unpack_weights(model, weights)
    nodes = _in_order(model)
    _refuse_unknown(nodes)
    graph = OnnxGraph()
    values: dict[str, tuple[Value, ...]] = {}
    for node in nodes:
        values[node.name] = _rewrite(graph, node, values, constants, wanted)
    for source, name, shape in wanted.outputs:
        value = _value(values, source, "the outputs")
        if not isinstance(value, View):
            raise ConversionError(f"output {source}: expected a tensor of the graph, found a constant")
        graph.write(value, name, shape)
    return graph.model("lukou", CONVERTER_VERSION)


def _in_order(model: GraphModel) -> list[Node]:
    """Return the nodes so that each comes after what goes into it; the same graph, the same order."""
    by_name = {node.name: node for node in model.topology.node}
    before = {name: [_origin(source)[0] for source in node.input] for name, node in by_name.items()}
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError as error:
        raise ConversionError(f"graph: expected no cycle, found {' > '.join(error.args[1])}") from error
    missing = [name for name in order if name not in by_name]
    if missing:
        raise ConversionError(f"graph: nodes that others need are not there: {', '.join(missing)}")
    return [by_name[name] for name in order]


def _origin(source: str) -> tuple[str, int]:
    """Return the node and the number of its result that an input's name speaks of: ``split:1``."""
    name, _, index = source.removeprefix("^").partition(":")
    return name, int(index or 0)


def _refuse_unknown(nodes: Sequence[Node]) -> None:
    unknown = sorted({node.op for node in nodes} - {*REWRITES, "Const", "Placeholder"})
    if unknown:
        known = ", ".join(REWRITES)
        raise ConversionError(
            f"graph: operations that the converter does not know: {', '.join(unknown)} (known: {known})"
        )


def _rewrite(
    graph: OnnxGraph,
    node: Node,
    values: Mapping[str, tuple[Value, ...]],
    constants: Mapping[str, Array],
    wanted: Wanted,
) -> tuple[Value, ...]:
    if node.op == "Const":
        if node.name not in constants:
            raise ConversionError(f"weights: expected {node.name}, found nothing of that name")
        return (constants[node.name],)
    if node.op == "Placeholder":
        return (_normalised_input(graph, node, wanted),)
    inputs = [_value(values, source, node.name) for source in node.input if not source.startswith("^")]
    return REWRITES[node.op](graph, node, inputs)


def _value(values: Mapping[str, tuple[Value, ...]], source: str, user: str) -> Value:
    name, index = _origin(source)
    results = values.get(name, ())
    if index >= len(results):
        raise ConversionError(f"graph: {user}: expected {source}, found nothing of that name")
    return results[index]


def _normalised_input(graph: OnnxGraph, node: Node, wanted: Wanted) -> View:
    shape = tuple(dimension.size for dimension in node.attribute("shape").shape.dim)
    if graph.inputs or shape[:2] != (1, len(wanted.mean)):
        found = "a second input" if graph.inputs else f"the shape {shape}"
        raise ConversionError(f"node {node.name}: expected one input (1, {len(wanted.mean)}, H, W), found {found}")
    picture = graph.read(INPUT_NAME, shape)
    mean = np.array(wanted.mean, np.float32).reshape(1, -1, 1, 1)
    std = np.array(wanted.std, np.float32).reshape(1, -1, 1, 1)
    (centred,) = graph.add("Sub", [picture.tensor, graph.constant(mean)])
    (scaled,) = graph.add("Div", [centred, graph.constant(std)])
    return View(scaled, picture.axes)
