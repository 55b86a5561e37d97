import numpy as np

from contract.words import RoadUserKind
from edge.observations import Detection, Followed, Judged, Observation, RoadUser, TrackedBox
from edge.pipeline import Frame, Pipeline, Step

PERSON = Detection((10, 10, 20, 40), 0.9, "person")
BLACK = np.zeros((50, 50, 3), np.uint8)


class Sees:
    """A detector that always sees the same."""

    def detect(self, picture_bgr):
        return (PERSON,)


class Measures:
    """Takes note of no colour."""

    def measured(self, picture_bgr, detections):
        return tuple(detections)


class FollowsLate:
    """A tracker that speaks of a frame when the next one has come."""

    def __init__(self):
        self.waiting = []

    def update(self, t_ms, detections):
        final, self.waiting = (
            self.waiting,
            [Followed(t_ms, (TrackedBox(1, (10, 10, 20, 40), 1.5, 4.0, "person", 0.9),))],
        )
        return tuple(final)

    def finish(self):
        return tuple(self.waiting)


class OneKind:
    """Takes every track for a settled pedestrian."""

    def road_users(self, followed):
        return tuple(RoadUser(b.track_id, RoadUserKind.PEDESTRIAN, b.x_m, b.y_m) for b in followed.boxes)


class Judges:
    """Rules that remember what they were shown."""

    def __init__(self):
        self.shown: list[Observation] = []

    def observe(self, observation):
        self.shown.append(observation)
        return Judged()

    def finish(self):
        return Judged()


def test_each_instant_is_judged_once_with_its_own_time_when_the_tracker_is_sure_of_it():
    rules = Judges()
    pipeline = Pipeline(Sees(), Measures(), FollowsLate(), OneKind(), rules)
    walker = RoadUser(1, RoadUserKind.PEDESTRIAN, 1.5, 4.0)
    assert pipeline.see(Frame(700, BLACK)) == (PERSON,)
    assert pipeline.follow(700, (PERSON,)) == ()
    assert pipeline.follow(800, (PERSON,)) == (Step(Observation(700, (walker,)), Judged()),)
    assert pipeline.rest() == (Step(Observation(800, (walker,)), Judged()),)
    assert rules.shown == [Observation(700, (walker,)), Observation(800, (walker,))]
    assert pipeline.finish() == Judged()
