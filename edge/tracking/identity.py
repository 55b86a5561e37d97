"""Whether a track is still who it began with: meetings raise doubts, looks settle them, lost tracks are found again.

Pure. Two doubts are kept apart: a pairing that might as well have been crossed (edge.tracking.doubts), and a person who
reappears (by colours, here). What cannot be settled stays a doubt, and no rule accuses on it.
"""

from collections.abc import Iterable, Sequence
from math import exp, hypot

import numpy as np
from numpy.typing import NDArray

from edge.tracking.association import covered
from edge.tracking.colours import Colours, apart
from edge.tracking.doubts import NOBODY
from edge.tracking.settings import IdentitySettings
from edge.tracking.track import Track

Floats = NDArray[np.float64]


def note_contacts(tracks: Sequence[Track], boxes_xyxy_px: Floats, t_ms: int, settings: IdentitySettings) -> None:
    """Put on trial who touches a believed track: their looks are not learnt until they are apart again."""
    if not tracks:
        return
    share = covered(boxes_xyxy_px, boxes_xyxy_px)
    touching = np.maximum(share, share.T) > settings.contact_share
    np.fill_diagonal(touching, val=False)
    for one, other in np.argwhere(touching).tolist():
        if not tracks[other].confirmed:
            continue
        look = tracks[one].look
        look.on_trial, look.contact_ms = True, t_ms
        look.fresh.clear()
        if tracks[other] not in look.met:
            look.met.append(tracks[other])


def note_look(track: Track, colours: Colours) -> None:
    """Take in an undisturbed sight: to be tried if the track is on trial, else to be remembered."""
    if track.look.on_trial:
        track.look.fresh.append(colours)
    else:
        track.look.memory.add(colours)


def verify(track: Track, t_ms: int, present: Sequence[Track], settings: IdentitySettings) -> None:
    """End a trial: does the track look as before, or like one it has met? Take numbers back where they are crossed."""
    look = track.look
    if not look.on_trial or len(look.fresh) < settings.clear_sights or t_ms - look.contact_ms < 1:
        return
    fresh = np.mean(look.fresh, axis=0)
    own = look.memory.distance(fresh)
    if own is not None and look.memory.sights >= settings.memory_sights:
        rivals = [
            (distance, other)
            for other in look.met
            if other in present
            and other.look.memory.sights >= settings.memory_sights
            and (distance := other.look.memory.distance(fresh)) is not None
        ]
        _weigh(
            track, own, [*((distance, other.key) for distance, other in rivals), (settings.stranger, NOBODY)], settings
        )
        if rivals:
            nearest, other = min(rivals, key=lambda rival: rival[0])
            if own > settings.swapped_own_min and nearest < own - settings.swapped_margin:
                _cross_back(track, other, settings)
    for colours in look.fresh:
        track.look.memory.add(colours)
    look.on_trial = False
    look.fresh.clear()
    look.met.clear()


def _weigh(track: Track, own: float, rivals: Iterable[tuple[float, int]], settings: IdentitySettings) -> None:
    """Weigh each doubt anew by how much more the track looks like itself than like the rival (Bayes)."""
    for distance, key in rivals:
        if key not in track.doubts:
            continue
        chance, since_ms = track.doubts[key]
        likelier = exp(min(max((own - distance) / settings.colour_scale, -20.0), 20.0))
        track.doubts[key] = (chance * likelier / (chance * likelier + 1 - chance), since_ms)


def _cross_back(track: Track, other: Track, settings: IdentitySettings) -> None:
    """Exchange what belongs to the person and not to the place; both stay doubtful."""
    track.number, other.number = other.number, track.number
    track.look.memory, other.look.memory = other.look.memory, track.look.memory
    for one in (track, other):
        one.certainty *= settings.relink_identity
        one.doubts.clear()
    other.look.on_trial = True
    other.look.fresh.clear()


def lost_like(track: Track, present: Sequence[Track], t_ms: int, settings: IdentitySettings) -> Track | None:
    """Return the lost track that a new one continues: within its reach, and looking like it."""
    looks = track.look.fresh or ([track.look.memory.mean] if track.look.memory.mean is not None else [])
    if not looks:
        return None
    seen = np.mean(looks, axis=0)
    candidates = [
        (apart(lost.look.memory.mean, seen), lost)
        for lost in present
        if lost.confirmed
        and lost.look.memory.mean is not None
        and lost.unseen_s(t_ms) >= settings.relink_gap_s
        and lost.seen_ms <= track.began_ms
        and _within_reach(lost, track, settings)
    ]
    if not candidates:
        return None
    distance, lost = min(candidates, key=lambda candidate: candidate[0])
    return lost if distance < settings.relink_distance_max else None


def _within_reach(lost: Track, track: Track, settings: IdentitySettings) -> bool:
    way = track.first_place_m - lost.seen_place_m
    gap_s = (track.began_ms - lost.seen_ms) / 1000
    return hypot(way[0], way[1]) <= settings.reach_m + settings.reach_mps * gap_s


def take_over(track: Track, lost: Track, settings: IdentitySettings) -> None:
    """Let a new track go on as the lost one: its number and its memory; and say how unsure that is."""
    track.number = lost.number
    lost.replaced_from_ms = track.began_ms
    memory = lost.look.memory
    if track.look.memory.mean is not None:
        memory.add(track.look.memory.mean)
    track.look.memory = memory
    track.certainty = lost.identity * settings.relink_identity
