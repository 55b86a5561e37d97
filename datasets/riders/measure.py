"""Plays the stories to the edge's own detector, tracker and kinds, and says what they made of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from calibration.scene import Scene
from contract.words import RoadUserKind
from datasets.remix.values import STEP_MS
from datasets.riders.playing import Story
from edge.assembly import riders_lanes, view_of
from edge.colours import ClothesColours
from edge.observations import BoxXyxyPx, Detection, Followed, Observation, RoadUser
from edge.pipeline import Detector
from edge.road_users.evidence import MACHINE_LABELS
from edge.road_users.users import RoadUsers
from edge.tracking.settings import TrackerSettings
from edge.tracking.tracker import GroundTracker

SEEN_SCORE: Final = TrackerSettings().sure_score_min
INSIDE_MIN: Final = 0.6
"""A detection is of the figure when so much of it lies in the figure's box."""
NEAR_M: Final = 1.5


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one story; shares are of its frames.

    ``seen_as`` counts frames by what the detector surely saw there: person, machine, both, neither. ``settled_s`` is
    when the kind was first settled as it should be, from the first frame; ``wrong`` are frames settled as another.
    """

    name: str
    frames: int
    seen_as: dict[str, float]
    settled_s: float | None
    wrong: int
    alone: float
    foot_error_m: float | None
    kinds: dict[str, int]


def tell(story: Story, scene: Scene, detector: Detector) -> Told:
    """Play one story."""
    if scene.ground is None:
        raise ValueError("expected a scene with a ground")
    tracker, users = GroundTracker(view_of(scene, scene.ground)), RoadUsers(riders_lanes(scene))
    colours = ClothesColours()
    seen_as: Counter[str] = Counter()
    instants: list[Followed] = []
    for index, frame in enumerate(story.frames()):
        found = detector.detect(frame.picture_bgr)
        seen_as[_seen_as(found, story.clip.boxes_px[index])] += 1
        instants += tracker.update(frame.t_ms, colours.measured(frame.picture_bgr, found))
    instants += tracker.finish()
    observations = [Observation(instant.t_ms, users.road_users(instant)) for instant in instants]
    return _told(story, seen_as, observations)


def _seen_as(found: Sequence[Detection], box: BoxXyxyPx | np.ndarray) -> str:
    labels = {one.label for one in found if one.score >= SEEN_SCORE and _inside(one.box_xyxy_px, box) >= INSIDE_MIN}
    person, machine = "person" in labels, bool(labels & MACHINE_LABELS)
    return {(True, True): "both", (True, False): "person", (False, True): "machine"}.get((person, machine), "neither")


def _inside(box: BoxXyxyPx, figure: BoxXyxyPx | np.ndarray) -> float:
    wide = max(0.0, min(box[2], figure[2]) - max(box[0], figure[0]))
    tall = max(0.0, min(box[3], figure[3]) - max(box[1], figure[1]))
    return float(wide * tall / ((box[2] - box[0]) * (box[3] - box[1])))


def _told(story: Story, seen_as: Counter[str], observations: Sequence[Observation]) -> Told:
    frames = len(story.clip.cutouts)
    near = [(one.t_ms, _near(one, story)) for one in observations]
    right = [t_ms for t_ms, users in near if any(user.settled and user.kind is story.kind for user in users)]
    wrong = sum(any(user.settled and user.kind is not story.kind for user in users) for _, users in near)
    errors = [_error_m(user, story, t_ms) for t_ms, users in near for user in users[:1]]
    kinds = Counter(user.kind.value for one in observations for user in one.road_users if user.settled and user.seen)
    return Told(
        name=story.name,
        frames=frames,
        seen_as={name: round(seen_as[name] / frames, 3) for name in ("person", "machine", "both", "neither")},
        settled_s=min(right) / 1000 if right else None,
        wrong=wrong if story.kind is not None else 0,
        alone=round(sum(len(users) == 1 for _, users in near) / frames, 3),
        foot_error_m=round(median(errors), 3) if errors else None,
        kinds=dict(kinds),
    )


def _near(observation: Observation, story: Story) -> list[RoadUser]:
    """Return who is said to be where the figure is, the nearest first."""
    there = [(_error_m(user, story, observation.t_ms), user) for user in observation.road_users if user.seen]
    return [user for error_m, user in sorted(there, key=lambda one: one[0]) if error_m <= NEAR_M]


def _error_m(user: RoadUser, story: Story, t_ms: int) -> float:
    foot_m = story.clip.feet_m[t_ms // STEP_MS]
    return float(np.hypot(user.x_m - foot_m[0], user.y_m - foot_m[1]))


def riders_among(told: Told) -> int:
    """Return in how many sights somebody was settled to be a rider."""
    return told.kinds.get(RoadUserKind.RIDER.value, 0)
