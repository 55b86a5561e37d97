"""From boxes to road users: which box is a pedestrian, a rider or a vehicle, and where each touches the ground.

Pure. The kind given here is one frame's opinion; a rule that accuses must see it settled over the whole track.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from contract.words import RoadUserKind
from edge.observations import BoxXyxyPx, Detection, RoadUser, TrackedBox

KIND_OF_LABEL: Final = {
    "person": RoadUserKind.PEDESTRIAN,
    "car": RoadUserKind.CAR,
    "bus": RoadUserKind.BUS,
    "truck": RoadUserKind.TRUCK,
}
TWO_WHEELERS: Final = frozenset({"bicycle", "motorcycle"})
RIDDEN_SHARE_MIN: Final = 0.3
"""A person is taken for a rider when at least this share of a two-wheeler's box lies inside the person's."""

ToMetres = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""(N, 2) pixels -> (N, 2) metres; a point at or over the horizon becomes NaN."""


def followed(detections: Sequence[Detection]) -> tuple[Detection, ...]:
    """Return the detections that a tracker should follow: people and vehicles, not machines without their rider."""
    return tuple(detection for detection in detections if detection.label in KIND_OF_LABEL)


def road_users(
    tracked: Sequence[TrackedBox], detections: Sequence[Detection], to_metres: ToMetres
) -> tuple[RoadUser, ...]:
    """Place every tracked box on the ground by the middle of its lower edge.

    Args:
        tracked: boxes with their track's number.
        detections: all boxes of the same frame, for the machines that people ride.
        to_metres: the ground plane of the scene.
    """
    if not tracked:
        return ()
    machines = [d.box_xyxy_px for d in detections if d.label in TWO_WHEELERS]
    feet_px = np.array([_foot_px(box.detection.box_xyxy_px) for box in tracked], dtype=np.float64)
    users = (
        RoadUser(
            track_id=box.track_id,
            kind=_kind(box.detection, machines),
            x_m=float(x_m),
            y_m=float(y_m),
            box_xyxy_px=box.detection.box_xyxy_px,
            score=box.detection.score,
        )
        for box, (x_m, y_m) in zip(tracked, to_metres(feet_px), strict=True)
    )
    return tuple(user for user in users if np.isfinite(user.x_m) and np.isfinite(user.y_m))


def _foot_px(box: BoxXyxyPx) -> tuple[float, float]:
    x1, _, x2, y2 = box
    return (x1 + x2) / 2, y2


def _kind(detection: Detection, machines: Sequence[BoxXyxyPx]) -> RoadUserKind:
    kind = KIND_OF_LABEL[detection.label]
    if kind is RoadUserKind.PEDESTRIAN and any(_share(m, detection.box_xyxy_px) >= RIDDEN_SHARE_MIN for m in machines):
        return RoadUserKind.RIDER
    return kind


def _share(inner: BoxXyxyPx, outer: BoxXyxyPx) -> float:
    """Return which part of ``inner``'s area lies in ``outer``, 0 to 1."""
    width = min(inner[2], outer[2]) - max(inner[0], outer[0])
    height = min(inner[3], outer[3]) - max(inner[1], outer[1])
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return width * height / area if width > 0 and height > 0 and area > 0 else 0.0
