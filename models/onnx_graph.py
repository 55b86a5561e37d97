"""An ONNX graph in the making, whose transposes are not written down until someone needs one.

A ``View`` is a tensor together with the order in which its axes are meant. A transpose only changes that order. An
operation that cares for the real order (a convolution wants N, C, H, W) asks for it with ``arranged``, which writes a
Transpose only when the axes do lie otherwise. So a graph that goes to and fro between NHWC and NCHW comes out without
the traffic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

OPSET: Final = 18
IR_VERSION: Final = 8  # what onnxruntime has read since 1.13

Attribute = int | float | str | list[int]
Axes = tuple[int, ...]
Weights = NDArray[np.float32] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class View:
    """A tensor of the ONNX graph as its user sees it: the user's axis ``i`` is the tensor's axis ``axes[i]``."""

    tensor: str
    axes: Axes

    def transposed(self, order: Sequence[int]) -> "View":
        """Return the same tensor with its axes meant in another order."""
        return View(self.tensor, tuple(self.axes[axis] for axis in order))

    def place(self, axis: int) -> int:
        """Return where a user's axis (from the end when negative) really lies."""
        return self.axes[axis]

    def lay_out(self, constant: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return a constant that broadcasts against the user's axes so that it does against the real ones."""
        grown = constant.reshape((1,) * (len(self.axes) - constant.ndim) + constant.shape)
        return np.ascontiguousarray(grown.transpose(np.argsort(self.axes)))


@dataclass(slots=True)
class OnnxGraph:
    """Nodes, constants, inputs and outputs in the order in which they were added; names are counted, so stable."""

    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)
    inputs: list[ValueInfoProto] = field(default_factory=list)
    outputs: list[ValueInfoProto] = field(default_factory=list)

    def read(self, name: str, shape: Sequence[int]) -> View:
        """Add an input of the graph (float32)."""
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return View(name, tuple(range(len(shape))))

    def constant(self, values: Weights) -> str:
        """Add a constant and return its name."""
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(
        self, op: str, inputs: Sequence[str], attributes: Mapping[str, Attribute] | None = None, results: int = 1
    ) -> tuple[str, ...]:
        """Add a node and return the names of what it gives."""
        stem = f"{op.lower()}_{len(self.nodes)}"
        names = (stem,) if results == 1 else tuple(f"{stem}_{index}" for index in range(results))
        node = helper.make_node(op, inputs, names, name=stem)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in (attributes or {}).items())
        self.nodes.append(node)
        return names

    def arranged(self, view: View, axes: Axes) -> str:
        """Return a tensor in which the user's axis ``i`` really is axis ``axes[i]``, transposing where it is not."""
        if view.axes == axes:
            return view.tensor
        order = [view.axes[user_axis] for user_axis in np.argsort(axes)]
        return self.add("Transpose", [view.tensor], {"perm": order})[0]

    def without_pad(self, tensor: str, filling: float) -> tuple[str, list[int]]:
        """Return the tensor before it was padded and how (all beginnings, then all ends, of the axes after the second).

        Where it was not padded with that filling, or along other axes too, it comes back as it is, with no padding.
        The Pad that is then needed by nobody does not reach the model.
        """
        pad = next((node for node in self.nodes if node.op_type == "Pad" and node.output[0] == tensor), None)
        if pad is None or self._value(pad.input[2]) != filling:
            return tensor, []
        widths = self._value(pad.input[1]).reshape(2, -1)
        if np.any(widths[:, :2] != 0):
            return tensor, []
        return pad.input[0], [int(width) for width in widths[:, 2:].ravel()]

    def _value(self, constant: str) -> NDArray[np.generic]:
        return numpy_helper.to_array(next(tensor for tensor in self.constants if tensor.name == constant))

    def write(self, view: View, name: str, shape: Sequence[int]) -> None:
        """Make what is seen an output of the graph (float32)."""
        tensor = self.arranged(view, tuple(range(len(view.axes))))
        self.nodes.append(helper.make_node("Identity", [tensor], [name], name=name))
        self.outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def model(self, producer: str, version: int) -> ModelProto:
        """Return the whole as a model; the same calls give the same bytes."""
        nodes = self._needed()
        used = {name for node in nodes for name in node.input}
        constants = [constant for constant in self.constants if constant.name in used]
        graph = helper.make_graph(nodes, "detector", self.inputs, self.outputs, constants)
        return helper.make_model(
            graph,
            producer_name=producer,
            producer_version=str(version),
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
        )

    def _needed(self) -> list[NodeProto]:
        """Return the nodes that the outputs rest on, in their order."""
        needed = {output.name for output in self.outputs}
        kept = []
        for node in reversed(self.nodes):
            if needed.intersection(node.output):
                needed.update(node.input)
                kept.append(node)
        return kept[::-1]
