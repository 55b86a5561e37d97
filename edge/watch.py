"""Composition of one camera's watch: what is built from a scene, a source and a model, and what runs for each frame.

``lukou watch`` writes what it sees into a folder; the box (edge.box) runs the same loop with its outbox behind it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from edge.evidence.package import Package, Packager
from edge.evidence.ring import Ring
from edge.observations import Judged, Observation, Passage, Violation
from edge.pipeline import Frame, Pipeline
from edge.report import Place
from edge.signals.timeline import Signals


class Sink(Protocol):
    """Where a watch puts what it sees."""

    def observed(self, observation: Observation) -> None:
        """Everybody seen in one frame."""
        ...

    def violated(self, violation: Violation, package: Package) -> None:
        """A rule was broken, and its evidence is on disk."""
        ...

    def passed(self, passages: tuple[Passage, ...]) -> None:
        """Passages that ended."""
        ...


@dataclass(frozen=True, slots=True)
class Watch:
    """One camera's parts."""

    place: Place
    signals: Signals
    pipeline: Pipeline
    ring: Ring
    packager: Packager

    def run(self, frames: Iterable[Frame], sink: Sink) -> None:
        """Watch every frame to the end, then close what is open."""
        for frame in frames:
            step = self.pipeline.step(frame)
            self.ring.offer(frame, step.observation, always=bool(step.judged.violations))
            sink.observed(step.observation)
            self._tell(step.judged, sink)
        self._tell(self.pipeline.finish(), sink)

    def _tell(self, judged: Judged, sink: Sink) -> None:
        for violation in judged.violations:
            sink.violated(violation, self.packager.write(self.place, violation, self.ring.kept()))
        if judged.passages:
            sink.passed(judged.passages)
