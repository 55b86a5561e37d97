"""From a verdict to a row in the outbox: whatever moment a box dies at, nothing that was closed is lost or doubled."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from package import recorder, walk

from contract.messages import ViolationReported
from contract.seal import unseal
from contract.words import LampState
from edge.camera_progress import Arrival
from edge.clock import NO_REFERENCE, Instant
from edge.evidence.package import Packager
from edge.evidence.ring import Kept, encode_jpeg
from edge.evidence.sealing import Seal
from edge.evidence.stamp import Stamper
from edge.judge_packages import packages_below
from edge.outbox import Outbox
from edge.outbox_sink import OutboxSink, recover
from edge.signals.timeline import LampChange, SignalTimeline
from edge.verify_packages import verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BY = Seal("box", KEY)
NOW_MS = 1_767_225_700_000


class Camera:
    """One camera's parts up to its sink, and what its rules say of one walk on red."""

    def __init__(self, root: Path) -> None:
        self.outbox = Outbox(root / "outbox.sqlite")
        signals = SignalTimeline([LampChange(0, "ped", LampState.RED)])
        self.signals = signals
        self.evidence = root / "evidence" / "c"
        self.packager = Packager(self.evidence, Stamper(None))
        self.sink = OutboxSink(
            recorder(signals).place,
            signals,
            self.outbox,
            BY,
            lambda _seen, _camera_offset_ms: NO_REFERENCE,
            lambda t_ms: Arrival(t_ms, Instant(NOW_MS, 0.0)),
            lambda: NOW_MS,
        )

    def see(self) -> None:
        memory = recorder(self.signals)
        rules = memory.rules_of(self.signals, None)
        jpeg = encode_jpeg(np.zeros((48, 64, 3), np.uint8), 92)
        for observation in walk():
            memory.observed(observation)
            for violation in rules.observe(observation).violations:
                kept = [Kept(o, jpeg, (64, 48)) for o in memory.history.since()]
                record = memory.record(violation, at_end=False)
                self.sink.violated(violation, self.packager.write(memory.place, violation, kept, record))

    def events(self) -> list[ViolationReported]:
        waiting = self.outbox.waiting()
        return [unseal(w.payload, ViolationReported, lambda _id: KEY.public_key()).message for w in waiting]


@pytest.fixture
def camera(tmp_path):
    made = Camera(tmp_path)
    yield made
    made.outbox.close()


def test_an_event_its_files_and_its_manifest_belong_together(camera):
    camera.see()
    (event,) = camera.events()
    folder = camera.evidence / str(event.event_id)
    assert {file.name for file in event.evidence} == {path.name for path in folder.iterdir()}
    assert {"manifest.json", "act.json", "road_user.jpg", "sources.csv"} <= {file.name for file in event.evidence}
    assert verify([folder], KEY.public_key()).problems == []


def test_what_is_judged_again_keeps_the_package_that_was_sealed(camera):
    camera.see()
    before = {path: path.read_bytes() for path in camera.evidence.rglob("*") if path.is_file()}
    camera.see()
    assert len(camera.events()) == 1
    assert before == {path: path.read_bytes() for path in camera.evidence.rglob("*") if path.is_file()}


def dies(root: Path, moment: str) -> None:
    """See the walk, and die by SIGKILL when a file or folder of that name is about to get its place."""
    replace = os.rename

    def rename(source: Path, target: Path) -> None:
        if Path(target).name.startswith(moment) or (moment == "folder" and Path(source).name.endswith(".part")):
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)

    os.rename = rename  # a process of our own, which ends here
    Camera(root).see()


@pytest.mark.process
@pytest.mark.parametrize(
    ("moment", "recovered"),
    [("folder", 0), ("manifest.json", 1)],
    ids=["before the package has its name", "before the manifest is in it"],
)
def test_a_box_killed_while_it_keeps_an_act_has_it_after_the_next_start(tmp_path, moment, recovered):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, __file__, tmp_path, moment], env=environment, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    camera = Camera(tmp_path)
    try:
        assert recover(camera.evidence, camera.outbox, BY, NOW_MS) == recovered
        assert recover(camera.evidence, camera.outbox, BY, NOW_MS) == 0
        camera.see()  # footage is judged again; a live camera goes on
        (event,) = camera.events()
        assert event.sequence == 1
        assert verify(packages_below([tmp_path / "evidence"]), KEY.public_key()).problems == []
        assert list(camera.evidence.glob(".*")) == []
    finally:
        camera.outbox.close()


def test_what_cannot_be_read_is_told_and_left_for_a_person(camera):
    (camera.evidence / "stray").mkdir(parents=True)
    (camera.evidence / "stray" / "act.json").write_text("{}")
    assert recover(camera.evidence, camera.outbox, BY, NOW_MS) == 0
    assert (camera.evidence / "stray" / "act.json").exists()


if __name__ == "__main__":
    dies(Path(sys.argv[1]), sys.argv[2])
