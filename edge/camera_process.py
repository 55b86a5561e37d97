"""One camera's process on a box: watches its source and leaves what it sees in the outbox.

It publishes nothing itself; the box's publisher does. So a dead network never slows the watch, and a crash of the
watch loses nothing that was put in.
"""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import topics
from contract.seal import seal
from edge import keys
from edge.assembly import assemble, open_source
from edge.config import BoxConfig, CameraConfig
from edge.evidence.package import Package
from edge.observations import Observation, Passage, Violation
from edge.outbox import Outbox
from edge.pipeline import Frame
from edge.report import Place, passage_counts, violation_reported

log = structlog.get_logger()

NowMs = Callable[[], int]
PROGRESS_S: Final = 1.0


@dataclass(slots=True)
class OutboxSink:
    """Puts what a watch sees into the outbox, sealed with the device's key."""

    place: Place
    outbox: Outbox
    key: Ed25519PrivateKey
    seen_at_ms: int = 0  # the box's clock when the newest frame came
    frames: int = 0
    _started_s: float = field(default_factory=time.monotonic)
    _noted_s: float = 0.0

    def observed(self, observation: Observation) -> None:  # noqa: ARG002 - the box keeps no tracks yet, only counts
        """Count the frame, and say now and then how far we are."""
        self.frames += 1
        if time.monotonic() - self._noted_s >= PROGRESS_S:
            self.note_progress()

    def violated(self, violation: Violation, package: Package) -> None:
        """Store the event and the names of its files in one transaction."""
        place, seen_at_ms = self.place, self.seen_at_ms
        event_id = str(place.event_id(violation))

        def sealed(sequence: int) -> bytes:
            message = violation_reported(place, violation, package.files, sequence, seen_at_ms)
            return seal(message, place.device_id, self.key)

        files = [(file, package.folder / file.name) for file in package.files]
        new = self.outbox.put(event_id, topics.violation(place.site_id, place.camera_id), sealed, files)
        log.info("violation.seen", event_id=event_id, kind=violation.kind.value, track=violation.track_id, new=new)

    def passed(self, passages: tuple[Passage, ...]) -> None:
        """Store the counts of the passages that ended."""
        place = self.place

        def sealed(sequence: int) -> bytes:
            return seal(passage_counts(place, passages, sequence), place.device_id, self.key)

        self.outbox.put(None, topics.passages(place.site_id, place.camera_id), sealed)

    def note_progress(self) -> None:
        """Leave word for the heartbeat."""
        self._noted_s = time.monotonic()
        running_s = max(self._noted_s - self._started_s, 1e-6)
        progress = {"frames": self.frames, "dropped": 0, "frames_per_second": self.frames / running_s}
        self.outbox.note_progress(self.place.camera_id, progress)


def run_camera(config: BoxConfig, camera: CameraConfig, now_ms: NowMs) -> None:
    """Watch one camera to its source's end and leave with 0, or with an error's own status after its one line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the box decides when its cameras stop
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        _watch(config, camera, now_ms)
    except Exception as error:
        status = getattr(error, "exit_status", None)
        if status is None:
            raise
        print(str(error), file=sys.stderr)
        sys.exit(status)


def _watch(config: BoxConfig, camera: CameraConfig, now_ms: NowMs) -> None:
    video = open_source(camera.source)
    start_ms = now_ms() if camera.start is None else round(camera.start.timestamp() * 1000)
    watch = assemble(
        scene_path=camera.scene,
        model=camera.model,
        threads=camera.threads,
        start_ms=start_ms,
        signals_path=None,
        evidence_root=config.data / "evidence",
        device_id=config.device.id,
    )
    outbox = Outbox(config.data / "outbox.sqlite")
    sink = OutboxSink(watch.place, outbox, keys.load_private_key(config.device.key_file))
    try:
        frames = video.frames()
        watch.run(_timed(_paced(frames) if camera.pace == "footage" else frames, sink, now_ms), sink)
        sink.note_progress()
    finally:
        outbox.close()
    if video.problem is not None:
        log.warning("source.problem", problem=video.problem)


def _paced(frames: Iterator[Frame]) -> Iterator[Frame]:
    """Hand each frame out when its time has come, as a live camera would; a late frame at once, and none is dropped."""
    started_s = time.monotonic()
    for frame in frames:
        ahead_s = frame.t_ms / 1000 - (time.monotonic() - started_s)
        if ahead_s > 0:
            time.sleep(ahead_s)
        yield frame


def _timed(frames: Iterator[Frame], sink: OutboxSink, now_ms: NowMs) -> Iterator[Frame]:
    """Note when each frame came, so that an event can say how old it was on its way."""
    for frame in frames:
        sink.seen_at_ms = now_ms()
        yield frame
