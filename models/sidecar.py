"""The sidecar: the small JSON file beside an .onnx that says how a picture goes in and how boxes come out.

It is written by ``pull`` and read by whoever runs the model; a person who brings a model writes one by hand. The head
is named, never guessed: two heads of different meaning can have outputs of the same shape.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from models.errors import ModelFileError

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
ModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$")]
Threshold = Annotated[float, Field(ge=0, le=1)]


class Described(BaseModel):
    """The base of catalog and sidecar: frozen, and nothing in it that is not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PictureInput(Described):
    """How a picture goes in: (1, 3, height, width) float32, 0 to 255 times ``scale``; more is inside the graph."""

    width_px: Annotated[int, Field(ge=32, le=4096, multiple_of=32, description="of the model's input")]
    height_px: Annotated[int, Field(ge=32, le=4096, multiple_of=32, description="of the model's input")]
    channels: Literal["bgr", "rgb"] = "bgr"
    letterbox: Literal["top-left", "centre"] = "top-left"
    scale: Annotated[float, Field(gt=0, le=1, description="what every value is multiplied by")] = 1.0
    pad_value: Annotated[int, Field(ge=0, le=255, description="fills what the picture leaves free")] = 0
    any_size: Annotated[bool, Field(description="the graph works at other sizes: it may be fitted to a camera")] = False

    @property
    def wh_px(self) -> tuple[int, int]:
        """Return width and height."""
        return self.width_px, self.height_px


class Sidecar(Described):
    """How to use one .onnx file, and what it is."""

    version: Literal[1] = 1
    name: ModelName
    head: Annotated[str, Field(description="how raw outputs become boxes; edge.heads lists them")]
    input: PictureInput
    classes: Annotated[tuple[str, ...], Field(min_length=1, description="in the order of the score columns")]
    score_min: Threshold = Field(0.40, description="what to use where nobody says otherwise")
    nms_iou_max: Threshold = Field(0.50, description="of two boxes that overlap more, one goes")
    onnx_sha256: Sha256 | None = Field(None, description="of the .onnx beside it; checked where given")
    weights_sha256: dict[str, Sha256] = Field({}, description="of the files that it was made from")
    converter_version: int | None = Field(None, description="models.tfjs.CONVERTER_VERSION when it was made")
    weights_licence: str | None = None


def sidecar_path(onnx_path: Path) -> Path:
    """Return where the sidecar of an .onnx stands: the same name, ending in .json."""
    return onnx_path.with_suffix(".json")


def read_sidecar(path: Path) -> Sidecar:
    """Read a sidecar.

    Raises:
        ModelFileError: it is not there, or not what it should be; every problem at once.
    """
    try:
        return Sidecar.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelFileError(path, f"expected a sidecar (docs/models.md): {error.strerror}") from error
    except ValidationError as error:
        raise ModelFileError(path, *problem_lines(error)) from error


def problem_lines(error: ValidationError) -> tuple[str, ...]:
    """Return one line a problem: the place in the file and what is wrong there."""
    return tuple(
        f"{'.'.join(map(str, problem['loc'])) or 'file'}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_input=False)
    )
