"""A box whose disk is full keeps what is whole, counts what is not, and goes on by itself when there is room again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from package import recorder, walk, write_package
from small_disk import mounted
from structlog.testing import capture_logs
from typer.testing import CliRunner

from contract.words import DiskState, LampState
from edge.camera_progress import Arrival
from edge.clock import NO_REFERENCE, Instant
from edge.disk import DiskRoom
from edge.disk_policy import Limits
from edge.evidence.package import Packager
from edge.evidence.ring import Kept, encode_jpeg
from edge.evidence.sealing import Seal
from edge.evidence.stamp import Stamper
from edge.evidence_cli import evidence
from edge.outbox import Outbox
from edge.outbox_sink import OutboxSink, recover
from edge.purge_journal import Purged, note
from edge.signals.timeline import LampChange, SignalTimeline
from edge.verify_packages import verify

RED = SignalTimeline([LampChange(0, "ped", LampState.RED)])
BY = Seal("box", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
NO_LIMITS = Limits(10**12, 0)
NOW_MS = 1_800_000_000_000
CLIP = {"clip.mp4": b"c" * 50_000, "clip.csv": b"number", "clip.json": b"{}"}


class OneCamera:
    """A camera's acts, one like the other, each half a minute after the one before."""

    def __init__(self, data: Path, limits: Limits = NO_LIMITS) -> None:
        self.root, self.outbox = data / "evidence" / "c", Outbox(data / "outbox.sqlite")
        self.memory, self.acts = recorder(RED), 0
        rules = self.memory.rules_of(RED, None)
        jpeg = encode_jpeg(np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8), 92)
        for observation in walk():
            self.memory.observed(observation)
            for violation in rules.observe(observation).violations:
                self.violation = violation
                self.record = self.memory.record(violation, at_end=False) | CLIP
        self.passages = rules.finish().passages
        self.kept = [Kept(observation, jpeg, (64, 48)) for observation in self.memory.history.since()]
        self.packager = Packager(self.root, Stamper(None), DiskRoom(data, limits))
        self.sink = OutboxSink(
            self.memory.place,
            RED,
            self.outbox,
            BY,
            lambda _seen, _camera_offset_ms: NO_REFERENCE,
            lambda t_ms: Arrival(t_ms, Instant(NOW_MS, 0)),
            lambda: NOW_MS,
        )

    def see_an_act(self) -> None:
        self.acts += 1
        place = replace(self.memory.place, start_ms=self.memory.place.start_ms + 30_000 * self.acts)
        self.sink.place = place
        self.sink.violated(self.violation, self.packager.write(place, self.violation, self.kept, self.record))

    def packages(self) -> list[Path]:
        return sorted(path for path in self.root.iterdir() if path.is_dir())


@pytest.fixture
def small_disk(tmp_path):
    with mounted(3, tmp_path / "data") as disk:
        yield disk


@pytest.mark.parametrize("leave_kb", [0, 4, 16, 40, 80, 100, 120, 124, 128, 132, 140, 148, 160, 200])
def test_wherever_the_room_ends_an_act_is_whole_or_told_and_the_next_one_is_kept(small_disk, leave_kb):
    camera = OneCamera(small_disk.folder)
    camera.see_an_act()
    small_disk.fill(leave_kb * 1024)
    with capture_logs() as logs:
        for _ in range(3):
            camera.see_an_act()
        camera.sink.passed(camera.passages, ())  # nor does a count end a watch
    assert list(camera.root.glob(".*.part")) == []
    told = [line for line in logs if line["event"] == "violation.not_kept"]
    assert len(told) == camera.sink.not_kept == 4 - len(camera.packages())
    assert all(line["event_id"] and line["entered_at_ms"] for line in told)
    small_disk.empty()
    camera.see_an_act()
    assert camera.outbox.violations() == camera.acts - camera.sink.not_kept == len(camera.packages())
    assert verify(camera.packages(), BY.key.public_key()).problems == []
    camera.outbox.close()


def test_what_was_closed_on_a_full_disk_is_put_in_at_the_next_start(small_disk):
    camera = OneCamera(small_disk.folder)
    waits = 0
    for leave_kb in range(100, 200, 4):
        small_disk.fill(leave_kb * 1024)
        camera.see_an_act()
        small_disk.empty()
        waits = len(camera.packages()) - camera.outbox.violations()
        if waits:
            break
    assert waits == 1, "expected a room in which the package fits and its event does not"
    camera.outbox.close()
    after = Outbox(small_disk.folder / "outbox.sqlite")
    assert recover(camera.root, after, BY, NOW_MS) == 1
    assert verify(camera.packages(), BY.key.public_key()).problems == []
    after.close()


@pytest.mark.parametrize(
    ("state", "packages", "clips", "not_kept"),
    [(DiskState.OK, 1, 1, 0), (DiskState.CLIPS_STOPPED, 1, 0, 0), (DiskState.FULL, 0, 0, 1)],
)
def test_the_boxs_word_stops_clips_then_packages(tmp_path, state, packages, clips, not_kept):
    camera = OneCamera(tmp_path)
    (tmp_path / "disk.state").write_text(state.value)
    camera.see_an_act()
    assert len(camera.packages() if camera.root.exists() else []) == packages
    assert len(list(camera.root.glob("*/clip.mp4"))) == clips
    assert len(list(camera.root.glob("*/clip.*"))) == 3 * clips
    assert camera.sink.not_kept == not_kept
    camera.outbox.close()


def test_where_too_little_is_free_no_word_is_waited_for(tmp_path):
    camera = OneCamera(tmp_path, Limits(10**12, free_min_bytes=10**15))
    camera.see_an_act()
    assert camera.sink.not_kept == 1
    camera.outbox.close()


@pytest.fixture
def package(tmp_path):
    (folder,) = write_package(tmp_path / "evidence", recorder(RED), walk())
    return folder


def test_what_the_box_has_purged_is_told_with_its_day_and_is_no_break(package):
    note(package.parent, [Purged(package.name, "entry.jpg", 5, NOW_MS, "delivered")])
    (package / "entry.jpg").unlink()
    done = CliRunner().invoke(evidence, ["verify", str(package)])
    assert done.exit_code == 0, done.output
    assert "purged on 2027-01-15 08:00:00 UTC (delivered): entry.jpg" in done.output


OF_ANOTHER = '{"event_id": "x", "name": "entry.jpg", "size_bytes": 5, "at_ms": 1, "why": "w"}\n'


@pytest.mark.parametrize(
    ("story", "line", "says"),
    [
        ("nothing was written down", "", "expected a file of the package, found none"),
        (
            "another package's",
            '{"event_id": "x", "name": "entry.jpg", "size_bytes": 5, "at_ms": 1, "why": "w"}\n',
            "none",
        ),
        ("half a line, from a power cut", '{"event_id": "', "found none"),
        ("no such line", "hello\n", "line 1: expected what was purged"),
    ],
)
def test_what_is_gone_without_a_word_is_broken(package, story, line, says):
    (package.parent / "purged.jsonl").write_text(line)
    (package / "entry.jpg").unlink()
    done = CliRunner().invoke(evidence, ["verify", str(package)])
    assert done.exit_code == 1
    assert says in done.output


def test_a_file_that_is_here_is_checked_whatever_was_written_down(package):
    note(package.parent, [Purged(package.name, "entry.jpg", 5, NOW_MS, "delivered")])
    (package / "entry.jpg").write_bytes(b"another")
    assert len(verify([package], None).problems) == 1
