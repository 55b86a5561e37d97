"""Which detection continues which track, stage by stage: the surest first, and what is left to the next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from edge.tracking.association import overlaps, pairs
from edge.tracking.families import FAMILY_OF_LABEL, RIDDEN
from edge.tracking.motion import distances2
from edge.tracking.perspective import Perspective
from edge.tracking.settings import TrackerSettings
from edge.tracking.sights import Placed, Sights, place
from edge.tracking.track import Track

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LOST_OVERLAP = 0.1
"""By so much more must a weak detection overlap where a lost track would be."""
BEYOND_REACH = 1e3


@dataclass(slots=True)
class Paired:
    """The pairing of N tracks and M detections, and what it was chosen by: cost and allowed are (N, M)."""

    placed: Placed
    cost: Floats
    allowed: Bools
    matched: dict[int, int] = field(default_factory=dict)

    def stage(self, rows: Bools, columns: Bools, allowed: Bools) -> None:
        """Pair those of the given tracks (N,) and detections (M,) that are still free, as cheaply as is allowed."""
        free_rows = rows.copy()
        free_rows[list(self.matched)] = False
        free_columns = columns.copy()
        free_columns[list(self.matched.values())] = False
        self.matched.update(pairs(self.cost, allowed & free_rows[:, None] & free_columns[None]))


def pair(
    tracks: Sequence[Track],
    expected_xyxy_px: Floats,
    sights: Sights,
    t_ms: int,
    perspective: Perspective,
    settings: TrackerSettings,
) -> Paired:
    """Pair tracks, each with the box (N, 4) that is expected of it, and the detections of one frame."""
    placed = place(expected_xyxy_px, sights, perspective, settings)
    if not tracks or not sights.count:
        nothing = np.zeros((len(tracks), sights.count))
        return Paired(placed, nothing, nothing.astype(bool))
    overlap = overlaps(expected_xyxy_px, sights.boxes_xyxy_px)
    distance2 = distances2(
        np.array([track.motion.place_m for track in tracks]),
        np.array([track.motion.covariance[:2, :2] for track in tracks]),
        placed.places_m,
        placed.noises_m2,
    )
    cost = (1 - overlap) + settings.distance_weight * np.minimum(distance2, BEYOND_REACH)
    near = (distance2 < settings.gate) & (overlap > settings.overlap_min)
    own = _same_family(tracks, sights)
    paired = Paired(placed, cost, near & (own | _ridden(tracks, sights)))
    recent, lost, new = _ages(tracks, t_ms, settings)
    sure = sights.scores >= settings.sure_score_min
    well = near & (overlap > settings.weak_overlap_min)
    paired.stage(recent, sure, near & own)
    paired.stage(recent, ~sure, well & own)
    paired.stage(lost, sure, (distance2 < settings.lost_gate) & (overlap > 0) & own)
    paired.stage(new, sure, (well | (distance2 < settings.new_gate)) & own)
    paired.stage(lost, ~sure, near & (overlap > settings.weak_overlap_min + LOST_OVERLAP) & own)
    paired.stage(recent | new, sure, well & _ridden(tracks, sights))
    return paired


def _ages(tracks: Sequence[Track], t_ms: int, settings: TrackerSettings) -> tuple[Bools, Bools, Bools]:
    believed = np.array([track.confirmed for track in tracks])
    recent = np.array([track.unseen_s(t_ms) <= settings.recent_s for track in tracks])
    return believed & recent, believed & ~recent, ~believed


def _same_family(tracks: Sequence[Track], sights: Sights) -> Bools:
    mine = np.array([track.family.name for track in tracks])
    theirs = np.array([FAMILY_OF_LABEL[detection.label].name for detection in sights.detections])
    return np.asarray(mine[:, None] == theirs[None])


def _ridden(tracks: Sequence[Track], sights: Sights) -> Bools:
    """Tell which pairs are a rider's track and a detection of rider or machine, which flicker into each other."""
    mine = np.array([track.family in RIDDEN for track in tracks])
    theirs = np.array([FAMILY_OF_LABEL[detection.label] in RIDDEN for detection in sights.detections])
    return np.asarray(mine[:, None] & theirs[None])
