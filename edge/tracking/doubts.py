"""Doubts whether a track is still who it began with, from how its detections might have been paired. Pure.

A pairing of tracks and detections that might as well have been crossed is doubted by its cost; what then becomes of a
doubt is decided by looks (edge.tracking.identity). No rule accuses on what stays doubtful.
"""

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from edge.tracking.families import Family
from edge.tracking.settings import IdentitySettings
from edge.tracking.track import Track

Floats = NDArray[np.float64]
RIDER_AND_MACHINE = (Family.PERSON, Family.TWO_WHEELER)
NOBODY = 0
"""The key of a doubt that concerns no other track."""
COMPANY_M = 2.0
COMPANY_MPS = 1.5
"""Rider and machine: their feet and wheels are so near, and they move alike; a machine that stands is nobody's."""
DOUBT_MIN = 0.02
"""Chances below are none."""


def companions(tracks: Sequence[Track]) -> NDArray[np.bool_]:
    """Return (N, N) who is a rider and who the machine under them, as far as motion tells.

    Their boxes lie in one another, so their detections might always be exchanged: it changes nobody's number, since
    both are one road user.
    """
    if not tracks:
        return np.zeros((0, 0), dtype=bool)
    means = np.array([track.motion.mean for track in tracks])
    apart_m = np.linalg.norm(means[:, None, :2] - means[None, :, :2], axis=2)
    apart_mps = np.linalg.norm(means[:, None, 2:] - means[None, :, 2:], axis=2)
    riding = np.linalg.norm(means[:, 2:], axis=1) > COMPANY_MPS
    together = (apart_m < COMPANY_M) & (apart_mps < COMPANY_MPS) & riding[:, None] & riding[None]
    on_foot, machine = (np.array([track.family is family for track in tracks]) for family in RIDER_AND_MACHINE)
    return np.asarray(together & (on_foot[:, None] & machine | machine[:, None] & on_foot))


def crossed_chances(cost: Floats, allowed: NDArray[np.bool_], matched: dict[int, int], scale: float) -> Floats:
    """Return (N, N) how likely it is that two tracks' detections belong the other way round.

    Args:
        cost: (N, M) of every track and detection.
        allowed: (N, M) which are possible at all.
        matched: the detection of each matched track.
        scale: how much cheaper the chosen pairing is when it is e times as likely.
    """
    count = len(cost)
    chances = np.zeros((count, count))
    for one, mine in matched.items():
        for other in range(count):
            if other == one or not allowed[other, mine]:
                continue
            theirs = matched.get(other)
            if theirs is not None and not allowed[one, theirs]:
                continue
            chosen = cost[one, mine] + (0.0 if theirs is None else cost[other, theirs])
            crossed = cost[other, mine] + (0.0 if theirs is None else cost[one, theirs])
            chance = 1 / (1 + exp(min(max((crossed - chosen) / scale, -50.0), 50.0)))
            chances[one, other] = chances[other, one] = max(chances[one, other], chance)
    return chances


def note_doubts(tracks: Sequence[Track], chances: Floats, t_ms: int, settings: IdentitySettings) -> None:
    """Let each believed track remember the worst chance of every meeting, and close meetings that are over.

    A meeting of a rider with their own machine is none, also where they had not yet been known as such.
    """
    together = companions(tracks)
    chances = np.where(together, 0.0, chances)
    for index, track in enumerate(tracks):
        for other in np.flatnonzero(together[index]).tolist():
            track.doubts.pop(tracks[other].key, None)
        for other in np.flatnonzero(chances[index] > DOUBT_MIN).tolist():
            _doubt(track, tracks[other].key, float(chances[index, other]), t_ms)
        for key, (chance, since_ms) in list(track.doubts.items()):
            if t_ms - since_ms > settings.episode_s * 1000 and not track.look.on_trial:
                del track.doubts[key]
                track.certainty *= 1 - chance


def forget_unbelieved(before: Sequence[Track], after: Sequence[Track]) -> None:
    """Take back the doubts that a track raised which was given up before anybody believed in it.

    Most are a second box on the same road user. Somebody who had really been taken for another would have stayed.
    """
    staying = {track.key for track in after}
    for given_up in (track for track in before if not track.confirmed and track.key not in staying):
        for track in after:
            track.doubts.pop(given_up.key, None)


def note_gap(track: Track, t_ms: int, settings: IdentitySettings) -> None:
    """Doubt a track that was unseen for long before this sight: somebody else may stand where it was expected."""
    if track.unseen_s(t_ms) > settings.gap_s:
        _doubt(track, NOBODY, settings.gap_chance, t_ms)


def _doubt(track: Track, key: int, chance: float, t_ms: int) -> None:
    worst, _ = track.doubts.get(key, (0.0, 0))
    track.doubts[key] = (max(worst, chance), t_ms)
