"""Training a detector on footage of one's own, by Ultralytics: a thin wrapper, so that the way is one command each."""

import tempfile
from pathlib import Path

import yaml

from models.errors import ModelFileError
from models.export import load, needs_ultralytics

NEEDED = ("person", "bicycle", "motorcycle")


def train(data: Path, model: str, epochs: int, size_px: int, folder: Path, name: str) -> Path:
    """Train on labelled footage in the YOLO layout (docs/models.md), and return the best weights.

    Args:
        data: data.yaml: where train and val are, and the names of the classes.
        model: what to start from: a name as Ultralytics knows it, or a path to a .pt or .yaml.
        epochs: how often everything is shown.
        size_px: side of the square input.
        folder: where the runs go.
        name: of this run.

    Raises:
        ModelFileError: data.yaml is not there, is none, or lacks a class that the box needs; or Ultralytics fails.
        PartMissingError: Ultralytics is not installed.
    """
    _refuse_unusable(data)
    needs_ultralytics()
    with tempfile.TemporaryDirectory(prefix="lukou-train-") as work:
        yolo = load(model, Path(work))
        try:
            yolo.train(
                data=str(data.resolve()),
                epochs=epochs,
                imgsz=size_px,
                project=str(folder.resolve()),  # a relative one goes into a folder of Ultralytics' own settings
                name=name,
                exist_ok=True,
                plots=False,
                workers=0,
            )
        except (OSError, RuntimeError, ValueError) as error:
            reason = " ".join(str(error).split())[:300]
            raise ModelFileError(data, f"Ultralytics could not train on it: {reason}") from error
        return Path(yolo.trainer.best)


def _refuse_unusable(data: Path) -> None:
    try:
        content = yaml.safe_load(data.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ModelFileError(data, f"expected a data.yaml (docs/models.md): {' '.join(str(error).split())}") from error
    names = content.get("names") if isinstance(content, dict) else None
    found = list(names.values()) if isinstance(names, dict) else list(names or ())
    lacking = [name for name in NEEDED if name not in found]
    if lacking:
        raise ModelFileError(
            data, f"names: expected {', '.join(lacking)} among them, found {', '.join(map(str, found))}"
        )
