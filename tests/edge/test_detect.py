"""The detector: on little models that always say the same, for what is made of it; on NanoDet, for a real picture."""

import json
import os
from pathlib import Path

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from edge.detect import letterboxed, open_detector
from edge.errors import InputProblemError
from edge.heads.nanodet import BINS, nanodet_outputs
from models.errors import ModelFileError, PartMissingError, UnknownModelError
from models.pull import cache_folder, pull
from models.sidecar import PictureInput

CLASSES = ("person", "car", "truck", "bench", "motorcycle", "bicycle")
SIDE_PX = 64


def box_of(said, stride, cell, label, score, distance=2):
    """Let the model see a square of 2 * distance strides around the middle of a cell (column, row)."""
    at = cell[1] * (SIDE_PX // stride) + cell[0]
    said[f"scores_{stride}"][0, at, CLASSES.index(label)] = score
    logits = np.full((4, BINS), -60, np.float32)
    logits[:, distance] = 60
    said[f"boxes_{stride}"][0, at] = logits.ravel()


def model_that_says(tmp_path, *boxes, outputs=None, **sidecar):
    """Write a model that gives the same outputs for every picture, and its sidecar; return its path."""
    said = {
        name: np.zeros(shape, np.float32) for name, shape in nanodet_outputs((SIDE_PX, SIDE_PX), len(CLASSES)).items()
    }
    for box in boxes:
        box_of(said, *box)
    said = said if outputs is None else outputs
    constants = [numpy_helper.from_array(values, f"{name}_said") for name, values in said.items()]
    nodes = [helper.make_node("Identity", [f"{name}_said"], [name]) for name in said]
    given = helper.make_tensor_value_info("picture", TensorProto.FLOAT, (1, 3, SIDE_PX, SIDE_PX))
    given_back = [helper.make_tensor_value_info(name, TensorProto.FLOAT, said[name].shape) for name in said]
    graph = helper.make_graph(nodes, "says", [given], given_back, constants)
    path = tmp_path / "says.onnx"
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    path.write_bytes(model.SerializeToString())
    size = {"width_px": SIDE_PX, "height_px": SIDE_PX}
    content = {"name": "says", "head": "nanodet", "input": size, "classes": CLASSES, **sidecar}
    path.with_suffix(".json").write_text(json.dumps(content))
    return path


def picture(width_px, height_px):
    return np.zeros((height_px, width_px, 3), np.uint8)


def seen(path, a_picture, score_min=0.25):
    found = open_detector(path, path.parent, 1, score_min).detect(a_picture)
    return [(d.label, round(d.score, 2), tuple(round(v, 1) for v in d.box_xyxy_px)) for d in found]


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        # nothing
        ([], []),
        # one person, in the middle of the third cell of the third row
        ([(8, (2, 2), "person", 0.9)], [("person", 0.9, (4, 4, 36, 36))]),
        # two neighbouring cells that see one person: the surer one stays
        ([(8, (2, 2), "person", 0.6), (8, (3, 2), "person", 0.9)], [("person", 0.9, (12, 4, 44, 36))]),
        # a person on a motorcycle: both stay
        (
            [(8, (2, 2), "person", 0.9), (8, (3, 2), "motorcycle", 0.6)],
            [("person", 0.9, (4, 4, 36, 36)), ("motorcycle", 0.6, (12, 4, 44, 36))],
        ),
        # a van, taken for a car and for a truck: one vehicle
        ([(8, (2, 2), "car", 0.6), (8, (3, 2), "truck", 0.7)], [("truck", 0.7, (12, 4, 44, 36))]),
        # a bench is no road user
        ([(8, (2, 2), "bench", 0.9)], []),
        # not sure enough
        ([(8, (2, 2), "person", 0.2)], []),
        # reaching out of the picture: cut at its edge
        ([(16, (0, 3), "person", 0.9)], [("person", 0.9, (0, 24, 40, 64))]),
    ],
)
def test_what_the_model_says_becomes_road_users(tmp_path, boxes, expected):
    assert seen(model_that_says(tmp_path, *boxes), picture(SIDE_PX, SIDE_PX)) == expected


@pytest.mark.parametrize(
    ("width_px", "height_px", "box"),
    [
        (64, 64, (4, 4, 36, 36)),
        (640, 640, (40, 40, 360, 360)),
        (640, 320, (40, 40, 360, 320)),  # wide: the lower half of the input is filled up, and no box reaches there
        (320, 640, (40, 40, 320, 360)),
        (32, 32, (2, 2, 18, 18)),
    ],
)
def test_boxes_are_in_pixels_of_the_full_picture(tmp_path, width_px, height_px, box):
    path = model_that_says(tmp_path, (8, (2, 2), "person", 0.9))
    assert seen(path, picture(width_px, height_px)) == [("person", 0.9, box)]


def test_the_letterbox_stands_upper_left_keeps_the_channels_and_fills_the_rest():
    a_picture = np.full((100, 200, 3), (10, 20, 30), np.uint8)
    blob, scale, moved = letterboxed(a_picture, PictureInput(width_px=64, height_px=64, pad_value=7))
    assert moved.tolist() == [0, 0, 0, 0]
    assert (blob.shape, blob.dtype, scale) == ((1, 3, 64, 64), np.float32, 0.32)
    assert [set(blob[0, channel, :32].ravel()) for channel in range(3)] == [{10.0}, {20.0}, {30.0}]
    assert set(blob[0, :, 32:].ravel()) == {7.0}


