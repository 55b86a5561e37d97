"""What one camera's process leaves in the outbox: events, passage counts, and word of how it is for the heartbeat."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import topics
from contract.messages import SignalHealth
from contract.seal import seal
from contract.words import CameraState
from edge.camera.attend import Attendant
from edge.camera.stream import LiveStream
from edge.evidence.package import Package
from edge.observations import Observation, Passage, Violation, Yielding
from edge.outbox import Outbox, Progress
from edge.pipeline import Frame
from edge.report import Place, passage_counts, violation_reported
from edge.signals.timeline import Signals

log = structlog.get_logger()

NowMs = Callable[[], int]
PROGRESS_S: Final = 1.0
ARRIVALS_KEPT: Final = 256


@dataclass(slots=True)
class Reporter:
    """Keeps count of one camera and leaves word of it for the heartbeat."""

    outbox: Outbox
    camera_id: str
    now_ms: NowMs
    attendant: Attendant
    stream: LiveStream | None = None
    signals: Callable[[], tuple[SignalHealth, ...]] = tuple
    frames: int = 0
    arrivals: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=ARRIVALS_KEPT))
    _started_s: float = field(default_factory=time.monotonic)
    _noted_s: float = 0.0

    def arriving(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """Hand frames on, and note when each came."""
        for frame in frames:
            self.arrivals.append((frame.t_ms, self.now_ms()))
            self.frames += 1
            if time.monotonic() - self._noted_s >= PROGRESS_S:
                self.note()
            yield frame

    def arrived_ms(self, t_ms: int) -> int:
        """Return when the frame of that time came, by the box's clock."""
        known = tuple(self.arrivals)  # whole at once: the judge's thread asks while the camera's appends
        return next((at_ms for frame_ms, at_ms in known if frame_ms >= t_ms), self.now_ms())

    def idle(self) -> None:
        """No frame has come for a second."""
        if self.stream is not None:
            self.attendant.health.unseen(self.now_ms(), self.stream.last_frame_ms)
        self.note()

    def note(self) -> None:
        """Leave word for the heartbeat."""
        self._noted_s = time.monotonic()
        health, counts = self.attendant.health, None if self.stream is None else self.stream.counts
        start_ms = 0 if self.stream is None else self.stream.start_ms or 0
        progress = Progress(
            noted_at_ms=self.now_ms(),
            frames=self.frames,
            frames_per_second=self.frames / max(self._noted_s - self._started_s, 1e-6),
            dropped=0 if counts is None else counts.dropped,
            reconnections=0 if counts is None else max(0, counts.connections - 1),
            state=health.state.value,
            signals=[signal.model_dump() for signal in self.signals()],
            state_since_ms=max(0, health.since_ms if health.state is CameraState.LOST else start_ms + health.since_ms),
        )
        self.outbox.note_progress(self.camera_id, progress)


@dataclass(slots=True)
class OutboxSink:
    """Puts what a watch sees into the outbox, sealed with the device's key."""

    place: Place
    signals: Signals
    outbox: Outbox
    key: Ed25519PrivateKey
    arrived_ms: Callable[[int], int]

    def observed(self, observation: Observation) -> None:
        """Keep nothing: the box sends no tracks."""

    def confirmed(self, violation: Violation) -> None:
        """Say nothing yet: the event leaves with its evidence."""

    def violated(self, violation: Violation, package: Package) -> None:
        """Store the event and the names of its files in one transaction."""
        place, seen_at_ms = self.place, self.arrived_ms(violation.confirmed_ms)
        event_id = str(place.event_id(violation))
        said = () if violation.signal_id is None else self.signals.said(violation.signal_id, violation.entered_ms)

        def sealed(sequence: int) -> bytes:
            message = violation_reported(place, violation, said, package, sequence, seen_at_ms)
            return seal(message, place.device_id, self.key)

        files = [(file, package.folder / file.name) for file in package.files]
        new = self.outbox.put(event_id, topics.violation(place.site_id, place.camera_id), sealed, files)
        log.info("violation.seen", event_id=event_id, kind=violation.kind.value, track=violation.track_id, new=new)

    def passed(self, passages: tuple[Passage, ...], yields: tuple[Yielding, ...]) -> None:
        """Store the counts of the passages that ended, and of the vehicles that yielded or did not."""
        place = self.place

        def sealed(sequence: int) -> bytes:
            return seal(passage_counts(place, passages, sequence, yields=yields), place.device_id, self.key)

        self.outbox.put(None, topics.passages(place.site_id, place.camera_id), sealed)
