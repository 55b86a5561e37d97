"""`lukou calibrate check` and `suggest` as a technician calls them."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import cv2
import httpx
import numpy as np
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


@pytest.mark.parametrize(
    ("story", "words", "status", "says"),
    [
        ("nothing", (), 2, "found no --scene and --source"),
        ("no source", ("--scene", DEMO), 2, "found no --source"),
        ("a film that is not there", ("--scene", DEMO, "--source", "nowhere.avi"), 2, "found nothing there"),
        ("a picture that is none", ("--scene", DEMO, "--source", "{tmp}/no.png"), 2, "found none that can be read"),
        ("no scene at all", ("--scene", "{tmp}/list.yaml", "--source", "{tmp}/grey.png"), 2, "expected a mapping"),
        ("a port that is taken", ("--scene", DEMO, "--source", "{tmp}/grey.png", "--port", "{port}"), 3, "--port"),
    ],
)
def test_what_the_page_cannot_begin_with_is_told_in_one_line(story, words, status, says, tmp_path, page_assets):
    (tmp_path / "no.png").write_text("no picture")
    (tmp_path / "list.yaml").write_text("[1]")
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((576, 768, 3), 99, np.uint8))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = calibrate("--no-browser", *(str(word).format(tmp=tmp_path, port=port) for word in words))
    assert done.returncode == status, done.stderr
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.process
def test_the_page_is_served_at_the_printed_address_until_ctrl_c(tmp_path, page_assets, footage_path):
    words = ["--scene", str(tmp_path / "scene.yaml"), "--source", str(footage_path), "--at", "2", "--no-browser"]
    command = [sys.executable, "-m", "lukou", "calibrate", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            address = running.stdout.readline().strip()
            with httpx.Client(follow_redirects=True) as client:
                assert "scene.yaml · 路口" in client.get(address).text
                picture = client.get(f"{address.partition('?')[0]}picture").content
                assert cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR).shape == (576, 768, 3)
        finally:
            running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=20)
    assert (running.returncode, errors) == (0, "")
