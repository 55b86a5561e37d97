"""Faults made on real footage: how soon each is noticed, and that nothing is noticed where there is none."""

import cv2
import numpy as np
import pytest

from contract.words import CameraState
from edge.camera.attend import Attendant
from edge.camera.file import VideoFile
from edge.camera.memory import Memory
from edge.pipeline import Frame

FAULT_FROM_MS = 20_000
RANDOM = np.random.default_rng(1)


@pytest.fixture(scope="module")
def film(footage_path):
    return [(f.t_ms, cv2.resize(f.picture_bgr, (384, 288))) for f in VideoFile(footage_path).frames()]


def turned(degrees, zoom=1.0):
    turn = cv2.getRotationMatrix2D((192, 144), degrees, zoom)
    return lambda picture: cv2.warpAffine(picture, turn, (384, 288), borderMode=cv2.BORDER_REFLECT)


def shifted(x_px):
    move = np.array([[1, 0, x_px], [0, 1, 0]], np.float32)
    return lambda picture: cv2.warpAffine(picture, move, (384, 288), borderMode=cv2.BORDER_REFLECT)


def lit(gain, plus=0.0, noise=0.0):
    def change(picture):
        return np.clip(picture * gain + plus + RANDOM.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)

    return change


def hidden(share):
    """A bus with windows and letters stands before a share of the view."""
    blocks = np.random.default_rng(2).integers(0, 255, (36, 48, 3), dtype=np.uint8)
    bus = cv2.resize(blocks, (384, 288), interpolation=cv2.INTER_NEAREST)

    def stand(picture):
        picture = picture.copy()
        picture[:, : int(384 * share)] = bus[:, : int(384 * share)]
        return picture

    return stand


def shadow(picture):
    picture = picture.copy()
    picture[:, 150:] = picture[:, 150:] // 3
    return picture


def attend(film, fault, attendant=None, seconds=30.0):
    attendant = attendant or Attendant()
    frames = (Frame(t, fault(p) if t >= FAULT_FROM_MS else p) for t, p in film if t <= seconds * 1000)
    for frame in frames:
        attendant.attend(frame)
        if attendant.health.state is not CameraState.OK:
            return attendant, (frame.t_ms - FAULT_FROM_MS) / 1000
    return attendant, None


@pytest.mark.parametrize(
    ("story", "fault", "state", "within_s"),
    [
        ("turned by 2 degrees", turned(2), CameraState.MOVED, 4),
        ("moved by 6 of 384 pixels", shifted(6), CameraState.MOVED, 4),
        ("moved by a third", shifted(128), CameraState.MOVED, 4),
        ("zoomed by 5 %", turned(0, 1.05), CameraState.MOVED, 4),
        ("turned away", lambda p: p[:, ::-1].copy(), CameraState.MOVED, 6),
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
        ("a bus stands before more than half of it", hidden(0.6)),
        ("the shadow of a house falls on half of it", shadow),
        ("a poor line", lambda p: cv2.imdecode(cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, 12])[1], 1)),
        ("the picture is shaken by a pixel", shifted(1)),
    ],
)
def test_life_and_light_are_no_fault(film, story, change):
    attendant, after_s = attend(film, change, seconds=80.0)
    assert (attendant.health.state, after_s) == (CameraState.OK, None)


def test_a_camera_that_was_turned_while_the_box_was_off_is_noticed_until_the_scene_is_new(film, tmp_path):
    attend(film, lambda p: p, Attendant.recall(Memory(tmp_path, "1" * 64)), seconds=10)
    later = Attendant.recall(Memory(tmp_path, "1" * 64))
    turn = turned(3)
    for t, p in film[:60]:
        later.attend(Frame(t, turn(p)))
    assert later.health.state is CameraState.MOVED
    assert Attendant.recall(Memory(tmp_path, "1" * 64)).health.state is CameraState.MOVED
    assert Attendant.recall(Memory(tmp_path, "2" * 64)).health.state is CameraState.OK


def test_who_starts_in_the_dark_learns_when_there_is_light(film):
    attendant = Attendant()
    for t, p in film:
        attendant.attend(Frame(t, p // 40 if t < FAULT_FROM_MS else p))
        if t == FAULT_FROM_MS:
            assert attendant.health.state is CameraState.BLACK
    assert (attendant.health.state, attendant.health.moved) == (CameraState.OK, False)
    assert not attendant.sound(1_000, 2_000)
    assert attendant.sound(30_000, 79_000)


def test_a_camera_that_sags_so_slowly_that_nobody_sees_it_is_noticed_all_the_same(film):
    attendant, days = Attendant(), 0
    for attendant_ms in range(0, 40 * 61_000, 61_000):  # a look a minute, a tenth of a pixel more each time
        for step in range(1 if attendant_ms else 6):
            picture = shifted(attendant_ms / 61_000 * 0.15)(film[(days * 7 + step) % 700][1])
            attendant.attend(Frame(attendant_ms + step * 500, picture))
        days += 1
        if attendant.health.moved:
            break
    assert attendant.health.moved
    assert days * 0.15 < 4


def test_what_was_shown_around_a_fault_accuses_nobody(film):
    cover = lit(0.03, 60.0)
    attendant = Attendant()
    for t, p in film[:400]:
        attendant.attend(Frame(t, cover(p) if 20_000 <= t < 25_000 else p))
    assert attendant.health.state is CameraState.OK
    spans = {(5_000, 19_000): True, (18_000, 20_000): False, (22_000, 23_000): False, (24_000, 30_000): False}
    assert {span: attendant.sound(*span) for span in (*spans, (30_000, 39_000))} == spans | {(30_000, 39_000): True}


def test_a_torn_memory_is_no_memory(tmp_path):
    (tmp_path / "camera.json").write_text("{")
    assert Attendant.recall(Memory(tmp_path, "1" * 64)).health.state is CameraState.OK
