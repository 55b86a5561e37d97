"""One camera's loop: every frame through the pipeline, its picture into the ring, what was judged into the sink.

``lukou watch`` writes what it sees into a folder; the box (edge.box) runs the same loop with its outbox behind it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Protocol

from edge.evidence.package import Package, Packager
from edge.evidence.ring import Ring
from edge.observations import Detection, Judged, Observation, Passage, Violation, Yielding
from edge.packing import Clips, NoClips, Packing
from edge.pipeline import Frame, Pipeline, Step
from edge.report import Place
from edge.signal_desk import SignalDesk
from edge.signals.hand_off import HandOff
from edge.withhold import Withholding

IDLE_MAX: Final = 6
"""After so many seconds without a frame no clip is waited for: the camera may be away for days."""


class Sink(Protocol):
    """Where a watch puts what it sees."""

    def observed(self, observation: Observation) -> None:
        """Everybody seen in one frame."""
        ...

    def confirmed(self, violation: Violation) -> None:
        """A rule was broken: told at once, while the evidence is still gathered."""
        ...

    def violated(self, violation: Violation, package: Package) -> None:
        """The evidence of what was confirmed is on disk."""
        ...

    def passed(self, passages: tuple[Passage, ...], yields: tuple[Yielding, ...]) -> None:
        """Passages that ended, and vehicles that met somebody at a crosswalk."""
        ...


class Memory(Protocol):
    """Remembers what the rules saw, and turns it into the files by which a verdict can be judged again."""

    def observed(self, observation: Observation) -> None:
        """Everybody seen at one instant, as the rules saw it."""
        ...

    def record(self, violation: Violation, *, at_end: bool) -> Mapping[str, bytes]:
        """Return the files, at the moment at which the rules say the verdict."""
        ...


class NoMemory:
    """Remembers nothing: packages hold pictures alone."""

    def observed(self, observation: Observation) -> None:
        """Forget it."""

    def record(self, violation: Violation, *, at_end: bool) -> Mapping[str, bytes]:  # noqa: ARG002 - the port's words
        """Return no files."""
        return {}


@dataclass(slots=True)
class Watch:
    """One camera's parts."""

    place: Place
    desk: SignalDesk
    pipeline: Pipeline
    ring: Ring
    packager: Packager
    overlapped: bool = False
    """Whether a core is free beside the detector's threads."""
    attend: Callable[[Frame], None] = lambda _frame: None
    """Looks at the camera's health; called with every frame, in order."""
    withholding: Withholding = field(default_factory=lambda: Withholding(lambda _from_ms, _to_ms: True))
    memory: Memory = field(default_factory=NoMemory)
    hand_off: HandOff | None = None
    behind_ms: int = 0
    """How long after an instant the rules judge it."""
    clips: Clips = field(default_factory=NoClips)
    _idle: int = 0
    _judging: Future[None] | None = None
    _packing: Packing = field(init=False)

    def run(self, frames: Iterable[Frame], sink: Sink) -> None:
        """Watch every frame to the end, then close what is open."""
        try:
            self.desk.start()
            self._run(frames, sink)
        finally:
            self.clips.finish()
            self.desk.stop()

    def idle(self) -> None:
        """No frame has come for a second. Called by whoever gives the frames, while the next one is waited for."""
        self._idle += 1
        if self._idle == IDLE_MAX:
            if self._judging is not None:
                self._judging.result()
            self._packing.pack(at_end=True)

    def _run(self, frames: Iterable[Frame], sink: Sink) -> None:
        self._packing = Packing(self.place, self.packager, self.clips, sink.violated)
        if self.overlapped:
            self._run_overlapped(frames, sink)
        else:
            for frame in frames:
                self._judge(frame, self.pipeline.see(frame), sink)
        for step in self.pipeline.rest():
            self._take(step, sink)
        self._tell(self.pipeline.finish(), sink, at_end=True)
        self._packing.picture(self.ring.kept)
        self.clips.finish()
        self._packing.pack(at_end=True)

    def _run_overlapped(self, frames: Iterable[Frame], sink: Sink) -> None:
        """Let a second thread follow and judge a frame while the detector looks at the next one.

        One at a time and in order, so nothing depends on how fast either is.
        """
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="judge") as judge:
            for frame in frames:
                detections = self.pipeline.see(frame)
                if self._judging is not None:
                    self._judging.result()  # what went wrong there ends the watch here
                self._judging = judge.submit(self._judge, frame, detections, sink)
            if self._judging is not None:
                self._judging.result()

    def _judge(self, frame: Frame, detections: Sequence[Detection], sink: Sink) -> None:
        self._idle = 0
        self.clips.offer(frame)
        self.attend(frame)
        self.desk.read_lamps(frame)
        self.ring.offer(frame)
        for step in self.pipeline.follow(frame.t_ms, detections):
            self._take(step, sink)

    def _take(self, step: Step, sink: Sink) -> None:
        pictured = self.ring.describe(step.observation)
        sink.observed(step.observation)
        self.memory.observed(step.observation)
        self._tell(step.judged, sink)
        if pictured:
            self._packing.picture(self.ring.kept)
        self._packing.pack()

    def _tell(self, judged: Judged, sink: Sink, *, at_end: bool = False) -> None:
        judged = self.withholding.of(judged)
        for violation in judged.violations:
            sink.confirmed(violation)
        said = [(violation, self.memory.record(violation, at_end=at_end)) for violation in judged.violations]
        self._packing.take(said, judged.foreseen)
        if judged.passages or judged.yields:
            sink.passed(judged.passages, judged.yields)
