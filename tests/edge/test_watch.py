"""`lukou watch` on real footage: the same verdicts each time, evidence that fits, and clear words for bad input."""

import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import cv2
import pytest
from package import falsify

from contract.evidence import Manifest
from contract.seal import MANIFEST_BYTES_MAX, unverified
from datasets.demo.run import SCENE
from edge.camera.file import VideoFile
from edge.judge import Wanted, judge
from edge.judge_packages import packages_below, replay
from edge.record import VerdictFile

pytestmark = pytest.mark.weights


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


@pytest.fixture(scope="module")
def watched(piece, default_model, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("watched")
    done = watch(piece, out, "--start", "2026-01-01T00:00:02Z")
    assert done.returncode == 0, done.stderr
    return out


def test_violations_come_with_whole_packages(watched):
    violations = (watched / "violations.jsonl").read_text().splitlines()
    packages = sorted((watched / "evidence").iterdir())
    assert len(violations) == len(packages) >= 1
    for package in packages:
        manifest = unverified((package / "manifest.json").read_bytes(), Manifest, MANIFEST_BYTES_MAX).message
        assert str(manifest.event_id) == package.name
        for file in manifest.files:
            data = (package / file.name).read_bytes()
            assert (sha256(data).hexdigest(), len(data)) == (file.sha256, file.size_bytes)
        assert {path.name for path in package.iterdir()} == {f.name for f in manifest.files} | {"manifest.json"}
        for still in manifest.stills:
            original, stamped = (cv2.imread(str(package / name)) for name in (still.original, still.stamped))
            assert original.shape[1] == stamped.shape[1] == still.width_px
            assert stamped.shape[0] > original.shape[0] == still.height_px  # the band stands outside the picture
            assert manifest.track_id in {user.track_id for user in still.road_users}


def test_judging_its_tracks_again_gives_the_same_bytes(watched, tmp_path):
    assert "ped-n,red,-4000" in (watched / "signals.csv").read_text()  # the footage begins in the middle of a red
    again = tmp_path / "violations.jsonl", tmp_path / "passages.jsonl", tmp_path / "yields.jsonl"
    judge(SCENE, watched / "tracks.csv", watched / "signals.csv", Wanted(*again))
    for path in again:
        assert path.read_bytes() == (watched / path.name).read_bytes()


def test_its_packages_are_judged_again_and_what_was_exchanged_is_reported(watched, tmp_path):
    evidence = tmp_path / "evidence"
    shutil.copytree(watched / "evidence", evidence)
    packages = packages_below([evidence])
    for package in packages:
        assert VerdictFile.model_validate_json((package / "verdict.json").read_bytes()).replayable
        assert replay(package, "0").same
    package = packages[0]
    accused = json.loads((package / "verdict.json").read_bytes())["violation"]
    row = rb"^%d,%d,pedestrian,[^,]+,[^,]+" % (accused["confirmed_ms"], accused["track_id"])
    (sure,) = re.findall(row, (package / "tracks.csv").read_bytes(), re.MULTILINE)
    one_digit = sure[:-1] + (b"1" if sure[-1:] != b"1" else b"2")
    for name, before, after in (
        ("tracks.csv", sure, one_digit),
        ("scene.yaml", b"crosswalks:", b"rules: {pedestrian_red_light: {advance_m: 2.5}}\ncrosswalks:"),
        ("signals.csv", b"ped-n,red", b"ped-n,green"),
    ):
        stored = (package / name).read_bytes()
        changed = stored.replace(before, after)
        (package / name).write_bytes(changed)
        assert name in replay(package, "0").problems[0]
        falsify(package, name, changed)
        assert replay(package, "0").differences, name
        falsify(package, name, stored)
        assert replay(package, "0").same


@pytest.mark.parametrize(
    ("story", "make", "says"),
    [
        ("not there", lambda path: None, "found nothing there"),
        ("empty", lambda path: path.write_bytes(b""), "found an empty one"),
        ("not a video", lambda path: path.write_bytes(b"hello"), "cannot be decoded"),
    ],
)
def test_a_source_that_is_none_is_one_line_and_status_2(tmp_path, story, make, says):
    make(tmp_path / "v.avi")
    done = watch(tmp_path / "v.avi", tmp_path / "out")
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_truncated_video_is_watched_as_far_as_it_goes_and_said_to_be_so(piece, default_model, tmp_path):
    cut = tmp_path / "cut.avi"
    cut.write_bytes(piece.read_bytes()[: piece.stat().st_size // 3])
    done = watch(cut, tmp_path / "out")
    assert done.returncode == 2
    assert "the file is truncated" in done.stderr
    assert len((tmp_path / "out" / "tracks.csv").read_text().splitlines()) > 10


@pytest.mark.parametrize(
    ("model", "status", "says"), [("nanodet-x", 2, "nanodet-g"), ("/nowhere/model.onnx", 2, "/nowhere/model.onnx")]
)
def test_a_model_that_is_none_is_said(piece, tmp_path, model, status, says):
    done = watch(piece, tmp_path / "out", "--model", model)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr
