"""The engine keeps who is dealing with which zone, and lets each instant be seen; it decides nothing itself. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import dist

from calibration.scene import Scene
from contract.evidence import RuleApplied
from contract.words import RoadUserKind, ViolationKind
from edge.observations import Judged, Observation, RoadUser, together
from edge.rules.catalog import rules_applied, watched_in
from edge.rules.court import Court
from edge.rules.outlines import Outlines
from edge.rules.params import TrackParams
from edge.rules.passage import Follower, answers_for
from edge.rules.rows import once_each
from edge.rules.sight import Sight
from edge.rules.steady import Instant, Steadier
from edge.signals.hand_off import HandOff
from edge.signals.timeline import Signals

STRAYS_MPS = 1.5
"""By how much more than ``resume_m`` a lost road user may be off, for each second unseen."""


@dataclass(slots=True)
class _Track:
    """One number: its last sight, and what follows it in each zone that it came near to."""

    number: int
    last: Sight
    following: dict[int, Follower] = field(default_factory=dict)


class RuleEngine:
    """Judges one camera's observations, ``look_ahead_s`` after each.

    Its memory is bounded by who was seen in the last ``forget_s`` seconds.
    """

    def __init__(self, scene: Scene, signals: Signals, hand_off: HandOff | None = None) -> None:
        self._rules = rules_applied(scene.rules)
        self._zones = watched_in(scene, Court(signals, HandOff() if hand_off is None else hand_off))
        self._where = Outlines([zone.from_m for zone in self._zones])
        self._concerned = {
            (kind, settled): frozenset(n for n, zone in enumerate(self._zones) if zone.concerns(kind, settled=settled))
            for kind in RoadUserKind
            for settled in (True, False)
        }
        self._params = TrackParams.of("tracks", scene.rules)
        forget_s = self._rules[ViolationKind.PEDESTRIAN_RED_LIGHT].parameters["forget_s"]
        self._forget_ms = forget_s * 1000
        self._steadier = Steadier(self._params, forget_s)
        self._tracks: dict[int, _Track] = {}
        self._now_ms: int | None = None
        self._now: list[RoadUser] = []

    def observe(self, observation: Observation) -> Judged:
        """Take one instant in. Raises ValueError where a time goes back."""
        t_ms, judged = observation.t_ms, list[Judged]()
        if self._now_ms is not None and t_ms < self._now_ms:
            raise ValueError(f"expected observations in time order, found {t_ms} ms after {self._now_ms} ms")
        if self._now_ms is not None and t_ms > self._now_ms:
            self._take(judged)
        self._now_ms = t_ms
        self._now += [user for user in observation.road_users if user.seen]  # where nobody looked, nothing is judged
        return together(judged)

    def finish(self) -> Judged:
        """Judge what is held back, and close every open passage."""
        judged: list[Judged] = []
        if self._now_ms is not None:
            self._take(judged)
        for instant in self._steadier.finish():
            self._judge(instant, judged)
        self._end(list(self._tracks), judged)
        return together(judged)

    @property
    def look_ahead_ms(self) -> int:
        """Return how long after an instant it is judged; about nothing later is asked before."""
        return round(self._params.look_ahead_s * 1000)

    def rule_applied(self, kind: ViolationKind) -> RuleApplied:
        """Return a rule with the thresholds in force, as an event names them."""
        return self._rules[kind]

    @property
    def tracks_held(self) -> int:
        """Return of how many tracks something is remembered."""
        return max(len(self._tracks), self._steadier.tracks_held)

    def _take(self, judged: list[Judged]) -> None:
        """Take in what was seen at one time, once all of it is known."""
        users, self._now = once_each(self._now), []
        for instant in self._steadier.take(self._now_ms or 0, users):
            self._judge(instant, judged)

    def _judge(self, instant: Instant, judged: list[Judged]) -> None:
        limit_ms = instant.t_ms - self._forget_ms
        self._end([number for number, track in self._tracks.items() if track.last.t_ms < limit_ms], judged)
        for number, sight, near in zip(instant.tracks, instant.sights, self._where.around(instant.places), strict=True):
            track, before = self._tracks.get(number), None
            if track is None:
                track = self._tracks[number] = _Track(number, sight)
                self._succeed(track, instant)
            else:
                before, track.last = track.last, sight
            if sight.exchanged_with is not None:
                self._share(track, sight.exchanged_with)
            if near or track.following:
                self._see(track, before, near, judged)

    def _see(self, track: _Track, before: Sight | None, near: list[int], judged: list[Judged]) -> None:
        sight, following = track.last, track.following
        concerned = self._concerned[sight.kind, sight.settled]
        for zone in near:
            follower = following.get(zone)
            if follower is None:
                if zone not in concerned:
                    continue
                follower = self._follower(track, zone)
            said = follower.see(before, sight)
            if said is not None:
                judged.append(said)
        for zone, follower in following.items():
            if follower.open and zone not in near:
                said = follower.see(before, sight)
                if said is not None:
                    judged.append(said)

    def _follower(self, track: _Track, zone: int) -> Follower:
        if zone not in track.following:
            track.following[zone] = self._zones[zone].start(track.number)
        return track.following[zone]

    def _share(self, track: _Track, other: int) -> None:
        """Let two who may have exchanged their numbers answer for each other: nobody twice for one act."""
        for zone, theirs in list(self._tracks[other].following.items()) if other in self._tracks else ():
            if theirs.open or theirs.accused or zone in track.following:
                mine = self._follower(track, zone)
                mine.doubted(theirs, lost=False)
                theirs.doubted(mine, lost=False)

    def _succeed(self, track: _Track, instant: Instant) -> None:
        """Let a new number go on for the lost road user that it may be: the nearest that could be there by now."""
        since_ms, present = instant.t_ms - self._params.resume_s * 1000, set(instant.tracks)
        lost = {
            number: other.last
            for number, other in self._tracks.items()
            if since_ms <= other.last.t_ms < instant.t_ms
            and other.last.kind is track.last.kind
            and number not in present
            and not self._steadier.comes_again(number, instant.t_ms)
        }
        could_be = [
            (away_m, number)
            for number, place in self._steadier.expected(lost, instant.t_ms).items()
            if (away_m := dist(place, track.last.point)) <= self._strays_m(lost[number], instant.t_ms)
        ]
        if could_be:
            self._go_on(track, self._tracks[min(could_be)[1]])

    def _go_on(self, track: _Track, lost: _Track) -> None:
        """Go on with what a lost number began: the same act under a new number is no second one."""
        for zone, theirs in lost.following.items():
            if theirs.open:
                mine = self._follower(track, zone)
                theirs.doubted(mine, lost=True)
                mine.accused = answers_for(mine.accused, theirs.accused)

    def _strays_m(self, last: Sight, t_ms: int) -> float:
        """Return how far a lost road user may be by now from where it would be."""
        return self._params.resume_m + STRAYS_MPS * (t_ms - last.t_ms) / 1000

    def _end(self, numbers: Iterable[int], judged: list[Judged]) -> None:
        for number in sorted(numbers):
            for follower in self._tracks.pop(number).following.values():
                said = follower.end()
                if said is not None:
                    judged.append(said)
