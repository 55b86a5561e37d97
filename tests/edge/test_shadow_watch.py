"""A shadow beside `lukou watch` and beside a box's camera, on real footage: the live verdicts stay the same."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from datasets.demo.run import SCENE
from edge import keys
from edge.camera.file import VideoFile
from edge.shadow import ViolationLine
from edge.shadow_files import read_lines

pytestmark = pytest.mark.weights
START = "2026-01-01T00:00:02+08:00"
LIVE_LAX = "\nrules: {pedestrian_red_light: {advance_m: 4.0}}\n"
"""In a piece of 8 s one person comes so far, and three come one metre: a shadow that asks for less accuses more."""
LAX = "\nrules: {pedestrian_red_light: {advance_m: 8.0}}\n"
ONE_CAMERA = "import sys; from multiprocessing import Pipe; from pathlib import Path; from edge.config import load_config; from edge.camera_process import run_camera; c = load_config(Path(sys.argv[1])); heard, prompts = Pipe(False); run_camera(c, c.cameras[0], lambda: 1_767_225_700_000, prompts)"  # noqa: E501


@pytest.fixture(scope="module")
def piece(footage_path, tmp_path_factory) -> Path:
    video = VideoFile(footage_path)
    path = tmp_path_factory.mktemp("piece") / "piece.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, video.size_px)
    for _, frame in zip(range(80), video.frames(), strict=False):
        writer.write(frame.picture_bgr)
    writer.release()
    return path


def watch(source: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "lukou", "watch", "--scene", str(SCENE), "--source", str(source), "--out", str(out)]
    return subprocess.run([*words, *more], capture_output=True, text=True, check=False)


def said(lines, side) -> int:
    return sum(isinstance(line, ViolationLine) and line.side == side for line in lines)


def test_a_watch_with_a_shadow_says_the_same_and_writes_both_sides(piece, default_model, tmp_path):
    (tmp_path / "lax.yaml").write_text(SCENE.read_text(encoding="utf-8") + LAX, encoding="utf-8")
    alone, beside = watch(piece, tmp_path / "a"), watch(piece, tmp_path / "b", "--shadow", str(tmp_path / "lax.yaml"))
    assert (alone.returncode, beside.returncode) == (0, 0), beside.stderr
    for name in ("violations.jsonl", "passages.jsonl", "tracks.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert not (tmp_path / "a" / "shadow.jsonl").exists()
    lines = read_lines([tmp_path / "b"])
    live = len((tmp_path / "b" / "violations.jsonl").read_text().splitlines())
    assert (said(lines, "live"), said(lines, "shadow")) == (live, 0)
    assert live == len(list((tmp_path / "b" / "evidence").iterdir())) > 0


def test_a_watch_whose_shadow_cannot_be_says_so_before_it_begins(piece, default_model, tmp_path):
    (tmp_path / "no.yaml").write_text("version: 1\n")
    done = watch(piece, tmp_path / "out", "--shadow", str(tmp_path / "no.yaml"))
    assert done.returncode == 2
    assert "no.yaml: site: is missing" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("story", "shadow", "files", "told"),
    [
        ("other rules", {"rules": {"pedestrian_red_light": {"advance_m": 1.0}}}, ["2026-01-01.jsonl"], ""),
        ("a scene that is none", {"scene": "gone.yaml"}, [], "gone.yaml: expected a scene file"),
    ],
)
def test_a_box_writes_the_shadows_day_and_sends_the_live_events_alone(
    piece, default_model, tmp_path, story, shadow, files, told
):
    centre = keys.make_private_key(tmp_path / "centre.pem").public_key()
    (tmp_path / "c.pem").write_bytes(centre.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    keys.make_private_key(tmp_path / "k.pem")
    (tmp_path / "live.yaml").write_text(SCENE.read_text(encoding="utf-8") + LIVE_LAX, encoding="utf-8")
    camera = {"scene": "live.yaml", "source": str(piece), "pace": "fastest", "start": START, "shadow": shadow}
    config = {
        "device": {"id": "box-1", "key_file": "k.pem", "token_file": "t"},
        "centre": {"url": "http://127.0.0.1:9", "public_key_file": "c.pem"},
        "data": "data",
        "cameras": [camera],
    }
    (tmp_path / "data").mkdir()
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump(config))
    words = [sys.executable, "-c", ONE_CAMERA, str(tmp_path / "edge.yaml")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert told in done.stderr
    folder = tmp_path / "data" / "shadow" / "yq-demo-n"
    assert sorted(path.name for path in folder.glob("*")) == files
    packages = list((tmp_path / "data" / "evidence").glob("*/*"))
    events = sqlite3.connect(tmp_path / "data" / "outbox.sqlite")
    (sent,) = events.execute("select count(*) from messages where event_id is not null").fetchone()
    events.close()
    assert sent == len(packages) > 0
    if files:
        lines = read_lines([folder])
        assert said(lines, "live") == sent < said(lines, "shadow")
