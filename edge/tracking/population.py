"""Who begins to be followed and who is given up. Pure functions on tracks."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from edge.observations import Detection
from edge.tracking import motion
from edge.tracking.association import covered, overlaps
from edge.tracking.families import FAMILY_OF_LABEL, Family
from edge.tracking.settings import TrackerSettings
from edge.tracking.sights import Sights
from edge.tracking.track import Track
from edge.tracking.view import View, feet_px

Floats = NDArray[np.float64]
VISIBLE_MIN = 0.7
"""An unseen track of which less would be in the picture has left it."""


def newcomers(
    sights: Sights, taken: set[int], present: Iterable[tuple[Family, Floats]], settings: TrackerSettings
) -> Iterator[int]:
    """Give the strong detections that are nobody's and no double of anybody's, the best first.

    Args:
        sights: the detections of one frame.
        taken: those that have continued a track.
        present: the family and the box of every track.
        settings: thresholds.
    """
    known = list(present)
    for column in np.argsort(-sights.scores, kind="stable").tolist():
        if column in taken or sights.scores[column] < settings.new_score_min:
            continue
        family = FAMILY_OF_LABEL[sights.detections[column].label]
        kin = np.array([box for whose, box in known if whose is family]).reshape(-1, 4)
        if not _is_double(sights.boxes_xyxy_px[column], kin, settings):
            known.append((family, sights.boxes_xyxy_px[column]))
            yield column


def _is_double(box: Floats, kin: Floats, settings: TrackerSettings) -> bool:
    if not len(kin):
        return False
    overlap, share = overlaps(box[None], kin).max(), covered(box[None], kin).max()
    return bool(overlap > settings.double_overlap or share > settings.double_covered)


def begun(key: int, t_ms: int, detection: Detection, view: View, settings: TrackerSettings) -> Track | None:
    """Return a new track, or None where the detection stands nowhere, is watched by nobody or has no likely height."""
    box = np.array(detection.box_xyxy_px)
    foot = feet_px(box[None])
    place_m = view.perspective.to_metres(foot)[0]
    if not np.isfinite(place_m).all() or not view.on_watch((float(place_m[0]), float(place_m[1]))):
        return None
    family = FAMILY_OF_LABEL[detection.label]
    size_m = view.sizes_m(box[None])[0]
    low_m, high_m = family.form.height_m
    if not low_m < size_m[1] < high_m:
        return None
    sigma_px = np.full((1, 2), settings.foot_noise * (box[3] - box[1]))
    noise_m2 = view.perspective.noise_m2(foot, sigma_px)[0]
    track = Track(
        key=key,
        family=family,
        motion=motion.begin(t_ms, place_m, noise_m2, family.form.speed_sigma_mps),
        size_m=size_m,
        score=detection.score,
        began_ms=t_ms,
        seen_ms=t_ms,
        touched_ms=t_ms,
        first_place_m=place_m,
        seen_place_m=place_m,
    )
    track.labels[detection.label] += 1
    if detection.colours is not None:
        track.look.memory.add(detection.colours)
    return track


def gone(track: Track, box_xyxy_px: Floats, t_ms: int, view: View, settings: TrackerSettings) -> bool:
    """Tell whether a track is given up: too long unseen, out of the picture or of what is watched, or never strong."""
    unseen_s = track.unseen_s(t_ms)
    if unseen_s > (settings.lost_s if track.confirmed else settings.tentative_s):
        return True
    if track.score < settings.mean_score_min or not np.isfinite(box_xyxy_px).all():
        return True
    centre = (box_xyxy_px[:2] + box_xyxy_px[2:]) / 2
    if not (0 < centre[0] < view.size_px[0] and 0 < centre[1] < view.size_px[1]):
        return True
    if unseen_s > 0 and view.visible_share(box_xyxy_px) < VISIBLE_MIN:
        return True
    place_m = track.motion.place_m
    return not view.on_watch((float(place_m[0]), float(place_m[1])))
