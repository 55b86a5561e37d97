"""Exporting a detector with Ultralytics: the only file that imports it, and only when it is asked for.

Ultralytics fetches its own weights where there is internet; a .pt of your own or a .yaml (random weights, for trying
the way) works without. It writes beside what it is given, so it is given a copy in a folder of its own.
"""

import os
import pickle
import shutil
import tempfile
import zipfile
from contextlib import chdir
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from models.catalog import load_catalog
from models.describe import model_name
from models.errors import ModelFileError, PartMissingError
from models.runtime import describe_file, session_of
from models.sidecar import sidecar_path

INSTALL: Final = "Run: pip install 'lukou[export]' (docs/models.md says how to do without its CUDA)"
TOLERANCE: Final = 2e-3
"""Largest difference of a score, and of a box as a share of the input's size, between the original and the export."""
OPSET: Final = 17
UNREADABLE: Final = (TypeError, RuntimeError, EOFError, KeyError, pickle.UnpicklingError, zipfile.BadZipFile)
"""What Ultralytics and torch raise over a file that holds no model."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An export: where it is, the largest difference from the original, and on how many pictures that was found."""

    path: Path
    differs: float
    pictures: int


def needs_ultralytics() -> Any:  # noqa: ANN401 - a package that the box never has
    """Return Ultralytics. Raises PartMissingError where it is not installed."""
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")  # it must not install anything by itself
    try:
        return import_module("ultralytics")
    except ImportError as error:
        raise PartMissingError("package ultralytics", "it is not installed", INSTALL) from error


def export(model: str, size_px: int, folder: Path, name: str | None = None) -> Exported:
    """Export a model to ONNX, compare it with the original, and write its sidecar beside it.

    Args:
        model: a name as Ultralytics knows it (``yolo11n``), or a path to a .pt or .yaml.
        size_px: side of the square input, a multiple of 32.
        folder: where NAME.onnx and NAME.json go.
        name: what it is called there; None is the model's own name.

    Raises:
        PartMissingError: Ultralytics or its weights cannot be had.
        ModelFileError: there is no model in the file, the name is taken, or the export is not what the original is.
    """
    path = folder / f"{model_name(Path(name or Path(model).stem))}.onnx"
    if path.stem in load_catalog().models:
        raise ModelFileError(path, f"the catalog has a model {path.stem}: give another --name")
    with tempfile.TemporaryDirectory(prefix="lukou-export-") as work:
        yolo = load(model, Path(work))
        with chdir(work):
            how = {"imgsz": size_px, "simplify": True, "opset": OPSET, "dynamic": False, "verbose": False}
            written = Path(yolo.export(format="onnx", **how)).resolve()
        differs, pictures = _difference(yolo, written.read_bytes(), size_px)
        if differs > TOLERANCE:
            raise ModelFileError(written, f"expected what the original gives, found a difference of {differs:.4f}")
        sidecar = describe_file(written, classes=_names(yolo, model)).model_copy(update={"name": path.stem})
        _keep(written, path, sidecar.model_dump_json(indent=1))
    return Exported(path, differs, pictures)


def _keep(written: Path, path: Path, sidecar: str) -> None:
    """Move both files in when they are whole; an older pair of that name goes first, so that no two are mixed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sidecar_path(path).unlink(missing_ok=True)
        part = path.with_name(f".{path.name}")
        shutil.copyfile(written, part)
        part.replace(path)
        sidecar_path(path).write_text(sidecar, encoding="utf-8")
    except OSError as error:
        raise PartMissingError(
            f"cache {path.parent}", f"cannot be written: {error.strerror}", "LUKOU_CACHE names another"
        ) from error


def load(model: str, work: Path) -> Any:  # noqa: ANN401 - Ultralytics' own
    """Return the model in Ultralytics' own form; what it writes or fetches goes into ``work``.

    Raises:
        PartMissingError: Ultralytics or the weights cannot be had.
        ModelFileError: there is no model in the file.
    """
    library = needs_ultralytics()
    wanted, given = model if model.endswith((".pt", ".yaml")) else f"{model}.pt", Path(model)
    if given.is_file():
        wanted = str(shutil.copy(given, work / given.name))
    elif given.parent != Path():
        raise ModelFileError(given, "expected a .pt or a .yaml, found nothing there")
    try:
        with chdir(work):
            return library.YOLO(wanted)
    except (OSError, ConnectionError) as error:
        remedy = "Bring its .pt: lukou models export PATH.pt"
        raise PartMissingError(f"model {model}", "its weights are not here and cannot be fetched", remedy) from error
    except UNREADABLE as error:
        reason = " ".join(str(error).split())[:120]
        raise ModelFileError(given, f"expected a model of Ultralytics, found: {reason}") from error


def _names(yolo: Any, model: str) -> tuple[str, ...] | None:  # noqa: ANN401 - Ultralytics' own
    """Return the class names; a model out of a .yaml has only numbers for names, which mean COCO's order."""
    names = [str(yolo.names[index]) for index in range(len(yolo.names))]
    if model.endswith(".yaml") and names == [str(index) for index in range(80)]:
        return load_catalog().classes["coco80"]
    return tuple(names)


def _difference(yolo: Any, content: bytes, size_px: int) -> tuple[float, int]:  # noqa: ANN401 - Ultralytics' own
    """Return how far the export's outputs are from the original's, and on how many pictures."""
    torch = import_module("torch")
    session = session_of(content, 2)
    network = yolo.model.float().eval()
    worst, pictures = 0.0, _pictures(size_px)
    for picture in pictures:
        (ours,) = session.run(None, {session.get_inputs()[0].name: picture})
        with torch.no_grad():
            theirs = network(torch.from_numpy(picture))
        theirs = (theirs[0] if isinstance(theirs, list | tuple) else theirs).numpy()
        if theirs.shape != ours.shape:
            return float("inf"), len(pictures)
        boxes = np.abs(ours[:, :4] - theirs[:, :4]).max() / size_px
        worst = max(worst, float(boxes), float(np.abs(ours[:, 4:] - theirs[:, 4:]).max()))
    return worst, len(pictures)


def _pictures(size_px: int) -> list[NDArray[np.float32]]:
    """Return Ultralytics' own photographs of streets, and one of noise."""
    assets = Path(import_module("ultralytics.utils").ASSETS)
    photographs = (cv2.imread(str(path)) for path in sorted(assets.glob("*.jpg")))
    shrunk = [cv2.resize(photograph, (size_px, size_px)) for photograph in photographs if photograph is not None]
    random = np.random.default_rng(0)
    noise = random.random((1, 3, size_px, size_px), dtype=np.float32)
    return [np.ascontiguousarray(each.transpose(2, 0, 1)[None], np.float32) / np.float32(255) for each in shrunk] + [
        noise
    ]
