import json
import subprocess
import sys

import numpy as np
import pytest

from edge.errors import InputProblemError
from edge.observations import Detection
from edge.trial import Seen, agreement, compared, drawn, pictures, truth_of

HERE, THERE = (10.0, 10.0, 50.0, 90.0), (100.0, 10.0, 140.0, 90.0)

WALKER, CAR = Detection(HERE, 0.9, "person"), Detection(THERE, 0.9, "car")
OTHER = Detection((200.0, 10.0, 240.0, 90.0), 0.9, "person")
NOBODY = Detection((300.0, 10.0, 340.0, 90.0), 0.9, "person")
NOWHERE = Detection((400.0, 10.0, 440.0, 90.0), 0.9, "person")


def seen(*pictures_):
    return Seen(tuple(tuple(p) for p in pictures_), tuple(float(i) for i in range(len(pictures_))))


@pytest.mark.parametrize(
    ("story", "original", "other", "recall", "precision"),
    [
        ("the same", [Detection(HERE, 0.9, "person")], [Detection(HERE, 0.8, "person")], 1.0, 1.0),
        ("one is missed", [WALKER, CAR], [WALKER], 0.5, 1.0),
        ("one is new", [WALKER], [WALKER, CAR], 1.0, 0.5),
        ("another class", [Detection(HERE, 0.9, "person")], [Detection(HERE, 0.9, "car")], 0.0, 0.0),
        ("only weak ones", [Detection(HERE, 0.3, "person")], [], 0.0, 0.0),
    ],
)
def test_how_far_two_detectors_agree(story, original, other, recall, precision):
    found = agreement(seen(original), seen(other))
    assert (found.recall, found.precision) == (recall, precision)


def test_percentiles_and_pictures_and_boxes(footage_path):
    assert seen([], [], []).percentile_ms(0.5) == 1.0
    assert Seen((), ()).percentile_ms(0.5) == 0.0
    shown = list(pictures(footage_path, every=4, limit=3, start=2))
    assert len(shown) == 3
    canvas = drawn(shown[0].picture_bgr, [Detection(HERE, 0.9, "person")])
    assert (canvas != shown[0].picture_bgr).any()
    assert [still.frame for still in shown] == [2, 6, 10]


def models(*words):
    return subprocess.run(
        [sys.executable, "-m", "lukou", "models", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("story", "before", "after", "lost"),
    [
        ("the same", [WALKER], [WALKER], 0.0),
        ("one of two is missed", [WALKER, OTHER], [WALKER], 0.5),
        ("one is invented: half of what is said is wrong", [WALKER, OTHER], [WALKER, OTHER, NOBODY, NOWHERE], 0.5),
        ("the original's own mistake is gone: nothing is lost", [WALKER, OTHER, NOBODY], [WALKER, OTHER], 0.0),
        ("a car is nobody", [WALKER, OTHER], [WALKER, OTHER, CAR], 0.0),
    ],
)
def test_what_is_lost_by_the_truth(story, before, after, lost):
    truth = {0: (WALKER, OTHER), 9: (WALKER,)}  # frame 9 was not looked at
    figures, found = compared(Seen((tuple(before),), (1.0,), (0,)), Seen((tuple(after),), (1.0,), (0,)), truth)
    assert found == pytest.approx(lost)
    assert figures["people_in_truth"] == 2


def test_without_the_truth_the_loss_is_by_the_originals_boxes():
    figures, lost = compared(seen([WALKER, CAR]), seen([WALKER]), None)
    assert (lost, figures["recall_of_the_original"]) == (0.5, 0.5)


def test_a_truth_of_other_frames_is_no_truth():
    with pytest.raises(InputProblemError, match="expected people in the frames that were looked at, found none"):
        compared(Seen(((WALKER,),), (1.0,), (0,)), Seen(((WALKER,),), (1.0,), (0,)), {7: (WALKER,)})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "expected a CSV file"),
        ("frame,id,x1,y1,x2,y2\n0,1,1,2,3,4\n0,2,a,2,3,4\n", "line 3: needs frame,id,x1,y1,x2,y2"),
        ("frame,id\n0,1\n", "line 2: needs frame,id,x1,y1,x2,y2"),
    ],
)
def test_a_truth_that_is_none_is_told_with_its_line(tmp_path, content, says):
    path = tmp_path / "truth.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputProblemError) as told:
        truth_of(path)
    assert says in str(told.value)
    assert "\n" not in str(told.value)


