"""A camera's process on real footage: its raw video, and what waits for its clip when it is told to end."""

import json
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from filming import decoded

from contract.evidence import Manifest
from datasets.cache import cache_folder
from datasets.demo.broker import free_port
from datasets.demo.run import SCENE
from datasets.rtsp_server import as_h264, rtsp_server
from edge import keys
from edge.ending import EXIT_STATUS
from edge.video.clip import ClipNote

pytestmark = [pytest.mark.process, pytest.mark.weights]
CAMERA = "yq-demo-n"
ONE_CAMERA = """
import sys, time
from multiprocessing import Pipe
from pathlib import Path
from edge.camera_process import run_camera
from edge.config import load_config
config = load_config(Path(sys.argv[1]))
heard, prompts = Pipe(duplex=False)
run_camera(config, config.cameras[0], lambda: time.time_ns() // 1_000_000, prompts)
"""


class Box:
    """One camera's process and its data."""

    def __init__(self, folder, camera, **video) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        centre = keys.make_private_key(folder / "centre.pem").public_key()
        (folder / "c.pem").write_bytes(centre.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        keys.make_private_key(folder / "k.pem")
        config = {
            "device": {"id": "box-1", "key_file": "k.pem", "token_file": "t"},
            "centre": {"url": "http://127.0.0.1:9", "public_key_file": "c.pem"},
            "data": "data",
            "video": {"free_gb_min": 0} | video,
            "cameras": [{"scene": str(SCENE), "threads": 1} | camera],
        }
        (folder / "edge.yaml").write_text(yaml.safe_dump(config))
        self.words = [sys.executable, "-c", ONE_CAMERA, str(folder / "edge.yaml")]

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(self.words, stderr=subprocess.PIPE, text=True)

    def segments(self) -> list:
        return sorted((self.data / "video" / CAMERA).rglob("*.mkv"))

    def packages(self) -> list:
        return sorted(path.parent for path in (self.data / "evidence").rglob("[!.]*/manifest.json"))

    def notes(self) -> list[ClipNote]:
        return [ClipNote.model_validate_json((folder / "clip.json").read_bytes()) for folder in self.packages()]

    def events(self) -> int:
        database = sqlite3.connect(self.data / "outbox.sqlite")
        (count,) = database.execute("select count(*) from messages where event_id is not null").fetchone()
        database.close()
        return count


def wait_until(reached, within_s) -> None:
    end_s = time.monotonic() + within_s
    while not reached():
        assert time.monotonic() < end_s, "it took too long"
        time.sleep(0.05)


def test_a_camera_that_is_told_to_end_packs_what_waits_and_keeps_the_raw_video_of_it(
    footage_path, default_model, tmp_path
):
    box = Box(tmp_path, {"source": str(footage_path), "start": "2026-01-01T00:00:02Z"})
    process = box.start()
    kept = tmp_path / "data" / "video" / CAMERA / "2026-01-01" / "080002-kept.mkv"
    wait_until(kept.exists, 60)  # a verdict has been said: its clip is to end some seconds later
    assert box.packages() == []
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    assert process.returncode == EXIT_STATUS, said
    assert "Traceback" not in said
    (package,), (note,) = box.packages(), box.notes()
    assert box.events() == 1
    assert "the last frame came at" in note.missing
    assert note.to_ms < note.wanted[-1].to_ms
    manifest = json.loads((package / "manifest.json").read_bytes())["body"]
    assert {"clip.mp4", "clip.csv", "clip.json"} <= {file["name"] for file in manifest["files"]}
    assert Manifest.model_validate(manifest).files
    assert len(decoded(package / "clip.mp4")) == note.frames
    assert box.segments() == [kept]
    assert len(decoded(kept)) >= note.frames
    line = json.loads((kept.parents[1] / "journal.jsonl").read_text())
    assert (line["what"], line["event_id"]) == ("kept", package.name)


def test_keep_days_0_records_nothing_and_clips_are_there_all_the_same(footage_path, default_model, tmp_path):
    camera = {"source": str(footage_path), "pace": "fastest", "start": "2026-01-01T00:00:02Z"}
    box = Box(tmp_path, camera, keep_days=0)
    process = box.start()
    wait_until(lambda: len(box.packages()) >= 2, 90)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert not (box.data / "video").exists()
    assert all(note.frames > 50 for note in box.notes()[:2])


def test_a_camera_that_goes_blind_after_an_act_holds_no_package_back(footage_path, default_model, tmp_path):
    film = as_h264(footage_path, tmp_path / "film.mkv", 600)
    server, port = rtsp_server(cache_folder("gstreamer"), lambda _text: None), free_port()
    box = Box(tmp_path, {"source": f"rtsp://127.0.0.1:{port}/camera"})
    with server.playing(port, film):
        process = box.start()
        try:
            wait_until(lambda: any("-kept" in path.name for path in box.segments()), 90)
        finally:
            there = len(box.packages())
    try:
        wait_until(lambda: len(box.packages()) > there, 60)
        assert any("the last frame came at" in (note.missing or "") for note in box.notes())
        assert process.poll() is None
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == EXIT_STATUS
    assert "Traceback" not in said
