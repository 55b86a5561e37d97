"""Yielding (礼让斑马线): did a vehicle let those on the crosswalk go first? A measure for the yield rate, never a case.

道交法 art. 47: before a crosswalk a vehicle slows down; it stops where people are passing. A vehicle meets a
pedestrian where it comes within ``near_m`` of a crosswalk on which, or entering which, somebody walks who has not yet
passed the place where both ways cross, and both are in that place within ``close_s``. Who comes second has yielded: the
time between the two is the post-encroachment time of traffic conflict studies (Allen, Shin and Cooper, 1978).
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from contract.words import RoadUserKind
from edge.observations import Judged, Yielding
from edge.rules.params import YieldingParams
from edge.rules.passage import Follower, Zone
from edge.rules.sight import Sight

VEHICLES: Final = frozenset({RoadUserKind.CAR, RoadUserKind.BUS, RoadUserKind.TRUCK})
ON_FOOT: Final = RoadUserKind.PEDESTRIAN
KEPT_S: Final = 60.0
"""How long somebody's way over the crosswalk is remembered: longer than a vehicle takes over it."""


@dataclass(slots=True)
class _Walk:
    """Somebody's way over the crosswalk: (ms, metres along it), at least one, of the last ``KEPT_S``."""

    track_id: int
    start_m: float
    way: deque[tuple[int, float]]

    def go(self, t_ms: int, along_m: float) -> None:
        """Take the next place in."""
        self.way.append((t_ms, along_m))
        while self.way[0][0] < t_ms - KEPT_S * 1000:
            self.way.popleft()

    def passes_ms(self, place_m: float) -> int | None:
        """Return when a place on the crosswalk was passed; None where it was not, or longer ago than is kept."""
        side = place_m >= self.start_m
        passed_ms = next((t_ms for t_ms, along_m in self.way if (place_m >= along_m) != side), None)
        return None if passed_ms == self.way[0][0] else passed_ms

    def at_m(self, t_ms: int) -> float:
        """Return where somebody was at a time, or nearest to it."""
        return min(self.way, key=lambda seen: abs(seen[0] - t_ms))[1]


@dataclass(slots=True)
class Crossers:
    """Everybody who walked over one crosswalk in the last minute; shared by all who follow somebody on it."""

    zone: Zone
    params: YieldingParams
    walks: list[_Walk] = field(default_factory=list)

    def begin(self, track_id: int, t_ms: int, along_m: float) -> _Walk:
        """Begin another way over the crosswalk, and forget whose last place is too old."""
        self.walks = [walk for walk in self.walks if walk.way[-1][0] >= t_ms - KEPT_S * 1000]
        self.walks.append(_Walk(track_id, along_m, deque([(t_ms, along_m)])))
        return self.walks[-1]

    def met(self, near_ms: int, through: Sight) -> tuple[float, float, int] | None:
        """Return (gap in s, distance in m, track) of whom a vehicle met that went through at ``through``."""
        place_m = self.zone.along_m(through.point)
        found = [meeting for walk in self.walks if (meeting := self._with(walk, place_m, near_ms, through.t_ms))]
        return min(found, key=lambda meeting: (meeting[0] > 0, abs(meeting[0]), meeting[2]), default=None)

    def _with(self, walk: _Walk, place_m: float, near_ms: int, through_ms: int) -> tuple[float, float, int] | None:
        if walk.way[-1][0] < max(near_ms, through_ms - self.params.close_s * 1000) or walk.way[0][0] > through_ms:
            return None
        passes_ms = walk.passes_ms(place_m)
        if passes_ms is None or passes_ms < near_ms:
            return None
        gap_s = (through_ms - passes_ms) / 1000
        if abs(gap_s) > self.params.close_s:
            return None
        return gap_s, abs(walk.at_m(through_ms) - place_m), walk.track_id


class Crosses:
    """Notes one pedestrian's ways over a crosswalk (edge.rules.passage.Follower)."""

    def __init__(self, track_id: int, crossers: Crossers) -> None:
        self.open = False
        self.accused: set[int | None] = set()
        self._track_id = track_id
        self._crossers = crossers
        self._walk: _Walk | None = None

    def see(self, before: Sight | None, sight: Sight) -> Judged | None:
        """Take one sight in; who was elsewhere meanwhile begins another way."""
        if sight.kind is not ON_FOOT or not self._crossers.zone.holds(sight.point):
            return None
        along_m = self._crossers.zone.along_m(sight.point)
        if self._walk is None or before is None or self._walk.way[-1][0] != before.t_ms:
            self._walk = self._crossers.begin(self._track_id, sight.t_ms, along_m)
        else:
            self._walk.go(sight.t_ms, along_m)
        return None

    def doubted(self, other: Follower, *, lost: bool) -> None:
        """It does not matter which pedestrian went first."""

    def end(self) -> Judged | None:
        """Nothing is said of a pedestrian."""
        self._walk = None
        return None


class Drives:
    """Follows one vehicle over a crosswalk (edge.rules.passage.Follower)."""

    def __init__(self, track_id: int, crossers: Crossers) -> None:
        self.open = False
        self.accused: set[int | None] = set()
        self._track_id = track_id
        self._crossers = crossers
        self._way: deque[Sight] = deque()
        self._inside: list[Sight] = []
        self._stuck = False
        self._out_ms: int | None = None

    def see(self, before: Sight | None, sight: Sight) -> Judged | None:  # noqa: ARG002 - the way is kept here
        """Take one sight in."""
        if self._out_ms is None:
            self._drive(sight)
        elif sight.t_ms - self._out_ms > self._crossers.params.close_s * 1000:
            return self.end()
        return None

    def doubted(self, other: Follower, *, lost: bool) -> None:
        """A measure names nobody."""

    def end(self) -> Judged | None:
        """Say whom the vehicle met, and who went first."""
        inside, way = self._inside, list(self._way)
        self._inside, self._out_ms, self.open = [], None, False
        self._way.clear()
        if not inside or inside[-1].kind not in VEHICLES:
            return None
        through, first = inside[len(inside) // 2], inside[0]
        met = self._crossers.met(self._near_ms(way, first), through)
        if met is None:
            return None
        gap_s, apart_m, pedestrian = met
        found = Yielding(
            track_id=self._track_id,
            user=through.kind,
            zone_id=self._crossers.zone.id,
            pedestrian_id=pedestrian,
            entered_ms=first.t_ms,
            yielded=gap_s > 0,
            gap_s=gap_s,
            distance_m=apart_m,
        )
        return Judged(yields=(found,))

    def _drive(self, sight: Sight) -> None:
        if self._crossers.zone.holds(sight.point):
            self._stand(sight)
        elif self._stuck:
            self._stuck = self.open = False
        elif self._inside:
            self._out_ms = sight.t_ms
        else:
            self._way.append(sight)
            while self._way[0].t_ms < sight.t_ms - KEPT_S * 1000:
                self._way.popleft()

    def _stand(self, sight: Sight) -> None:
        """Be on the crosswalk; of who is so for too long nothing is said, since whom they met is forgotten by then."""
        self.open = True
        if not self._stuck:
            self._inside.append(sight)
        if self._inside and sight.t_ms - self._inside[0].t_ms > 2 * KEPT_S * 1000:
            self._stuck = True
            self._inside.clear()
            self._way.clear()

    def _near_ms(self, way: list[Sight], first: Sight) -> int:
        """Return since when the vehicle was within ``near_m`` of the crosswalk, measured along its way."""
        left_m, later = self._crossers.params.near_m, first
        for sight in reversed(way):
            left_m -= ((sight.x_m - later.x_m) ** 2 + (sight.y_m - later.y_m) ** 2) ** 0.5
            if left_m < 0:
                break
            later = sight
        return later.t_ms
