"""From rows to sights: places that jitter are steadied, and numbers that may have been exchanged are marked. Pure.

Judged is ``look_ahead_s`` later, so that what comes next is known. A track's jitter is measured from the track itself:
the distance of each place from the straight line between its neighbours, in the median, since a turn is one such
distance and jitter is all of them. A track that does not jitter is left as it is, to the last bit. All tracks of an
instant are worked on at once, as arrays.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.geometry import PointM
from edge.observations import RoadUser
from edge.rules.exchange import exchanged
from edge.rules.params import TrackParams
from edge.rules.sight import Sight
from edge.rules.windows import NEVER_MS, Windows

Floats = NDArray[np.float64]
RAYLEIGH_MEDIAN: Final = 1.1774
"""The median length of a vector whose two parts are normal with sigma 1 (Rayleigh distribution)."""
SAMPLES_MIN: Final = 4
ASKED_EVERY_MS: Final = 140
ASKED_OF_JITTERY_MS: Final = 90


@dataclass(frozen=True, slots=True)
class Instant:
    """Everybody at one time, in the order of their numbers; ``places`` (n, 2) are those of the sights, in metres."""

    t_ms: int
    sights: tuple[Sight, ...]
    tracks: tuple[int, ...]
    places: Floats


@dataclass(frozen=True, slots=True)
class _Pending:
    t_ms: int
    users: tuple[RoadUser, ...]
    slots: NDArray[np.intp]
    places: Floats


class Steadier:
    """Holds ``look_ahead_s`` of everybody back, and hands out steadied instants in time order."""

    def __init__(self, params: TrackParams, forget_s: float) -> None:
        self._params = params
        self._windows = Windows(max(forget_s, params.look_ahead_s + params.steady_s))
        self._pending: deque[_Pending] = deque()
        self._asked_ms = NEVER_MS

    def take(self, t_ms: int, users: Sequence[RoadUser]) -> list[Instant]:
        """Take one time in, each track at most once; return the instants that are known well enough now."""
        places = np.array([[user.x_m for user in users], [user.y_m for user in users]]).T.copy()
        slots = self._windows.add(t_ms, [user.track_id for user in users], places)
        self._pending.append(_Pending(t_ms, tuple(users), slots, places))
        released = []
        while self._pending and self._pending[0].t_ms <= t_ms - self._params.look_ahead_s * 1000:
            released.append(self._steadied(self._pending.popleft()))
        self._windows.sweep(t_ms)  # not before: after a pause, what was held back needs the slots of who is gone
        return released

    def finish(self) -> list[Instant]:
        """Return the rest."""
        rest, self._pending = self._pending, deque()
        return [self._steadied(pending) for pending in rest]

    @property
    def tracks_held(self) -> int:
        """Return of how many tracks something is remembered."""
        return self._windows.held

    def comes_again(self, track_id: int, t_ms: int) -> bool:
        """Tell whether a track is seen after a time, in what is held back: it is hidden for a moment, and not lost."""
        return self._windows.last_ms(track_id) > t_ms

    def expected(self, lost: Mapping[int, Sight], t_ms: int) -> dict[int, PointM]:
        """Return where tracks that were last seen earlier would be by now, if they went straight on."""
        if not lost:
            return {}
        speeds_mps = self._windows.speeds_mps(list(lost)).tolist()
        return {
            track: (last.x_m + x_mps * (t_ms - last.t_ms) / 1000, last.y_m + y_mps * (t_ms - last.t_ms) / 1000)
            for (track, last), (x_mps, y_mps) in zip(lost.items(), speeds_mps, strict=True)
        }

    def _steadied(self, pending: _Pending) -> Instant:
        users, places = pending.users, pending.places
        tracks = tuple(user.track_id for user in users)
        if not users:
            return Instant(pending.t_ms, (), tracks, places)
        jitter_m = self._windows.jitter_m(pending.slots) / RAYLEIGH_MEDIAN
        jittery = np.flatnonzero(jitter_m >= self._params.jitter_m)
        swapped = self._exchanged(pending, jitter_m, exact=not len(jittery))
        off_m = np.zeros(len(users))
        if len(jittery):
            at = pending.slots[jittery], places[jittery], jitter_m[jittery]
            places[jittery], off_m[jittery] = self._fitted(pending.t_ms, *at)
        partner = {one: tracks[other] for one, other in swapped.items()}
        sights = tuple(
            Sight(pending.t_ms, x, y, user.kind, user.settled, user.identity, partner.get(number), off)
            for number, (user, (x, y), off) in enumerate(zip(users, places.tolist(), off_m.tolist(), strict=True))
        )
        return Instant(pending.t_ms, sights, tracks, places)

    def _exchanged(self, pending: _Pending, jitter_m: Floats, *, exact: bool) -> dict[int, int]:
        """Return whose numbers may have been exchanged; ``exact``: nobody jitters.

        Asked are the seconds before and after, so an exchange is seen for a while, and longest where places are exact:
        it is enough to ask now and then.
        """
        if pending.t_ms - self._asked_ms < (ASKED_EVERY_MS if exact else ASKED_OF_JITTERY_MS):
            return {}
        self._asked_ms = pending.t_ms
        at = pending.users, pending.slots, pending.places, jitter_m
        return exchanged(self._windows, pending.t_ms, at, self._params)

    def _fitted(self, t_ms: int, slots: NDArray[np.intp], places: Floats, jitter_m: Floats) -> tuple[Floats, Floats]:
        """Return the places by a straight line through what was seen just before and after, and how far they are off.

        A line through ``n`` even places is off by jitter / sqrt(n) in its middle; twice the jitter (in seconds) of time
        on either side keeps a walker's turn.
        """
        half_s = np.minimum(self._params.steady_s, 2 * jitter_m)[None, :, None]
        (line,) = self._windows.lines(t_ms, slots, (-half_s, half_s))
        known = line.count >= SAMPLES_MIN
        off_m = np.where(known, np.sqrt(line.place_var), 1.0) * jitter_m
        return np.where(known[:, None], line.places, places), off_m
