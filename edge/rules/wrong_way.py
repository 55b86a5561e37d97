"""Riding the wrong way (code 2004): in a lane, against its direction, at riding speed, for long enough.

道交法 arts. 35 and 57: keep right; non-motor vehicles in their lane, or at the right edge. 北京市实施办法 art. 85(3).
实施条例 art. 70: who pushes a bicycle counts as a person on foot.

A violation needs all of: a rider inside the lane; against the direction that the scene gives it, so that it holds where
most of the traffic is wrong; at ``riding_mps`` or more, taken over ``pace_s``; for ``distance_m`` and ``duration_s`` in
one go. So pushing, weaving, turning around, crossing the lane and riding a path beside it are none, nor is anything on
a lane that is ``two_way`` or lies over another lane of the rider's direction.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from contract.words import LampState, RoadUserKind, ViolationKind, ZoneKind
from edge.observations import Judged, Passage, Violation
from edge.rules.court import Court
from edge.rules.lane import LaneZone
from edge.rules.params import WrongWayParams
from edge.rules.passage import Certainty, Follower, answers_for
from edge.rules.reasons import VERDICTS, Reason
from edge.rules.sight import Sight, way_unknown

KIND: Final = ViolationKind.WRONG_WAY
VERSION: Final = 1
RIDER: Final = RoadUserKind.RIDER


@dataclass(slots=True)
class _Ride:
    """A ride against the lane that has not ended."""

    begin: Sight
    from_m: float
    who: Certainty
    good_ms: int
    reach_m: float = 0.0


@dataclass(slots=True)
class _Stay:
    """Somebody's time in the lane."""

    first: Sight
    from_m: float
    last: Sight
    who: Certainty
    outside_since_ms: int | None = None
    against_m: float = 0.0
    reason: Reason | None = None
    pace: deque[tuple[int, float]] = field(default_factory=deque)

    def pace_mps(self, t_ms: int, against_m: float, pace_s: float) -> float | None:
        """Take a place in; return the speed against the lane over the last ``pace_s``, None where too little is known.

        ``against_m`` is the coordinate against the lane.
        """
        pace, since_ms = self.pace, t_ms - pace_s * 1000
        pace.append((t_ms, against_m))
        while len(pace) > 2 and pace[1][0] <= since_ms:
            pace.popleft()
        first_ms, first_m = pace[0]
        return None if t_ms <= first_ms else (against_m - first_m) * 1000 / (t_ms - first_ms)


