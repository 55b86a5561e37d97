"""`lukou calibrate check` and `suggest` as a technician calls them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

DEMO = Path("datasets/demo/scene.yaml")


def calibrate(*words):
    command = [sys.executable, "-m", "lukou", "calibrate", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def tracks(tmp_path):
    rows = ["t_ms,track_id,kind,x_m,y_m"]
    rows += [f"{t * 100},{n},pedestrian,-8.0,{-11 + 0.2 * t:.2f}" for t in range(36) for n in range(6)]
    path = tmp_path / "tracks.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def test_a_scene_that_holds_is_status_0_with_its_sizes(tracks):
    done = calibrate("check", DEMO, "--tracks", tracks)
    assert done.returncode == 0, done.stderr
    assert "8.5 m across, 6.5 m wide" in done.stdout


def test_a_scene_that_cannot_hold_is_status_1_and_says_why(tmp_path):
    content = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    content["ground"]["points"][7]["m"] = [-1.0, -6.0]
    wrong = tmp_path / "scene.yaml"
    wrong.write_text(yaml.safe_dump(content, allow_unicode=True))
    done = calibrate("check", wrong)
    assert done.returncode == 1
    assert "ground.points[7]: expected a place that fits the others" in done.stderr
    findings = json.loads(calibrate("check", wrong, "--json").stdout)
    assert {"weight", "place", "expected", "found"} == set(findings[0])


def test_a_file_that_is_no_scene_is_status_2(tmp_path):
    path = tmp_path / "scene.yaml"
    path.write_text("version: 2\n")
    done = calibrate("check", path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)


def test_the_observed_way_is_suggested_beside_the_drawn_one(tracks):
    done = calibrate("suggest", DEMO, "--tracks", tracks)
    assert done.returncode == 0, done.stderr
    assert "6 tracks" in done.stdout
    assert "100%" in done.stdout
