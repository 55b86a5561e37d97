"""Exporting a detector with Ultralytics: the only file that imports it, and only when it is asked for.

Ultralytics fetches its own weights where there is internet; a .pt of your own or a .yaml (random weights, for trying
the way) works without.
"""

import hashlib
import os
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.catalog import load_catalog
from models.errors import ModelFileError, PartMissingError
from models.runtime import describe_session, session_of
from models.sidecar import Sidecar, sidecar_path

INSTALL: Final = "Run: pip install 'lukou[export]' (docs/models.md says how to do without its CUDA)"
TOLERANCE: Final = 2e-3
"""Largest difference of a score, and of a box as a share of the input's size, between the original and the export."""


def needs_ultralytics() -> Any:  # noqa: ANN401 - a package that the box never has
    """Return Ultralytics. Raises PartMissingError where it is not installed."""
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")  # it must not install anything by itself
    try:
        return import_module("ultralytics")
    except ImportError as error:
        raise PartMissingError("package ultralytics", "it is not installed", INSTALL) from error


def export(model: str, size_px: int, folder: Path) -> tuple[Path, float]:
    """Export a model to ONNX, compare it with the original, and write its sidecar beside it.

    Args:
        model: a name as Ultralytics knows it (``yolo11n``), or a path to a .pt or .yaml.
        size_px: side of the square input.
        folder: where NAME.onnx and NAME.json go.

    Returns:
        The .onnx, and the largest difference from the original.

    Raises:
        PartMissingError: Ultralytics or its weights cannot be had.
        ModelFileError: the export is not what the original is.
    """
    yolo = load(model)
    written = Path(yolo.export(format="onnx", imgsz=size_px, simplify=True, opset=17, dynamic=False, verbose=False))
    content = written.read_bytes()
    differs = _difference(yolo, content, size_px)
    if differs > TOLERANCE:
        raise ModelFileError(written, f"expected what the original gives, found a difference of {differs:.4f}")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{Path(model).stem}.onnx"
    path.write_bytes(content)
    sidecar = describe_session(path, session_of(content, 1), classes=_names(yolo, model))
    kept = Sidecar.model_validate(sidecar.model_dump() | {"onnx_sha256": hashlib.sha256(content).hexdigest()})
    sidecar_path(path).write_text(kept.model_dump_json(indent=1), encoding="utf-8")
    if written.resolve() != path.resolve():
        written.unlink()
    return path, differs


def load(model: str) -> Any:  # noqa: ANN401 - Ultralytics' own
    """Return the model in Ultralytics' own form. Raises PartMissingError."""
    library = needs_ultralytics()
    wanted = model if model.endswith((".pt", ".yaml")) else f"{model}.pt"
    try:
        return library.YOLO(wanted)
    except (OSError, ConnectionError) as error:
        remedy = "Bring its .pt: lukou models export PATH.pt"
        raise PartMissingError(f"model {model}", "its weights are not here and cannot be fetched", remedy) from error


def _names(yolo: Any, model: str) -> tuple[str, ...] | None:  # noqa: ANN401 - Ultralytics' own
    """Return the class names; a model out of a .yaml has only numbers for names, which mean COCO's order."""
    names = [str(yolo.names[index]) for index in range(len(yolo.names))]
    if model.endswith(".yaml") and names == [str(index) for index in range(80)]:
        return load_catalog().classes["coco80"]
    return tuple(names)


def _difference(yolo: Any, content: bytes, size_px: int) -> float:  # noqa: ANN401 - Ultralytics' own
    """Return how far the export's outputs are from the original's on pictures of noise and of edges."""
    torch = import_module("torch")
    session = session_of(content, 2)
    network = yolo.model.float().eval()
    worst = 0.0
    for picture in _pictures(size_px):
        (ours,) = session.run(None, {session.get_inputs()[0].name: picture})
        with torch.no_grad():
            theirs = network(torch.from_numpy(picture))
        theirs = (theirs[0] if isinstance(theirs, list | tuple) else theirs).numpy()
        if theirs.shape != ours.shape:
            return float("inf")
        boxes = np.abs(ours[:, :4] - theirs[:, :4]).max() / size_px
        worst = max(worst, float(boxes), float(np.abs(ours[:, 4:] - theirs[:, 4:]).max()))
    return worst


def _pictures(size_px: int) -> list[NDArray[np.float32]]:
    random = np.random.default_rng(0)
    noise = random.random((1, 3, size_px, size_px), dtype=np.float32)
    edges = np.zeros((1, 3, size_px, size_px), np.float32)
    edges[:, :, size_px // 4 : size_px // 2, size_px // 3 : size_px // 2] = 1.0
    return [noise, edges]