class InLane:
    """Follows one track in one lane (edge.rules.passage.Follower)."""

    def __init__(self, track_id: int, zone: LaneZone, court: Court, params: WrongWayParams) -> None:
        self.open = False
        self.accused: set[int | None] = set()
        self._track_id = track_id
        self._zone = zone
        self._court = court
        self._params = params
        self._stay: _Stay | None = None
        self._ride: _Ride | None = None

    def see(self, before: Sight | None, sight: Sight) -> Judged | None:  # noqa: ARG002 - a lane needs no entry
        """Take one sight in."""
        inside = self._zone.holds(sight.point)
        stay = self._stay
        if stay is None:
            if inside:
                self._begin(sight)
            return None
        if not inside:
            return self._outside(stay, sight)
        return self._inside(stay, sight)

    def doubted(self, other: Follower, *, lost: bool) -> None:  # noqa: ARG002 - either way
        """Nobody is accused twice for one act; the sights say the rest."""
        self.accused = answers_for(self.accused, other.accused)

    def end(self) -> Judged | None:
        """Close what is open."""
        stay, self._stay, self._ride, self.open = self._stay, None, None, False
        return None if stay is None else self._closed(stay)

    def _begin(self, sight: Sight) -> None:
        from_m = self._zone.against_m(sight.point)
        self._stay = stay = _Stay(sight, from_m, sight, Certainty(sight.identity, self._params.identity_min))
        self.open = True
        stay.who.note(sight)
        stay.pace_mps(sight.t_ms, from_m, self._params.pace_s)

    def _outside(self, stay: _Stay, sight: Sight) -> Judged | None:
        if stay.outside_since_ms is None:
            stay.outside_since_ms = stay.last.t_ms
        if sight.t_ms - stay.outside_since_ms <= self._params.pause_s * 1000:
            return None
        return self.end()

    def _inside(self, stay: _Stay, sight: Sight) -> Judged | None:
        unknown = way_unknown(stay.last, sight, self._params.track_gap_s)
        stay.last, stay.outside_since_ms = sight, None
        stay.who.note(sight)
        against_m = self._zone.against_m(sight.point)
        stay.against_m = max(stay.against_m, against_m - stay.from_m)
        if unknown or sight.exchanged_with is not None or self._zone.lawful_here(sight.point):
            self._ride = None  # what was ridden before may have been somebody else's, or was lawful
            stay.pace.clear()
        pace_mps = stay.pace_mps(sight.t_ms, against_m, self._params.pace_s)
        if pace_mps is None or pace_mps < self._params.riding_mps:
            self._slow(sight)
            return None
        return self._rides(stay, sight, against_m)

    def _slow(self, sight: Sight) -> None:
        if self._ride is not None and sight.t_ms - self._ride.good_ms > self._params.pause_s * 1000:
            self._ride = None

    def _rides(self, stay: _Stay, sight: Sight, against_m: float) -> Judged | None:
        ride = self._ride
        if ride is None:
            t_ms, from_m = stay.pace[0]
            begin = sight._replace(t_ms=t_ms)
            ride = self._ride = _Ride(begin, from_m, Certainty(sight.identity, self._params.identity_min), sight.t_ms)
        ride.good_ms = sight.t_ms
        ride.who.note(sight)
        ride.reach_m = max(ride.reach_m, against_m - ride.from_m)
        long_enough = sight.t_ms - ride.begin.t_ms >= self._params.duration_s * 1000
        if stay.reason is not None or ride.reach_m < self._params.distance_m or not long_enough:
            return None
        return self._accuse(stay, ride, sight)

    def _accuse(self, stay: _Stay, ride: _Ride, sight: Sight) -> Judged | None:
        if next(ride.who.doubts(RIDER), None) or self._court.handed_off(ride.begin.t_ms, sight.t_ms):
            return None
        if self.accused:
            stay.reason = Reason.SAME_ACT
            return None
        stay.reason = Reason.AGAINST_THE_LANE
        self.accused.add(ride.begin.t_ms)
        violation = Violation(
            kind=KIND,
            track_id=self._track_id,
            zone_id=self._zone.lane.id,
            signal_id=None,
            entered_ms=ride.begin.t_ms,
            confirmed_ms=sight.t_ms,
            measure=ride.reach_m,
            user=RIDER,
            entered_at_m=ride.begin.point,
        )
        return Judged(violations=(violation,))

    def _reason(self, stay: _Stay, kind: RoadUserKind) -> Reason:
        if stay.reason is not None:
            return stay.reason
        if kind is not RIDER or stay.against_m < self._params.distance_m:
            return Reason.WITH_THE_LANE if stay.against_m < self._params.use_m else Reason.SHORT_OR_SLOW
        handed_off = self._court.handed_off(stay.first.t_ms, stay.last.t_ms)
        return handed_off or next(stay.who.doubts(RIDER), Reason.SHORT_OR_SLOW)

    def _closed(self, stay: _Stay) -> Judged | None:
        kind = stay.who.kind or stay.last.kind
        along_m = abs(self._zone.against_m(stay.last.point) - stay.from_m)
        if stay.reason is None and max(along_m, stay.against_m) < self._params.use_m:
            return None
        reason = self._reason(stay, kind)
        closed = Passage(
            track_id=self._track_id,
            user=kind,
            zone_kind=ZoneKind.LANE,
            zone_id=self._zone.lane.id,
            signal_id=None,
            entered_ms=stay.first.t_ms,
            left_ms=stay.last.t_ms,
            lamp_at_entry=LampState.UNKNOWN,
            advance_m=max(along_m, stay.against_m),
            verdict=VERDICTS[reason],
            reason=reason.value,
        )
        return Judged(passages=(closed,))