def test_a_centred_letterbox_in_rgb_and_shares_of_one_and_boxes_that_come_back_from_it(tmp_path):
    a_picture = np.full((100, 200, 3), (10, 20, 30), np.uint8)
    style = {"width_px": 64, "height_px": 64, "channels": "rgb", "letterbox": "centre", "pad_value": 114, "scale": 0.1}
    blob, _, moved = letterboxed(a_picture, PictureInput(**style))
    assert moved.tolist() == [0, 16, 0, 16]
    assert blob[0, :, 16:48].mean(axis=(1, 2)) == pytest.approx([3.0, 2.0, 1.0])
    assert blob[0, :, :16].ravel() == pytest.approx(11.4)
    yolo = np.zeros((1, 4 + len(CLASSES), 7), np.float32)
    yolo[0, :5, 3] = [32, 32, 16, 8, 0.9]  # the middle of the input, a person
    path = model_that_says(tmp_path, outputs={"output0": yolo}, head="yolo", input=style)
    assert seen(path, a_picture) == [("person", 0.9, (75.0, 37.5, 125.0, 62.5))]


def test_a_detector_says_what_it_is(tmp_path):
    path = model_that_says(tmp_path)
    detector = open_detector(str(path), tmp_path, 1, 0.25)
    assert (detector.name, detector.input_wh_px, len(detector.sha256)) == ("says", (64, 64), 64)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"classes": ["rider", "car", "truck", "bench", "dog", "bicycle"]},
            "classes: expected person, motorcycle among them (without the two-wheelers a rider would be taken for "
            "somebody on foot), found rider, car",
        ),
        ({"head": "ssd"}, "head: expected one of nanodet, yolo, yolo-end2end, yolox, found 'ssd' (outputs: scores_8"),
        (
            {"classes": ["person", "bicycle", "motorcycle"]},
            "head nanodet expects scores_8 (1 x 64 x 3), scores_16",
        ),
        ({"head": "yolox"}, "head yolox expects one output (1 x 84 x 11); found scores_8 (1 x 64 x 6)"),
        ({"outputs": {"output0": np.zeros((1, 84, 84), np.float32)}}, "found output0 (1 x 84 x 84)"),
    ],
)
def test_a_model_that_the_box_cannot_use_is_refused_in_one_line(tmp_path, change, said):
    with pytest.raises(InputProblemError) as told:
        open_detector(model_that_says(tmp_path, **change), tmp_path, 1, 0.25)
    assert said in str(told.value)
    assert (told.value.exit_status, "\n" in str(told.value)) == (2, False)


@pytest.mark.parametrize(
    ("model", "error", "status", "said"),
    [
        ("yolo99", UnknownModelError, 2, "expected one of nanodet-g, or a path to an .onnx file; found 'yolo99'"),
        ("nanodet-g", PartMissingError, 3, "Run: lukou models pull nanodet-g"),
        ("gone.onnx", ModelFileError, 2, "gone.onnx: expected an .onnx file: No such file"),
    ],
)
def test_a_model_that_is_not_there_is_told(tmp_path, model, error, status, said):
    with pytest.raises(error) as told:
        open_detector(tmp_path / model if "." in model else model, tmp_path, 1, 0.25)
    assert said in str(told.value)
    assert told.value.exit_status == status


@pytest.fixture(scope="session")
def nanodet():
    cache_dir = cache_folder(os.environ)
    pull("nanodet-g", cache_dir, lambda *_: None)
    return open_detector("nanodet-g", cache_dir, 2, 0.4)


def portrait():
    """A photograph of one person, who fills most of it (512 x 600); it comes with matplotlib."""
    photograph = cv2.imread(str(Path(mpl.get_data_path(), "sample_data", "grace_hopper.jpg")))
    assert photograph is not None
    return photograph


@pytest.mark.weights
def test_nanodet_finds_the_person_in_a_photograph(nanodet):
    (person,) = nanodet.detect(portrait())
    x1, y1, x2, y2 = person.box_xyxy_px
    assert (person.label, person.score > 0.7) == ("person", True)
    assert (x1 < 60, x2 > 450) == (True, True)
    assert (y1 < 60, y2 > 550) == (True, True)


@pytest.mark.weights
def test_nanodet_finds_her_where_she_stands_when_the_picture_is_made_wider(nanodet):
    wide = np.zeros((900, 1600, 3), np.uint8)
    wide[250:850, 1000:1512] = portrait()
    (person,) = nanodet.detect(wide)
    assert person.label == "person"
    np.testing.assert_allclose(person.box_xyxy_px, (1005, 266, 1510, 850), atol=40)


@pytest.mark.weights
def test_nanodet_sees_the_same_in_the_same_picture(nanodet):
    assert nanodet.detect(portrait()) == nanodet.detect(portrait())


@pytest.mark.weights
def test_nanodet_sees_nobody_in_the_dark(nanodet):
    assert nanodet.detect(np.zeros((576, 768, 3), np.uint8)) == ()
