"""What a graph says of itself: a table of graphs as they are found in the wild."""

from pathlib import Path

import pytest

from models.describe import described, model_name
from models.errors import ModelFileError

NAMES = {"names": "{0: 'person', 1: 'bicycle', 2: 'motorcycle'}"}
FIXED = (1, 3, 640, 640)
PATH = Path("My Model.onnx")


@pytest.mark.parametrize(
    ("story", "metadata", "shape", "outputs", "head", "classes", "size"),
    [
        ("Ultralytics v8 and 11", NAMES, FIXED, {"output0": (1, 7, 8400)}, "yolo", 3, (640, 640)),
        ("Ultralytics 26, end to end", NAMES, FIXED, {"output0": (1, 300, 6)}, "yolo-end2end", 3, (640, 640)),
        (
            "with an open size",
            NAMES | {"imgsz": "[384, 512]"},
            (1, 3, "height", "width"),
            {"output0": (1, 7, "anchors")},
            "yolo",
            3,
            (512, 384),
        ),
        ("COCO without metadata", {}, FIXED, {"output0": (1, 84, 8400)}, "yolo", 80, (640, 640)),
        ("NanoDet", {}, FIXED, {"scores_8": (1, 6400, 80), "boxes_8": (1, 6400, 44)}, "nanodet", 80, (640, 640)),
    ],
)
def test_a_graph_that_leaves_no_doubt(story, metadata, shape, outputs, head, classes, size):
    sidecar = described(PATH, metadata, shape, outputs)
    assert (sidecar.head, len(sidecar.classes), sidecar.input.wh_px) == (head, classes, size)
    assert sidecar.name == "my-model"
    assert sidecar.input.channels == ("bgr" if head == "nanodet" else "rgb")


@pytest.mark.parametrize(
    ("story", "metadata", "shape", "outputs", "says"),
    [
        ("YOLOX or YOLOv5", {}, FIXED, {"o": (1, 8400, 85)}, "looks like YOLOX or YOLOv5, which differ: name it"),
        ("something else", NAMES, FIXED, {"o": (1, 9, 9, 9)}, "is no head that we know"),
        ("a segmenter", NAMES | {"task": "segment"}, FIXED, {"o": (1, 7, 8400)}, "expected detect, found segment"),
        ("classes unknown", {}, FIXED, {"o": (1, 7, 8400)}, "give --classes FILE"),
        ("size unknown", NAMES, (1, 3, "h", "w"), {"o": (1, 7, 8400)}, "give --size WIDTHxHEIGHT"),
        (
            "a height that no detector has",
            NAMES,
            (1, 3, 641, 640),
            {"o": (1, 7, 8400)},
            "input: height_px: Input should be a multiple of 32",
        ),
        (
            "no such head",
            NAMES,
            FIXED,
            {"o": (1, 7, 8400)},
            "--head: expected one of nanodet, yolo, yolo-end2end, yolox",
        ),
        ("names that are code", {"names": "__import__('os')"}, FIXED, {"o": (1, 7, 8400)}, "expected a list of class"),
    ],
)
def test_a_graph_that_leaves_a_doubt_is_refused_with_what_to_say(story, metadata, shape, outputs, says):
    with pytest.raises(ModelFileError) as told:
        described(PATH, metadata, shape, outputs, head="ssd" if story == "no such head" else None)
    assert says in str(told.value)
    assert len(str(told.value).splitlines()) == 1


def test_all_that_is_not_known_is_asked_for_at_once():
    with pytest.raises(ModelFileError) as told:
        described(PATH, NAMES, (1, 3, "h", "w"), {"o": (1, 8400, 8)})
    assert [problem.split(":")[0] for problem in told.value.problems] == ["head", "input"]


def test_numbers_for_names_say_nothing_and_80_classes_are_cocos():
    numbers = {"names": str({index: str(index) for index in range(80)})}  # as of a model that was built without data
    assert described(PATH, numbers, FIXED, {"o": (1, 84, 8400)}).classes[:2] == ("person", "bicycle")


@pytest.mark.parametrize(
    ("stem", "name"),
    [("YOLO11n", "yolo11n"), ("my model (2)", "my-model--2-"), ("路口", "--"), ("_x", "x"), ("路", "-")],
)
def test_any_file_has_a_name(stem, name):
    assert model_name(Path(f"{stem}.onnx")) == (name.lstrip("-") or "model")


def test_what_a_person_says_counts():
    given = {"head": "yolox", "classes": ("person", "bicycle", "motorcycle"), "size_wh_px": (416, 320)}
    sidecar = described(PATH, {}, (1, 3, "h", "w"), {"o": (1, 2730, 8)}, **given)
    assert (sidecar.head, sidecar.classes[0], sidecar.input.wh_px) == ("yolox", "person", (416, 320))
    assert (sidecar.input.channels, sidecar.input.letterbox, sidecar.input.scale) == ("bgr", "top-left", 1.0)
