import numpy as np

from contract.words import RoadUserKind
from edge.observations import Detection, Judged, Observation, RoadUser, TrackedBox
from edge.pipeline import Frame, Pipeline

PERSON = Detection((10, 10, 20, 40), 0.9, "person")
BICYCLE = Detection((10, 20, 20, 42), 0.7, "bicycle")


class Sees:
    """A detector that always sees the same."""

    def detect(self, picture_bgr):
        return (PERSON, BICYCLE)


class Follows:
    """A tracker that gives everything number 1, and remembers what it was given."""

    def __init__(self):
        self.given = []

    def update(self, t_ms, detections):
        self.given.append((t_ms, detections))
        return tuple(TrackedBox(1, detection) for detection in detections)


class Judges:
    """Rules that remember what they were shown."""

    def __init__(self):
        self.shown: list[Observation] = []

    def observe(self, observation):
        self.shown.append(observation)
        return Judged()

    def finish(self):
        return Judged()


def test_a_frame_is_seen_followed_placed_and_judged_with_its_own_time():
    tracker, rules = Follows(), Judges()
    pipeline = Pipeline(Sees(), tracker, lambda points_px: points_px / 10, rules)
    step = pipeline.step(Frame(700, np.zeros((50, 50, 3), np.uint8)))
    rider = RoadUser(1, RoadUserKind.RIDER, 1.5, 4.0, PERSON.box_xyxy_px, 0.9)
    assert step.observation == Observation(700, (rider,))
    assert rules.shown == [step.observation]
    assert tracker.given == [(700, (PERSON,))]  # a machine without its rider is not followed
    assert pipeline.finish() == Judged()
