"""How one camera gets on: its frames are counted as they arrive, and word of it is left for the heartbeat."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from contract.box import Dropped, Prompted
from contract.messages import SignalHealth
from contract.words import CameraState
from edge.both_clocks import look
from edge.camera.attend import Attendant
from edge.camera.stream import LiveStream
from edge.clock import Instant
from edge.outbox import Outbox
from edge.outbox_values import Progress
from edge.pipeline import Frame
from edge.prompts import Speaker

PROGRESS_S: Final = 1.0
ARRIVALS_KEPT: Final = 1024
"""At 60 frames a second more than the 5 s for which a clip is waited for, and the rules before."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a frame came, by both of the box's clocks, and how far the camera's own clock was off by it."""

    t_ms: int
    seen: Instant
    camera_offset_ms: int | None = None


@dataclass(slots=True)
class Reporter:
    """Keeps count of one camera and leaves word of it for the heartbeat."""

    outbox: Outbox
    camera_id: str
    now_ms: Callable[[], int]
    attendant: Attendant
    stream: LiveStream | None = None
    signals: Callable[[], tuple[SignalHealth, ...]] = tuple
    speaker: Speaker | None = None
    lost: Callable[[], Dropped] = Dropped
    frames: int = 0
    arrivals: deque[Arrival] = field(default_factory=lambda: deque(maxlen=ARRIVALS_KEPT))
    _started_s: float = field(default_factory=time.monotonic)
    _noted_s: float = 0.0

    def arriving(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """Hand frames on, and note when each came."""
        for frame in frames:
            self.arrivals.append(self._arrival(frame.t_ms))
            self.frames += 1
            if time.monotonic() - self._noted_s >= PROGRESS_S:
                self.note()
            yield frame

    def arrival(self, t_ms: int) -> Arrival:
        """Return when the frame of that time came."""
        known = tuple(self.arrivals)  # whole at once: the judge's thread asks while the camera's appends
        return next((arrival for arrival in known if arrival.t_ms >= t_ms), self._arrival(t_ms))

    def _arrival(self, t_ms: int) -> Arrival:
        return Arrival(t_ms, look(self.now_ms), None if self.stream is None else self.stream.camera_offset_ms)

    def idle(self) -> None:
        """No frame has come for a second."""
        if self.stream is not None:
            self.attendant.health.unseen(self.now_ms(), self.stream.last_frame_ms)
        self.note()

    def say(self, prompt: Prompted) -> None:
        """Say something at the crossing, where somebody listens."""
        if self.speaker is not None:
            self.speaker.say(prompt)

    def _lost(self) -> Dropped:
        lost, unheard = self.lost(), 0 if self.speaker is None else self.speaker.unheard
        return lost.model_copy(update={"prompts": lost.prompts + unheard})

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
            lost=self._lost().model_dump(),
            state_since_ms=max(0, health.since_ms if health.state is CameraState.LOST else start_ms + health.since_ms),
        )
        self.outbox.note_progress(self.camera_id, progress)
