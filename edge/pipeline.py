"""One camera's way from a frame to a verdict, on one page: see, follow, place on the ground, judge.

It owns the ports (``Protocol``) that the adapters fill, and nothing else: no clock, disk, network or OpenCV, so a
test runs it with plain values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from edge import foot_point
from edge.observations import Detection, Judged, Observation, TrackedBox

PictureBgr = NDArray[np.uint8]
"""(height, width, 3) uint8, blue green red."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture and when it was captured (ms since the first frame of the source)."""

    t_ms: int
    picture_bgr: PictureBgr


class Detector(Protocol):
    """Finds road users in one picture."""

    def detect(self, picture_bgr: PictureBgr) -> tuple[Detection, ...]:
        """Return the boxes in pixels of the full picture."""
        ...


class Tracker(Protocol):
    """Follows boxes through frames; its numbers belong to this instance."""

    def update(self, t_ms: int, detections: Sequence[Detection]) -> tuple[TrackedBox, ...]:
        """Return the boxes that belong to a confirmed track, each with its number."""
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
    """What one frame gave."""

    observation: Observation
    judged: Judged


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The four ports in their order."""

    detector: Detector
    tracker: Tracker
    to_metres: foot_point.ToMetres
    rules: Rules

    def step(self, frame: Frame) -> Step:
        """Take one frame through; frames come in time order."""
        detections = self.detector.detect(frame.picture_bgr)
        tracked = self.tracker.update(frame.t_ms, foot_point.followed(detections))
        users = foot_point.road_users(tracked, detections, self.to_metres)
        observation = Observation(frame.t_ms, users)
        return Step(observation, self.rules.observe(observation))

    def finish(self) -> Judged:
        """Close every open passage."""
        return self.rules.finish()
