"""Faults made on real footage: how soon each is noticed, and that nothing is noticed where there is none."""

import cv2
import numpy as np
import pytest

from contract.words import CameraState
from edge.camera.attend import Attendant
from edge.camera.file import VideoFile
from edge.pipeline import Frame

FAULT_FROM_MS = 20_000
RANDOM = np.random.default_rng(1)


@pytest.fixture(scope="module")
def film(footage_path):
    return [(f.t_ms, cv2.resize(f.picture_bgr, (384, 288))) for f in VideoFile(footage_path).frames()]


def turned(degrees):
    turn = cv2.getRotationMatrix2D((192, 144), degrees, 1)
    return lambda picture: cv2.warpAffine(picture, turn, (384, 288), borderMode=cv2.BORDER_REFLECT)


def shifted(x_px):
    move = np.array([[1, 0, x_px], [0, 1, 0]], np.float32)
    return lambda picture: cv2.warpAffine(picture, move, (384, 288), borderMode=cv2.BORDER_REFLECT)


def lit(gain, plus=0.0, noise=0.0):
    def change(picture):
        return np.clip(picture * gain + plus + RANDOM.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)

    return change


def attend(film, fault, attendant=None, seconds=30.0):
    attendant = attendant or Attendant("0" * 64)
    frames = (Frame(t, fault(p) if t >= FAULT_FROM_MS else p) for t, p in film if t <= seconds * 1000)
    for frame in attendant.attending(frames):
        if attendant.health.state is not CameraState.OK:
            return attendant, (frame.t_ms - FAULT_FROM_MS) / 1000
    return attendant, None


@pytest.mark.parametrize(
    ("story", "fault", "state", "within_s"),
    [
        ("turned by 2 degrees", turned(2), CameraState.MOVED, 4),
        ("moved by 6 of 384 pixels", shifted(6), CameraState.MOVED, 4),
        ("moved by a third", shifted(128), CameraState.MOVED, 4),
        ("out of focus", lambda p: cv2.GaussianBlur(p, (0, 0), 3), CameraState.BLURRED, 4),
        ("black", lit(0.0, 2.0, 1.0), CameraState.BLACK, 3),
        ("covered", lit(0.03, 60.0), CameraState.COVERED, 3),
    ],
)
def test_a_fault_is_noticed_within_seconds(film, story, fault, state, within_s):
    attendant, after_s = attend(film, fault)
    assert attendant.health.state is state
    assert 0 <= after_s <= within_s


def test_a_frozen_picture_is_noticed(film):
    still = film[200][1]
    attendant, after_s = attend(film, lambda _picture: still)
    assert attendant.health.state is CameraState.FROZEN
    assert after_s <= 5


@pytest.mark.parametrize(
    ("story", "change"),
    [
        ("people walk through, nothing else", lambda p: p),
        ("a cloud", lit(0.6)),
        ("dusk", lit(0.4)),
        ("the sun comes out", lit(1.4, 10)),
        ("a noisy sensor", lit(1.0, 0.0, 8.0)),
    ],
)
def test_life_and_light_are_no_fault(film, story, change):
    attendant, after_s = attend(film, change, seconds=80.0)
    assert (attendant.health.state, after_s) == (CameraState.OK, None)


def test_a_camera_that_was_turned_while_the_box_was_off_is_noticed_until_the_scene_is_new(film, tmp_path):
    attend(film, lambda p: p, Attendant.recall("1" * 64, tmp_path), seconds=10)
    later = Attendant.recall("1" * 64, tmp_path)
    turn = turned(3)
    for frame in later.attending(Frame(t, turn(p)) for t, p in film[:60]):
        assert frame.picture_bgr is not None
    assert later.health.state is CameraState.MOVED
    assert Attendant.recall("1" * 64, tmp_path).health.state is CameraState.MOVED
    assert Attendant.recall("2" * 64, tmp_path).health.state is CameraState.OK


def test_a_torn_memory_is_no_memory(tmp_path):
    (tmp_path / "camera.json").write_text("{")
    assert Attendant.recall("1" * 64, tmp_path).health.state is CameraState.OK
