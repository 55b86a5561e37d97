"""A fully convolutional graph for another input size: pure, bytes in, bytes out.

A square input wastes a quarter of its work on the empty border of a 4:3 picture, and 44 % of a 16:9 one. Where nothing
in a graph fixes its size but the input itself and the sizes that its upsampling names, those can be changed.
"""

from typing import Final

import numpy as np
import onnx
from onnx import ModelProto, numpy_helper

from models.errors import ConversionError

STEP_PX: Final = 32
"""The coarsest stride of the detectors that we know: sizes are multiples of it."""
MORE_PIXELS_MAX: Final = 1.15
"""A fitted input may have so many times the pixels of the model's own."""

SizeWhPx = tuple[int, int]


def fitted_size(picture_wh_px: SizeWhPx, own_wh_px: SizeWhPx) -> SizeWhPx:
    """Return the input size that shows the picture largest for about the work of the model's own size."""
    width_px, height_px = picture_wh_px
    budget = own_wh_px[0] * own_wh_px[1] * MORE_PIXELS_MAX
    best, shown_best = own_wh_px, _shown(picture_wh_px, own_wh_px)
    for wide in range(STEP_PX, round(budget / STEP_PX) + 1, STEP_PX):
        below = max(round(wide * height_px / width_px) // STEP_PX * STEP_PX, STEP_PX)
        for tall in (below, below + STEP_PX):
            shown = _shown(picture_wh_px, (wide, tall))
            if wide * tall <= budget and shown > shown_best:
                best, shown_best = (wide, tall), shown
    return best


def _shown(picture_wh_px: SizeWhPx, input_wh_px: SizeWhPx) -> float:
    """Return how many of the input's pixels show the picture."""
    scale = min(input_wh_px[0] / picture_wh_px[0], input_wh_px[1] / picture_wh_px[1])
    return scale * picture_wh_px[0] * scale * picture_wh_px[1]


def resized(content: bytes, own_wh_px: SizeWhPx, wanted_wh_px: SizeWhPx) -> bytes:
    """Return the ONNX for another input size.

    Args:
        content: an ONNX graph with one input (1, 3, height, width).
        own_wh_px: the size that it has.
        wanted_wh_px: the size that it shall have, in multiples of ``STEP_PX``.

    Raises:
        ConversionError: something else than input and upsampling fixes its size.
    """
    model = onnx.load_from_string(content)
    factors = [wanted_wh_px[1] / own_wh_px[1], wanted_wh_px[0] / own_wh_px[0]]  # height, width
    shape = model.graph.input[0].type.tensor_type.shape.dim
    shape[2].dim_value, shape[3].dim_value = wanted_wh_px[1], wanted_wh_px[0]
    constants = {each.name: each for each in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Resize" and node.input[-1] in constants:
            name = f"{node.name or node.output[0]}_size"
            scaled = _scaled(numpy_helper.to_array(constants[node.input[-1]]), factors, name)
            model.graph.initializer.append(numpy_helper.from_array(scaled, name))
            node.input[-1] = name
        elif node.op_type == "Reshape" and node.input[1] in constants:
            _refuse_fixed(numpy_helper.to_array(constants[node.input[1]]), node.name or node.output[0])
    _forget_shapes(model)
    return bytes(model.SerializeToString(deterministic=True))


def _scaled(sizes: np.ndarray, factors: list[float], name: str) -> np.ndarray:
    """Return the sizes of an upsampling with their last two, height and width, scaled."""
    scaled = sizes.astype(np.float64)
    scaled[-2:] *= factors
    whole = np.round(scaled)
    if sizes.dtype != np.int64 or np.abs(whole - scaled).max() > 1e-6:
        raise ConversionError(f"{name}: expected sizes that scale to whole numbers, found {sizes.tolist()}")
    return whole.astype(np.int64)


def _refuse_fixed(shape: np.ndarray, name: str) -> None:
    if -1 not in shape:
        raise ConversionError(f"{name}: expected a shape with an open size, found {shape.tolist()}: its size is fixed")


def _forget_shapes(model: ModelProto) -> None:
    """Leave open what follows from the input, and drop what nobody uses any more."""
    del model.graph.value_info[:]
    for output in model.graph.output:
        for dimension in output.type.tensor_type.shape.dim[1:2]:
            dimension.dim_param = f"{output.name}_cells"
    used = {name for node in model.graph.node for name in node.input}
    kept = [each for each in model.graph.initializer if each.name in used]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
