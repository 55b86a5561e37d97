"""Follows road users from frame to frame on the ground plane, and says ``lag_s`` later where everybody was.

Each frame goes through: foretell where every track is; pair tracks and detections; correct the tracks; doubt, verify
and re-link who may have been taken for somebody else; begin new tracks; forget who is gone. Pure: the state is this
instance's, and time comes with the frames.
"""

from collections.abc import Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from edge.observations import Detection, Followed
from edge.tracking import doubts, identity, motion
from edge.tracking.families import FAMILY_OF_LABEL
from edge.tracking.history import History
from edge.tracking.pairing import Paired, pair
from edge.tracking.population import begun, gone, newcomers
from edge.tracking.settings import IdentitySettings, TrackerSettings
from edge.tracking.sights import Sights
from edge.tracking.track import Row, Track
from edge.tracking.view import View

Floats = NDArray[np.float64]
HEIGHT_TRUSTED = 0.2
"""A box whose height differs from the track's by less than this share shows the whole road user."""
FORGOTTEN_PER_S = 0.3
"""How fast an unseen track's score falls: by a factor of exp(-0.3) a second."""
SCORE_GAIN = 0.1


class GroundTracker:
    """One camera's tracker; its numbers begin at 1."""

    def __init__(
        self, view: View, settings: TrackerSettings | None = None, identities: IdentitySettings | None = None
    ) -> None:
        self._view = view
        self._settings = settings or TrackerSettings()
        self._identities = identities or IdentitySettings()
        self._history = History(self._settings, view.size_px)
        self._tracks: list[Track] = []
        self._keys, self._numbers = count(1), count(1)

    def update(self, t_ms: int, detections: Sequence[Detection]) -> tuple[Followed, ...]:
        """Take one frame's detections in; return the instants that are final now, oldest first."""
        sights = Sights.of([d for d in detections if d.label in FAMILY_OF_LABEL], self._settings)
        expected = self._foretell(t_ms)
        paired = pair(self._tracks, expected, sights, t_ms, self._view.perspective, self._settings)
        rows = self._correct(t_ms, sights, expected, paired)
        self._doubt(t_ms, rows, paired)
        rows += self._begin(t_ms, sights, set(paired.matched.values()), rows)
        self._say_how_sure(rows)
        self._history.note(t_ms, rows)
        self._tracks = [track for track, row in rows if not self._is_over(track, row)]
        doubts.forget_unbelieved([track for track, _ in rows], self._tracks)
        return tuple(self._history.final(t_ms))

    def finish(self) -> tuple[Followed, ...]:
        """Return what has not been said yet."""
        return tuple(self._history.rest())

    def _say_how_sure(self, rows: Sequence[tuple[Track, Row]]) -> None:
        unbelieved = {track.key: track for track, _ in rows if not track.confirmed}
        for track, row in rows:
            row.identity = track.identity_beside(unbelieved)
            row.rivals = tuple((unbelieved[k], chance) for k, (chance, _) in track.doubts.items() if k in unbelieved)

    def _foretell(self, t_ms: int) -> Floats:
        """Move every track on to this time, and return the box (N, 4) that each would have."""
        accelerations = [track.family.form.acceleration_mps2 for track in self._tracks]
        foretold = motion.predict([track.motion for track in self._tracks], t_ms, accelerations)
        for track, where in zip(self._tracks, foretold, strict=True):
            track.motion = where
        return self._boxes()

    def _boxes(self) -> Floats:
        """Return the box (N, 4) that each track has by its own place and size."""
        if not self._tracks:
            return np.zeros((0, 4))
        places_m = np.array([track.motion.place_m for track in self._tracks])
        return self._view.perspective.boxes_px(places_m, np.array([track.size_m for track in self._tracks]))

    def _correct(self, t_ms: int, sights: Sights, expected: Floats, paired: Paired) -> list[tuple[Track, Row]]:
        """Move each matched track to its sight, and return where everybody is.

        The box to say is the track's own with a share of the detection's, so that it neither trembles nor lags.
        """
        self._move(paired)
        sizes_m = self._view.sizes_m(sights.boxes_xyxy_px)
        own_shares = {}
        for index, track in enumerate(self._tracks):
            column = paired.matched.get(index)
            if column is None:
                self._miss(track, t_ms)
                continue
            whole = self._is_whole(sights.boxes_xyxy_px[column], expected[index])
            self._see(track, t_ms, sights, column, sizes_m[column] if whole or not track.confirmed else None)
            own_shares[index] = self._settings.smoothing if whole else 1.0
        own = self._boxes()
        rows = []
        for index, track in enumerate(self._tracks):
            column, share = paired.matched.get(index), own_shares.get(index)
            if column is None or share is None:
                row = Row(t_ms, expected[index], track.motion.place_m, None, None, track.unseen_s(t_ms))
            else:
                said = share * own[index] + (1 - share) * sights.boxes_xyxy_px[column]
                detection = sights.detections[column]
                row = Row(t_ms, said, track.motion.place_m, detection.label, detection.score)
            rows.append((track, row))
        return rows

    def _move(self, paired: Paired) -> None:
        """Move each matched track to where it was seen."""
        rows, columns = list(paired.matched), list(paired.matched.values())
        seen = [self._tracks[row] for row in rows]
        places_m, noises_m2 = paired.placed.places_m[rows, columns], paired.placed.noises_m2[rows, columns]
        for track, where in zip(seen, motion.update([t.motion for t in seen], places_m, noises_m2), strict=True):
            track.motion = where

    def _is_whole(self, box: Floats, expected: Floats) -> bool:
        """Tell whether a box shows the whole road user: it is as tall as was expected."""
        wanted = expected[3] - expected[1]
        return bool(abs(box[3] - box[1] - wanted) < HEIGHT_TRUSTED * wanted)

    def _miss(self, track: Track, t_ms: int) -> None:
        track.score *= float(np.exp(-FORGOTTEN_PER_S * (t_ms - track.touched_ms) / 1000))
        track.touched_ms = t_ms
        track.look.on_trial = True
        if track.unseen_s(t_ms) > self._identities.relink_gap_s:
            track.look.fresh.clear()

    def _see(self, track: Track, t_ms: int, sights: Sights, column: int, size_m: Floats | None) -> None:
        """Take one sight in; ``size_m`` (2,) where the box shows the whole road user."""
        detection = sights.detections[column]
        doubts.note_gap(track, t_ms, self._identities)
        track.seen_ms = track.touched_ms = t_ms
        track.seen_place_m = track.motion.place_m
        track.sights += 1
        track.labels[detection.label] += 1
        track.score += min(SCORE_GAIN, 1 / track.sights) * (detection.score - track.score)
        if size_m is not None:
            gain = max(self._settings.size_gain, 1 / track.sights)
            track.size_m = track.size_m + gain * (size_m - track.size_m)
        if detection.colours is not None and sights.hidden[column] <= self._identities.visible_hidden_max:
            identity.note_look(track, detection.colours)

    def _doubt(self, t_ms: int, rows: Sequence[tuple[Track, Row]], paired: Paired) -> None:
        scale = self._identities.margin_scale
        chances = doubts.crossed_chances(paired.cost, paired.allowed, paired.matched, scale)
        doubts.note_doubts(self._tracks, chances, t_ms, self._identities)
        boxes = np.array([row.box_xyxy_px for _, row in rows]).reshape(-1, 4)
        identity.note_contacts(self._tracks, boxes, t_ms, self._identities)
        for track in self._tracks:
            if not track.confirmed:
                self._believe(track, t_ms)
            elif track.seen_ms == t_ms:
                identity.verify(track, t_ms, self._tracks, self._identities)

    def _believe(self, track: Track, t_ms: int) -> None:
        """Give a number to a track that has been seen long enough: its own, or that of the lost one it continues."""
        old_enough = t_ms - track.began_ms >= self._settings.confirm_s * 1000
        if track.sights < self._settings.confirm_sights or not old_enough:
            return
        lost = identity.lost_like(track, self._tracks, t_ms, self._identities)
        if lost is None:
            track.number = next(self._numbers)
        else:
            identity.take_over(track, lost, self._identities)

    def _begin(
        self, t_ms: int, sights: Sights, taken: set[int], rows: Sequence[tuple[Track, Row]]
    ) -> list[tuple[Track, Row]]:
        present = [(track.family, row.box_xyxy_px) for track, row in rows]
        new = []
        for column in newcomers(sights, taken, present, self._settings):
            detection = sights.detections[column]
            track = begun(next(self._keys), t_ms, detection, self._view, self._settings)
            if track is not None:
                box = sights.boxes_xyxy_px[column]
                new.append((track, Row(t_ms, box, track.motion.place_m, detection.label, detection.score)))
        return new

    def _is_over(self, track: Track, row: Row) -> bool:
        replaced = track.replaced_from_ms is not None
        return replaced or gone(track, row.box_xyxy_px, row.t_ms, self._view, self._settings)
