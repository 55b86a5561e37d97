"""The export by Ultralytics, with random weights: no network is needed. `make test-export` runs these."""

import sys

import cv2
import numpy as np
import pytest
import yaml

from edge.detect import open_detector
from models.errors import ModelError, ModelFileError
from models.export import export
from models.train import train

pytestmark = [
    pytest.mark.export,
    pytest.mark.filterwarnings("ignore"),  # Ultralytics' and torch's own, in an environment of their own
]


@pytest.mark.parametrize(
    ("model", "head"), [("yolo11n.yaml", "yolo"), ("yolov8n.yaml", "yolo"), ("yolo26n.yaml", None)]
)
def test_a_model_is_exported_compared_and_opened_by_the_box(tmp_path, monkeypatch, model, head):
    monkeypatch.chdir(tmp_path)  # Ultralytics writes into the folder that it is started in
    made = export(model, 320, tmp_path / "cache")
    assert made.differs < 2e-3
    assert made.pictures >= 3
    detector = open_detector(made.path.stem, tmp_path / "cache", 2, 0.05)  # by its name, as in edge.yaml
    assert detector.input_wh_px == (320, 320)
    assert detector.head == "yolo"
    picture = np.random.default_rng(1).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    assert isinstance(detector.detect(picture), tuple)
    assert sys.modules["ultralytics"]


@pytest.mark.parametrize(
    ("model", "content", "status", "says"),
    [
        ("yolo11n", None, 3, "its weights are not here and cannot be fetched. Bring its .pt"),
        ("mine/best.pt", None, 2, "mine/best.pt: expected a .pt or a .yaml, found nothing there"),
        ("junk.pt", b"no weights", 2, "junk.pt: expected a model of Ultralytics, found: "),
        ("nanodet-g.yaml", b"nc: 80", 2, "the catalog has a model nanodet-g: give another --name"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(tmp_path, monkeypatch, model, content, status, says):
    monkeypatch.chdir(tmp_path)
    if content is not None:
        (tmp_path / model).write_bytes(content)
    with pytest.raises(ModelError) as told:
        export(model, 320, tmp_path / "cache")
    assert (told.value.exit_status, says in str(told.value)) == (status, True), str(told.value)
    assert "\n" not in str(told.value)
    assert not (tmp_path / "cache").exists()


def labelled_footage(folder, pictures):
    """Write pictures with a bright box in each, and its label, in the YOLO layout; return data.yaml."""
    random = np.random.default_rng(0)
    for part in ("train", "val"):
        (folder / "images" / part).mkdir(parents=True)
        (folder / "labels" / part).mkdir(parents=True)
        for index in range(pictures):
            picture = random.integers(0, 80, (96, 96, 3), dtype=np.uint8)
            picture[30:70, 40:60] = 250
            cv2.imwrite(str(folder / "images" / part / f"{index}.jpg"), picture)
            (folder / "labels" / part / f"{index}.txt").write_text("0 0.52 0.52 0.21 0.42\n")
    data = {"path": str(folder), "train": "images/train", "val": "images/val"}
    names = {0: "person", 1: "bicycle", 2: "motorcycle"}
    (folder / "data.yaml").write_text(yaml.safe_dump(data | {"names": names}))
    return folder / "data.yaml"


def test_from_labelled_footage_to_a_detector_of_the_box(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = labelled_footage(tmp_path / "site", pictures=6)
    best = train(data, "yolo11n.yaml", epochs=1, size_px=96, folder=tmp_path / "runs", name="yq-003")
    path = export(str(best), 96, tmp_path / "cache", "yq-003").path
    assert [file.name for file in best.parent.glob("*.onnx")] == []  # nothing is left, or replaced, beside the weights
    detector = open_detector("yq-003", tmp_path / "cache", 1, 0.01)
    assert detector.name == path.stem == "yq-003"
    assert detector.input_wh_px == (96, 96)
    assert detector.classes == ("person", "bicycle", "motorcycle")


def test_training_without_its_pictures_says_so(tmp_path):
    data = tmp_path / "data.yaml"
    names = {0: "person", 1: "bicycle", 2: "motorcycle"}
    data.write_text(yaml.safe_dump({"path": str(tmp_path), "train": "gone", "val": "gone", "names": names}))
    with pytest.raises(ModelFileError, match="could not train on it"):
        train(data, "yolo11n.yaml", epochs=1, size_px=96, folder=tmp_path / "runs", name="none")
