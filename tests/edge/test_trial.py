import json
import subprocess
import sys

import numpy as np
import pytest

from edge.observations import Detection
from edge.trial import Seen, agreement, drawn, pictures

HERE, THERE = (10.0, 10.0, 50.0, 90.0), (100.0, 10.0, 140.0, 90.0)

WALKER, CAR = Detection(HERE, 0.9, "person"), Detection(THERE, 0.9, "car")


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
    canvas = drawn(shown[0], [Detection(HERE, 0.9, "person")])
    assert (canvas != shown[0]).any()
    assert shown[0].shape == canvas.shape


def models(*words):
    return subprocess.run(
        [sys.executable, "-m", "lukou", "models", *words], capture_output=True, text=True, check=False
    )


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


def test_describe_writes_the_sidecar_or_says_what_it_lacks(tmp_path):
    done = models("describe", str(tmp_path / "nothing.onnx"))
    assert (done.returncode, "found nothing there" in done.stderr) == (2, True)


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
