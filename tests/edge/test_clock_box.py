"""A whole box on real footage, its clock set an hour forward, an hour back and right again while it watches.

Its wall clock is the machine's plus what stands in a file. Nobody takes its messages, so all stay in the outbox.
"""

import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import cv2
import pytest
import yaml
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contract.messages import ViolationReported
from contract.seal import unseal
from datasets.demo.reference_clock import ReferenceClock
from datasets.demo.run import SCENE
from edge import keys
from edge.camera.file import VideoFile
from edge.outbox import Outbox

pytestmark = [pytest.mark.process, pytest.mark.weights]
FRAMES = 160
HOUR = 3_600_000
BOX = """
import sys, time
from pathlib import Path
from edge.box import Surroundings
from edge.open_box import run_box
from edge.config import load_config

SET = Path(__file__).with_name("set_ms")

def now_ms():
    return time.time_ns() // 1_000_000 + int(SET.read_text() or 0)

if __name__ == "__main__":
    config = load_config(Path(__file__).with_name("edge.yaml"))
    sys.exit(run_box(config, lambda camera: ("yq-003", "yq-demo-n"), Surroundings(now_ms)))
"""


@pytest.fixture(scope="module")
def piece(footage_path, tmp_path_factory) -> Path:
    """16 s of the footage: somebody is seen on red after 2.5, 6.5, 6.9, 10 and 14.4 s."""
    path = tmp_path_factory.mktemp("piece") / "piece.avi"
    video = VideoFile(footage_path)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, video.size_px)
    for _, frame in zip(range(FRAMES), video.frames(), strict=False):
        writer.write(frame.picture_bgr)
    writer.release()
    return path


def set_clock(folder: Path, set_ms: int) -> None:
    """Set the box's clock so far off the machine's: at once, and never half."""
    (folder / "set_ms.part").write_text(str(set_ms))
    (folder / "set_ms.part").replace(folder / "set_ms")


@contextmanager
def running_box(folder: Path, footage: Path, server: str):
    set_clock(folder, 0)
    (folder / "box.py").write_text(BOX)
    key = keys.make_private_key(folder / "key.pem").public_key()
    (folder / "centre.pem").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    keys_and_token = {"id": "box-1", "key_file": "key.pem", "token_file": "token"}
    (folder / "token").write_text("t" * 43)
    (folder / "token").chmod(0o600)
    config = {
        "device": keys_and_token,
        "centre": {"url": "http://127.0.0.1:9", "public_key_file": "centre.pem", "broker": {"port": 9}},
        "data": "data",
        "clock": {"source": "sntp", "server": server},
        "on_end": "stop",
        "drain_s": 1,
        "cameras": [{"scene": str(SCENE), "source": str(footage), "pace": "footage", "start": "2026-01-01T00:00:02Z"}],
    }
    (folder / "edge.yaml").write_text(yaml.safe_dump(config))
    with (folder / "box.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, str(folder / "box.py")], stdout=log, stderr=log)
    try:
        yield process, key
    finally:
        process.kill()
        process.wait()


def wait_for(outbox: Outbox, frames: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until so many frames have been looked at, or the box has ended."""
    until_s = time.monotonic() + 120
    while time.monotonic() < until_s and process.poll() is None:
        if any(told.frames >= frames for told in outbox.progress().values()):
            return
        time.sleep(0.02)


def test_only_what_was_seen_by_a_right_clock_is_proved_and_nothing_is_out_of_order(piece, default_model, tmp_path):
    begun_ms = time.time_ns() // 1_000_000
    with (
        closing(Outbox(tmp_path / "data" / "outbox.sqlite")) as outbox,
        ReferenceClock() as reference,
        running_box(tmp_path, piece, reference.address) as (process, key),
    ):
        for after_frames, set_ms in ((45, HOUR), (85, -HOUR), (120, 0)):  # between the acts, and a second before one
            wait_for(outbox, after_frames, process)
            set_clock(tmp_path, set_ms)
        assert process.wait(timeout=120) == 1, (tmp_path / "box.log").read_text()  # nobody took what it has
        payloads = [w.payload for w in outbox.waiting() if w.event_id is not None]
    events = [unseal(payload, ViolationReported, lambda _: key).message for payload in payloads]
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5]
    hours_off = [round((event.seen_at_ms - begun_ms) / HOUR) for event in events]
    assert hours_off == [0, 1, 1, -1, 0]
    assert [event.clock.status.value for event in events] == ["valid", "invalid", "invalid", "invalid", "valid"]
    assert all("3600" in event.clock.reason or "3599" in event.clock.reason for event in events[1:4])
    said = (tmp_path / "box.log").read_text()
    assert said.count("clock.was_set") == 3
