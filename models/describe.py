"""What an .onnx says of itself: the sidecar that follows from its metadata and its outputs, where they leave no doubt.

Ultralytics writes its class names, its size and its task into the graph's metadata. Without metadata a head is only
taken from the outputs where no other head has such outputs; YOLOv5's 1 x N x 85 looks like YOLOX's, and means something
else, so it is never guessed.
"""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from models.catalog import load_catalog
from models.errors import ModelFileError
from models.sidecar import PictureInput, Sidecar, problem_lines

Shape = tuple[int | str | None, ...]
HEAD_NAMES: Final = ("nanodet", "yolo", "yolo-end2end", "yolox")
"""The heads of edge.heads.table, which a model may be told to have."""
COCO: Final = "coco80"
BOX: Final = 4  # numbers of a box, above its scores
END2END_COLUMNS: Final = 6
ULTRALYTICS: Final = {"channels": "rgb", "letterbox": "centre", "pad_value": 114, "scale": 1 / 255}
YOLOX: Final = {"channels": "bgr", "letterbox": "top-left", "pad_value": 114, "scale": 1.0}
STYLES: Final = {"nanodet": {}, "yolo": ULTRALYTICS, "yolo-end2end": ULTRALYTICS, "yolox": YOLOX}


def described(
    path: Path,
    metadata: Mapping[str, str],
    input_shape: Shape,
    outputs: Mapping[str, Shape],
    *,
    head: str | None = None,
    classes: tuple[str, ...] | None = None,
    size_wh_px: tuple[int, int] | None = None,
) -> Sidecar:
    """Return the sidecar of a graph.

    Args:
        path: the .onnx, for its name.
        metadata: the graph's own properties.
        input_shape: of its one input.
        outputs: names and shapes.
        head: what a person has said; None where the graph shall say it, here and below.
        classes: the names of the classes in the order of their scores.
        size_wh_px: width and height of the input.

    Raises:
        ModelFileError: what is not known, and how to say it; everything at once.
    """
    problems: list[str] = []
    names = classes or _names(metadata, outputs, problems)
    named = _told(head, problems) if head else None
    if head is None and names:  # without the number of classes the outputs say nothing
        named = _head(metadata, outputs, len(names), problems)
    size = size_wh_px or _size(metadata, input_shape, problems)
    if problems or size is None or named is None:
        raise ModelFileError(path, *problems)
    picture = {"width_px": size[0], "height_px": size[1], **STYLES[named]}
    try:
        return Sidecar(name=model_name(path), head=named, input=PictureInput.model_validate(picture), classes=names)
    except ValidationError as error:
        raise ModelFileError(path, *(f"input: {line}" for line in problem_lines(error))) from error


def model_name(path: Path) -> str:
    """Return a file's name as a model's: small letters, digits, dots and dashes, at most 63."""
    kept = (each if each.isascii() and (each.isalnum() or each in "._-") else "-" for each in path.stem.lower())
    return "".join(kept).lstrip("._-")[:63] or "model"


def _names(metadata: Mapping[str, str], outputs: Mapping[str, Shape], problems: list[str]) -> tuple[str, ...]:
    """Return the class names of the metadata, else COCO's where there are 80, else none and a problem."""
    coco = load_catalog().classes[COCO]
    if "names" in metadata:
        names = _printed(metadata["names"])
        if names is None:
            problems.append(f"metadata names: expected a list of class names, found {metadata['names'][:60]!r}")
        if names != tuple(str(index) for index in range(len(coco))):  # a model built without data: they say nothing
            return names or ()
        return coco
    counts = {size - more for s in outputs.values() for size in s if isinstance(size, int) for more in (0, 4, 5)}
    if len(coco) in counts:
        return coco
    problems.append("classes: the graph does not name them, and they are not COCO's 80: give --classes FILE")
    return ()


def _printed(text: str) -> tuple[str, ...] | None:
    """Return the names in a printed dictionary or list; nothing in it is run."""
    try:
        names = ast.literal_eval(text)
        ordered = tuple(names[index] for index in range(len(names)))
    except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError):
        return None
    return ordered if ordered and all(isinstance(name, str) for name in ordered) else None


def _told(head: str, problems: list[str]) -> str | None:
    if head in HEAD_NAMES:
        return head
    problems.append(f"--head: expected one of {', '.join(HEAD_NAMES)}, found {head!r}")
    return None


def _head(
    metadata: Mapping[str, str], outputs: Mapping[str, Shape], class_count: int, problems: list[str]
) -> str | None:
    if metadata.get("task", "detect") != "detect":
        problems.append(f"metadata task: expected detect, found {metadata['task']}")
        return None
    if "scores_8" in outputs and "boxes_8" in outputs:
        return "nanodet"
    shapes = list(outputs.values())
    rows, columns = shapes[0][1:] if len(shapes) == 1 and len(shapes[0]) == 3 else (None, None)
    if rows == BOX + class_count:
        return "yolo"
    if columns == END2END_COLUMNS and class_count != 1:  # one class of YOLOv5 has six columns, too
        return "yolo-end2end"
    found = ", ".join(f"{name} ({' x '.join(map(str, shape))})" for name, shape in outputs.items())
    objectness = columns == BOX + 1 + class_count
    why = "looks like YOLOX or YOLOv5, which differ" if objectness else "is no head that we know"
    problems.append(f"head: {found} {why}: name it with --head ({', '.join(HEAD_NAMES)})")
    return None


def _size(metadata: Mapping[str, str], input_shape: Shape, problems: list[str]) -> tuple[int, int] | None:
    height, width = input_shape[2:] if len(input_shape) == 4 else (None, None)
    if isinstance(height, int) and isinstance(width, int):
        return width, height
    try:
        height_px, width_px = ast.literal_eval(metadata["imgsz"])
        return int(width_px), int(height_px)
    except (KeyError, ValueError, SyntaxError, TypeError):
        open_shape = " x ".join(map(str, input_shape))
        problems.append(f"input: its size is open ({open_shape}): give --size WIDTHxHEIGHT")
        return None
