"""The TF.js graph-model format: model.json and its weight bytes, read into nodes and arrays. Nothing of ONNX in here.

The format is the GraphDef of TensorFlow as JSON (strings in base64, 64-bit integers as strings) beside one blob of
weights; the manifest says which weight lies where and how it is packed.
"""

import base64
import binascii
import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Field, ValidationError

from models.errors import ConversionError

Array = NDArray[np.float32] | NDArray[np.int32]

NUMPY_TYPE: Final[Mapping[str, np.dtype[Any]]] = {
    "float32": np.dtype("<f4"),
    "int32": np.dtype("<i4"),
    "float16": np.dtype("<f2"),
}


class _Dimension(BaseModel):
    size: int


class _Shape(BaseModel):
    dim: tuple[_Dimension, ...] = ()


class _Numbers(BaseModel):
    i: tuple[int, ...] = ()


class Attribute(BaseModel):
    """One attribute of a node; which field is filled depends on the operation."""

    s: str = ""
    f: float = 0.0
    i: int = 0
    b: bool = False
    numbers: _Numbers = Field(_Numbers(), alias="list")
    shape: _Shape = _Shape()

    @property
    def text(self) -> str:
        """Return the string that is packed as base64."""
        try:
            return base64.b64decode(self.s, validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ConversionError(f"graph: expected a string in base64, found {self.s!r}") from error


class Node(BaseModel):
    """One operation of the graph, and the names of what goes in."""

    name: str
    op: str
    input: tuple[str, ...] = ()
    attr: dict[str, Attribute] = {}

    def attribute(self, name: str) -> Attribute:
        """Return an attribute, or an empty one where the graph leaves it out."""
        return self.attr.get(name, Attribute())


class _Quantization(BaseModel):
    dtype: str


class _Weight(BaseModel):
    name: str
    shape: tuple[int, ...]
    dtype: str
    quantization: _Quantization | None = None


class _WeightGroup(BaseModel):
    weights: tuple[_Weight, ...]


class _Topology(BaseModel):
    node: tuple[Node, ...]


class GraphModel(BaseModel):
    """A model.json, as far as a conversion needs it."""

    topology: _Topology = Field(alias="modelTopology")
    manifest: tuple[_WeightGroup, ...] = Field(alias="weightsManifest")


def read_graph(model_json: bytes) -> GraphModel:
    """Return the graph that a model.json holds.

    Raises:
        ConversionError: it is no TF.js graph model.
    """
    try:
        return GraphModel.model_validate_json(model_json)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, problem["loc"])) or "file"
        raise ConversionError(f"expected a TF.js graph model: {place}: {problem['msg']}") from error


def unpack_weights(graph: GraphModel, blob: bytes) -> Mapping[str, Array]:
    """Return every weight by name, half precision widened to float32.

    Raises:
        ConversionError: a weight is packed in a way that we do not know, or the blob has another length than the
            manifest says.
    """
    weights: dict[str, Array] = {}
    at = 0
    for weight in (weight for group in graph.manifest for weight in group.weights):
        packed = _packed_type(weight)
        count = math.prod(weight.shape)
        if at + count * packed.itemsize > len(blob):
            raise ConversionError(f"weights: expected at least {at + count * packed.itemsize} bytes, found {len(blob)}")
        values = np.frombuffer(blob, packed, count, at).reshape(weight.shape)
        weights[weight.name] = values.astype(NUMPY_TYPE[weight.dtype])
        at += count * packed.itemsize
    if at != len(blob):
        raise ConversionError(f"weights: expected {at} bytes, found {len(blob)}")
    return weights


def _packed_type(weight: _Weight) -> np.dtype[Any]:
    """Return how a weight lies in the blob; an affine (8 or 16 bit) packing is refused, not guessed."""
    name = weight.quantization.dtype if weight.quantization else weight.dtype
    if weight.dtype not in NUMPY_TYPE or name not in NUMPY_TYPE:
        known = ", ".join(NUMPY_TYPE)
        raise ConversionError(f"weight {weight.name}: expected one of {known}, found {weight.dtype} as {name}")
    return NUMPY_TYPE[name]
