"""Static int8 of a detector: on calibration pictures, by onnxruntime. What it costs in accuracy is measured elsewhere.

Int8 is not faster everywhere: on a processor without the instructions for it, it is slower. Measure before it is used.
"""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from models.errors import ModelFileError

Blob = NDArray[np.float32]
SUFFIX: Final = "-int8"
KEPT_FLOAT: Final = frozenset({"Sigmoid", "Softmax", "Sub", "Div", "Exp", "Resize"})
"""Scores and normalisation stay as they are, since eight bits of a score are too few; a resize gains nothing."""


class _Pictures(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime comes without types
    """Hands the calibration pictures to onnxruntime, one at a time."""

    def __init__(self, input_name: str, blobs: Iterable[Blob]) -> None:
        self._input_name = input_name
        self._blobs: Iterator[Blob] = iter(blobs)

    def get_next(self) -> dict[str, Blob] | None:
        """Return the next picture, None after the last."""
        blob = next(self._blobs, None)
        return None if blob is None else {self._input_name: blob}


def quantized(path: Path, blobs: Iterable[Blob]) -> bytes:
    """Return the int8 form of an .onnx.

    Args:
        path: the float model.
        blobs: its inputs for calibration, (1, 3, height, width) float32, as the detector would give them.

    Raises:
        ModelFileError: onnxruntime cannot quantize it; its reason.
    """
    with tempfile.TemporaryDirectory(prefix="lukou-int8-") as folder:
        prepared, out = Path(folder) / "prepared.onnx", Path(folder) / "int8.onnx"
        logging.disable(logging.WARNING)  # onnxruntime speaks through the root logger, of what is done here by hand
        try:
            onnx.save(_with_whole_sizes(onnx.load(str(path))), str(prepared))
            graph = onnx.load(str(prepared)).graph
            kept = [node.name for node in graph.node if node.op_type in KEPT_FLOAT]
            quantize_static(
                str(prepared),
                str(out),
                _Pictures(graph.input[0].name, blobs),
                quant_format=QuantFormat.QDQ,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                per_channel=True,
                nodes_to_exclude=kept,
            )
        except (ValueError, RuntimeError, AssertionError) as error:
            raise ModelFileError(path, f"cannot be quantized: {' '.join(str(error).split())[:200]}") from error
        finally:
            logging.disable(logging.NOTSET)
        return out.read_bytes()


def _with_whole_sizes(model: ModelProto) -> ModelProto:
    """Return the graph with every upsampling told all four sizes.

    onnxruntime (1.32) lays an int8 graph out anew and then reads the sizes of an upsampling of only height and width
    wrongly: such a graph cannot be opened.
    """
    inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    shapes = {
        each.name: [dimension.dim_value for dimension in each.type.tensor_type.shape.dim]
        for each in inferred.graph.value_info
    }
    constants = {each.name: numpy_helper.to_array(each) for each in inferred.graph.initializer}
    for node in inferred.graph.node:
        axes = next((attribute for attribute in node.attribute if attribute.name == "axes"), None)
        if node.op_type != "Resize" or axes is None or node.input[-1] not in constants:
            continue
        sizes = np.array(shapes[node.input[0]], np.int64)
        sizes[list(axes.ints)] = constants[node.input[-1]]
        name = f"{node.output[0]}_sizes"
        inferred.graph.initializer.append(numpy_helper.from_array(sizes, name))
        node.input[-1] = name
        node.attribute.remove(axes)
    used = {name for node in inferred.graph.node for name in node.input}
    kept = [each for each in inferred.graph.initializer if each.name in used]
    del inferred.graph.initializer[:]
    inferred.graph.initializer.extend(kept)
    return inferred
