"""What an .onnx says of itself: the sidecar that follows from its metadata and its outputs, where they leave no doubt.

Ultralytics writes its class names, its size and its task into the graph's metadata. Without metadata a head is only
taken from the outputs where no other head has such outputs; YOLOv5's 1 x N x 85 looks like YOLOX's, and means something
else, so it is never guessed.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

from models.catalog import load_catalog
from models.errors import ModelFileError
from models.sidecar import PictureInput, Sidecar

Shape = tuple[int | str | None, ...]
COCO_CLASSES = 80
ULTRALYTICS_INPUT = {"channels": "rgb", "letterbox": "centre", "pad_value": 114, "scale": 1 / 255}


def described(
    path: Path, metadata: Mapping[str, str], input_shape: Shape, outputs: Mapping[str, Shape], **given: object
) -> Sidecar:
    """Return the sidecar of a graph.

    Args:
        path: the .onnx, for its name.
        metadata: the graph's own properties.
        input_shape: of its one input.
        outputs: names and shapes.
        given: what a person has said: head, classes, size_wh_px.

    Raises:
        ModelFileError: what is not known, and how to say it.
    """
    classes = _classes(path, metadata, outputs, given)
    head = given.get("head") or _head(path, metadata, outputs, len(classes))
    width_px, height_px = _size(path, metadata, input_shape, given)
    ours = head == "nanodet"
    style = {} if ours else dict(ULTRALYTICS_INPUT)
    if head == "yolox":
        style = {"channels": "bgr", "letterbox": "top-left", "pad_value": 114, "scale": 1.0}
    picture = PictureInput.model_validate({"width_px": width_px, "height_px": height_px, **style})
    return Sidecar.model_validate({"name": _name(path), "head": head, "input": picture, "classes": classes})


def _name(path: Path) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in path.stem.lower()).lstrip("._-")


def _classes(
    path: Path, metadata: Mapping[str, str], outputs: Mapping[str, Shape], given: Mapping[str, object]
) -> tuple[str, ...]:
    said = given.get("classes")
    if said:
        return tuple(str(name) for name in said) if isinstance(said, list | tuple) else ()
    if "names" in metadata:
        return _names(path, metadata["names"])
    if any(
        COCO_CLASSES in {_number(size), _number(size) - 4, _number(size) - 5} for s in outputs.values() for size in s
    ):
        return load_catalog().classes["coco80"]
    raise ModelFileError(path, "classes: the graph does not name them, and they are not COCO's 80: give --classes FILE")


def _number(size: int | str | None) -> int:
    return size if isinstance(size, int) else -1


def _names(path: Path, text: str) -> tuple[str, ...]:
    """Read the printed dictionary or list of class names; nothing in it is run."""
    try:
        names = ast.literal_eval(text)
        ordered = [names[index] for index in range(len(names))]
    except (ValueError, SyntaxError, KeyError, TypeError, RecursionError) as error:
        raise ModelFileError(path, f"metadata names: expected a list of class names, found {text[:60]!r}") from error
    return tuple(str(name) for name in ordered)


def _head(path: Path, metadata: Mapping[str, str], outputs: Mapping[str, Shape], class_count: int) -> str:
    if "scores_8" in outputs and "boxes_8" in outputs:
        return "nanodet"
    shapes = list(outputs.values())
    last = shapes[0] if len(shapes) == 1 and len(shapes[0]) == 3 else ()
    if metadata.get("task", "detect") != "detect":
        raise ModelFileError(path, f"metadata task: expected detect, found {metadata['task']}")
    if last[1:2] == (4 + class_count,):
        return "yolo"
    if last[2:3] == (6,) and ("names" in metadata or class_count != 1):
        return "yolo-end2end"
    found = ", ".join(f"{name} {shape}" for name, shape in outputs.items())
    why = "looks like YOLOX or YOLOv5, which differ" if last[2:3] == (5 + class_count,) else "is no head that we know"
    raise ModelFileError(path, f"head: {found} {why}: name it with --head (nanodet, yolo, yolo-end2end, yolox)")


def _size(path: Path, metadata: Mapping[str, str], input_shape: Shape, given: Mapping[str, object]) -> tuple[int, int]:
    said = given.get("size_wh_px")
    if isinstance(said, tuple):
        return int(said[0]), int(said[1])
    if len(input_shape) == 4 and isinstance(input_shape[2], int) and isinstance(input_shape[3], int):
        return input_shape[3], input_shape[2]
    try:
        height_px, width_px = ast.literal_eval(metadata["imgsz"])
        return int(width_px), int(height_px)
    except (KeyError, ValueError, SyntaxError, TypeError) as error:
        raise ModelFileError(path, f"input: its size is open ({input_shape}): give --size WIDTHxHEIGHT") from error
