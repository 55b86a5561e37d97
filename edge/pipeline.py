"""One camera's way from a frame to a verdict, on one page: see, follow, place on the ground, judge.

It owns the ports (``Protocol``) that the adapters fill, and nothing else: no clock, disk, network or OpenCV, so a
test runs it with plain values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from contract.fields import ClockSource
from edge.observations import Detection, Followed, Judged, Observation, RoadUser, as_written
from edge.signals.timeline import LampChange

PictureBgr = NDArray[np.uint8]
"""(height, width, 3) uint8, blue green red."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture and when it was captured (ms since the first frame of the source), and whose clock says so."""

    t_ms: int
    picture_bgr: PictureBgr
    clock_source: ClockSource = "footage"


class Detector(Protocol):
    """Finds road users in one picture."""

    def detect(self, picture_bgr: PictureBgr) -> tuple[Detection, ...]:
        """Return the boxes in pixels of the full picture."""
        ...


class LampPort(Protocol):
    """Reads the scene's lamps out of the pictures. A change may be said up to 0.4 s late, dated by when it began."""

    def read(self, frame: Frame) -> tuple[LampChange, ...]:
        """Take one frame in, in time order; return the changes that it made sure."""
        ...


class Colours(Protocol):
    """Takes note of what is in each box, so that people can be told apart."""

    def measured(self, picture_bgr: PictureBgr, detections: Sequence[Detection]) -> tuple[Detection, ...]:
        """Return the same detections with their colours."""
        ...


class Tracker(Protocol):
    """Follows boxes through frames; its numbers belong to this instance. It may speak of an instant a little later."""

    def update(self, t_ms: int, detections: Sequence[Detection]) -> tuple[Followed, ...]:
        """Take one frame in; return the instants that are final now, in time order."""
        ...

    def finish(self) -> tuple[Followed, ...]:
        """Return the instants that were not final yet."""
        ...


class Kinds(Protocol):
    """Decides which tracks are which road users."""

    def road_users(self, followed: Followed) -> tuple[RoadUser, ...]:
        """Return the road users of one instant; instants come in time order."""
        ...


class Rules(Protocol):
    """Judges what is observed."""

    def observe(self, observation: Observation) -> Judged:
        """Return what this instant decided."""
        ...

    def finish(self) -> Judged:
        """Return what is decided when nothing more will be seen."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What one instant gave. ``observation`` is as a file holds it (``as_written``), and so it was judged."""

    observation: Observation
    judged: Judged


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The ports in their order."""

    detector: Detector
    colours: Colours
    tracker: Tracker
    kinds: Kinds
    rules: Rules

    def see(self, frame: Frame) -> tuple[Detection, ...]:
        """Return what is in a frame, with its colours. It keeps nothing, so it may run ahead of ``follow``."""
        return self.colours.measured(frame.picture_bgr, self.detector.detect(frame.picture_bgr))

    def follow(self, t_ms: int, detections: Sequence[Detection]) -> tuple[Step, ...]:
        """Take what was seen in, and return the instants that it made final; frames come in time order."""
        return self._judged(self.tracker.update(t_ms, detections))

    def rest(self) -> tuple[Step, ...]:
        """Return the last instants, when no more frames come."""
        return self._judged(self.tracker.finish())

    def finish(self) -> Judged:
        """Close every open passage."""
        return self.rules.finish()

    def _judged(self, instants: Sequence[Followed]) -> tuple[Step, ...]:
        observations = (as_written(Observation(i.t_ms, self.kinds.road_users(i))) for i in instants)
        return tuple(Step(observation, self.rules.observe(observation)) for observation in observations)