def test_a_truth_is_read(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text("frame,id,x1,y1,x2,y2\n3,1,10,10,50,90\n3,2,1.5,2,3,4\n")
    assert [each.box_xyxy_px for each in truth_of(path)[3]] == [HERE, (1.5, 2, 3, 4)]


@pytest.mark.weights
def test_check_draws_and_measures(footage_path, default_model, tmp_path):
    done = models("check", "nanodet-g", "--footage", str(footage_path), "--out", str(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["boxes_person"] > 100
    assert (figures["input"], figures["provider"]) == ("512x384", "CPUExecutionProvider")
    assert len(list(tmp_path.glob("*.jpg"))) >= 5


@pytest.mark.weights
def test_quantize_keeps_what_loses_little_and_refuses_what_loses_more(footage_path, default_model, tmp_path):
    mine = tmp_path / "mine.onnx"
    mine.write_bytes(default_model.read_bytes())
    mine.with_suffix(".json").write_bytes(default_model.with_suffix(".json").read_bytes())
    refused = models("quantize", str(mine), "--footage", str(footage_path), "--margin", "0", "--json")
    assert refused.returncode == 1, refused.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.json", "mine.onnx"]
    kept = models("quantize", str(mine), "--footage", str(footage_path), "--margin", "0.1", "--json")
    assert kept.returncode == 0, kept.stderr
    figures = json.loads(kept.stdout)
    assert figures["megabytes"] < figures["megabytes_original"] / 2
    assert (tmp_path / "mine-int8.json").exists()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("check", "yolo99", "--footage", "f.avi"), 2, "expected one of nanodet-g"),
        (("quantize", "yolo99", "--frames", "f.avi"), 2, "expected one of nanodet-g"),
        (("check", "nanodet-g", "--footage", "gone.avi"), 2, "gone.avi: expected a video file"),
        (("describe", "junk.onnx"), 2, "expected an ONNX model that onnxruntime can run"),
        (("describe", "junk.onnx", "--size", "640"), 2, "--size: expected WIDTHxHEIGHT"),
        (("export", "yolo11n", "--size", "333"), 2, "--size: expected a multiple of 32, found 333"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(tmp_path, monkeypatch, words, status, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "junk.onnx").write_text("junk")
    done = models(*words)
    assert (done.returncode, done.stderr.count("\n")) == (status, 1), done.stderr
    assert says in done.stderr


@pytest.mark.weights
def test_pictures_that_cannot_be_written_are_told(footage_path, default_model, tmp_path):
    (tmp_path / "file").write_text("")
    done = models("check", "nanodet-g", "--footage", str(footage_path), "--out", str(tmp_path / "file"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_describe_writes_the_sidecar_or_says_what_it_lacks(tmp_path):
    done = models("describe", str(tmp_path / "nothing.onnx"))
    assert (done.returncode, "expected an .onnx file" in done.stderr) == (2, True)


def test_export_without_ultralytics_says_how_to_get_it():
    done = models("export", "yolo11n")
    assert done.returncode == 3
    assert "pip install 'lukou[export]'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("story", "content", "says"),
    [
        ("not there", None, "expected a data.yaml"),
        ("no riders", "names: [person, car]", "expected bicycle, motorcycle among them, found person, car"),
    ],
)
def test_training_data_that_cannot_do_is_refused_before_anything_is_loaded(tmp_path, story, content, says):
    data = tmp_path / "data.yaml"
    if content is not None:
        data.write_text(content)
    done = models("train", "--data", str(data))
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr


def test_a_picture_of_noise_is_drawn_without_boxes():
    picture = np.zeros((20, 20, 3), np.uint8)
    assert (drawn(picture, []) == picture).all()
