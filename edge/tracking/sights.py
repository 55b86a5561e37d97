"""From detections to places: where each detection would stand on the ground if it were a given track's. Pure numpy.

A box whose lower part is hidden ends too high, and its lower edge would put somebody metres away. Its upper edge and
the track's own height tell better where the feet are, so each pair of track and detection takes the estimate that
fits the track, with the more noise the less the heights agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from edge.observations import Detection
from edge.tracking.association import hidden_shares
from edge.tracking.perspective import Perspective
from edge.tracking.settings import TrackerSettings

Floats = NDArray[np.float64]
HEIGHT_AGREES = 0.12
"""Share of the track's height up to which the lower edge is believed."""
HEIGHT_NOISE = 0.3
"""How much of the difference of heights becomes noise of the foot."""


@dataclass(frozen=True, slots=True)
class Sights:
    """The detections of one frame as arrays, N of them: boxes (N, 4), scores and hidden shares (N,)."""

    detections: tuple[Detection, ...]
    boxes_xyxy_px: Floats
    scores: Floats
    hidden: Floats

    @classmethod
    def of(cls, detections: Sequence[Detection], settings: TrackerSettings) -> "Sights":
        """Take those that are strong enough to mean anything."""
        taken = tuple(d for d in detections if d.score >= settings.weak_score_min)
        boxes = np.array([d.box_xyxy_px for d in taken], dtype=np.float64).reshape(-1, 4)
        scores = np.array([d.score for d in taken], dtype=np.float64)
        return cls(taken, boxes, scores, hidden_shares(boxes, scores >= settings.sure_score_min))

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.detections)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where M detections would stand if they were each of N tracks': places (N, M, 2), noises (N, M, 2, 2)."""

    places_m: Floats
    noises_m2: Floats


def place(expected_xyxy_px: Floats, sights: Sights, perspective: Perspective, settings: TrackerSettings) -> Placed:
    """Place every detection for every track that expects a box (N, 4)."""
    expected_height = (expected_xyxy_px[:, 3] - expected_xyxy_px[:, 1])[:, None]
    boxes = sights.boxes_xyxy_px
    differs = np.abs((boxes[:, 3] - boxes[:, 1])[None] - expected_height)
    by_foot = np.broadcast_to(boxes[None, :, 3], differs.shape)
    by_head = boxes[None, :, 1] + expected_height
    foot_wanted = expected_xyxy_px[:, 3][:, None]
    nearer_by_head = np.abs(by_head - foot_wanted) < np.abs(by_foot - foot_wanted)
    down = np.where(nearer_by_head & (differs > HEIGHT_AGREES * expected_height), by_head, by_foot)
    side = np.broadcast_to(((boxes[:, 0] + boxes[:, 2]) / 2)[None], differs.shape)
    worse = 1 + settings.hidden_noise * sights.hidden[None]
    sigma_side = settings.foot_noise * expected_height * worse
    sigma_down = (settings.foot_noise * expected_height + HEIGHT_NOISE * differs) * worse
    feet = np.stack([side, down], axis=-1).reshape(-1, 2)
    sigmas = np.stack([np.broadcast_to(sigma_side, differs.shape), sigma_down], axis=-1).reshape(-1, 2)
    shape = differs.shape
    return Placed(
        perspective.to_metres(feet).reshape(*shape, 2), perspective.noise_m2(feet, sigmas).reshape(*shape, 2, 2)
    )
