"""The tracker port on ByteTrack (Zhang et al., ECCV 2022) as the package ``trackers`` keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import supervision
from trackers import ByteTrackTracker

from edge.observations import Detection, TrackedBox

NOT_YET_A_TRACK = -1


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """The tracker's thresholds; time in seconds, never in frames."""

    lost_s: float = 1.0
    new_track_score_min: float = 0.5
    sure_score_min: float = 0.4
    iou_min: float = 0.1


class ByteTracker:
    """Follows boxes by their overlap; predicts with the real time between frames, so dropped frames do no harm."""

    def __init__(self, settings: TrackerSettings | None = None) -> None:
        settings = settings or TrackerSettings()
        self._tracker = ByteTrackTracker(
            lost_track_buffer=round(settings.lost_s * 30),  # the package counts frames of 1/30 s
            track_activation_threshold=settings.new_track_score_min,
            high_conf_det_threshold=settings.sure_score_min,
            minimum_iou_threshold=settings.iou_min,
        )

    def update(self, t_ms: int, detections: Sequence[Detection]) -> tuple[TrackedBox, ...]:
        """Return the detections that belong to a confirmed track."""
        found = self._tracker.update(_as_arrays(detections), timestamp=t_ms / 1000)
        numbers = () if found.tracker_id is None else found.tracker_id
        indices = found.data.get("index", ())
        return tuple(
            TrackedBox(int(number), detections[int(index)])
            for number, index in zip(numbers, indices, strict=True)
            if number != NOT_YET_A_TRACK
        )


def _as_arrays(detections: Sequence[Detection]) -> supervision.Detections:
    """Return the boxes as parallel arrays: xyxy (N, 4) float32, confidence (N,) float32, and where each came from."""
    return supervision.Detections(
        xyxy=np.array([d.box_xyxy_px for d in detections], dtype=np.float32).reshape(-1, 4),
        confidence=np.array([d.score for d in detections], dtype=np.float32),
        data={"index": np.arange(len(detections))},
    )
