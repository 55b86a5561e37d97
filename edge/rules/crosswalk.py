"""One road user's passages over one crosswalk, for all whom its red lamp tells not to enter. Pure.

It owns what people on foot (red_light.py) and riders (rider_red_light.py) have in common: the entry, the red phase of
the entry, the advance on it, and every doubt. A passage is a violation where the entry was seen, was on red, and on
that same red the road user came ``advance_m`` further along the way across than where they came in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.words import LampState, RoadUserKind, ViolationKind, ZoneKind
from edge.observations import Judged, Passage, Violation
from edge.rules.court import Court, RedPhase
from edge.rules.params import CrossingParams
from edge.rules.passage import Certainty, Entry, Follower, OnTheRoad, Zone, answers_for, find_entry
from edge.rules.reasons import VERDICTS, Reason
from edge.rules.sight import Sight, between, way_unknown


@dataclass(frozen=True, slots=True)
class CrosswalkRule:
    """What one kind of road user must not do on a crosswalk. ``from_kerb``: only who comes in from a kerb uses it."""

    violation: ViolationKind
    params: CrossingParams
    from_kerb: bool


Rules = Mapping[RoadUserKind, CrosswalkRule]
"""The rule for each kind; who turns out to be none of those whom a rule is about is judged by one all the same."""


@dataclass(slots=True)
class _Road:
    """Somebody beside the crosswalk, on the road; ``entered_ms`` is None where nobody saw them step on it."""

    entered_ms: int | None
    seen_ms: int


@dataclass(slots=True)
class _Passage:
    """A passage that has not ended. ``entry`` is None when the road user was first seen inside."""

    entry: Entry | None
    first: Sight
    last: Sight
    who: Certainty
    red: RedPhase | None = None
    road: _Road | None = None
    from_kerb: bool = True
    advance_m: float = 0.0
    on_red_m: float = 0.0
    outside_since_ms: int | None = None
    met_ms: int | None = None
    used: bool = False  # gone along as one walks, not ridden over from the road or into it
    foreseen: bool = False
    reason: Reason | None = None  # once it is decided: what comes later cannot undo it


class OnCrosswalk:
    """Follows one track on one crosswalk (edge.rules.passage.Follower)."""

    def __init__(self, track_id: int, zone: Zone, court: Court, rules: Rules, on_the_road: OnTheRoad) -> None:
        self.open = False
        self.accused: set[int | None] = set()
        self._track_id = track_id
        self._zone = zone
        self._court = court
        self._rules = rules
        self._on_the_road = on_the_road
        self._passage: _Passage | None = None
        self._road: _Road | None = None

    def see(self, before: Sight | None, sight: Sight) -> Judged | None:
        """Take one sight in."""
        point = sight.point
        if self._passage is not None:
            return self._go_on(self._passage, before or sight, sight, self._zone.holds(point))
        if not self._zone.between_kerbs(point):
            self._road = None  # on a kerb, like most of those who are near
        elif self._zone.holds(point):
            return self._come_in(before, sight)
        else:
            self._note_road(before, sight)
        return None

    def doubted(self, other: Follower, *, lost: bool) -> None:  # noqa: ARG002 - either way
        """Nobody is accused twice for one act; the sights say the rest."""
        self.accused = answers_for(self.accused, other.accused)

    def end(self) -> Judged | None:
        """Close what is open."""
        passage, self._passage = self._passage, None
        self.open, self._road = False, None
        if passage is None:
            return None
        late = None if passage.entry is None else self._accuse(passage, passage.entry, passage.last)
        violations = () if late is None else late.violations  # what was doubtful may have settled on the last steps
        return Judged(violations=violations, passages=self._closed(passage))

    def _rule(self, kind: RoadUserKind) -> CrosswalkRule:
        return self._rules[kind]

    def _note_road(self, before: Sight | None, sight: Sight) -> None:
        """Remember since when somebody is on the road beside the crosswalk, between the kerbs."""
        if self._zone.aside_m(sight.point) > self._rule(sight.kind).params.road_m:
            self._road = None
        elif self._road is not None and before is not None and self._road.seen_ms == before.t_ms:
            self._road.seen_ms = sight.t_ms
        else:
            seen = before is not None and not self._zone.between_kerbs(before.point)
            self._road = _Road(sight.t_ms if seen else None, sight.t_ms)

    def _come_in(self, before: Sight | None, sight: Sight) -> Judged | None:
        params = self._rule(sight.kind).params
        if before is not None and way_unknown(before, sight, params.entry_gap_s):
            before = None
        came_as = (before or sight).identity
        passage = _Passage(None, sight, sight, Certainty(came_as, params.identity_min))
        passage.who.note(sight)
        self._passage, self.open = passage, True
        if before is None:
            return None
        passage.entry = find_entry(self._zone, before, sight)
        passage.from_kerb = not self._zone.between_kerbs(before.point) and self._track_id not in self._on_the_road
        road = self._road if self._road is not None and self._road.seen_ms == before.t_ms else None
        self._road = None
        if self._zone.from_end_m(passage.entry.at) > params.kerb_m:
            passage.road = road
        passage.red = RedPhase.at(self._court, self._zone.signal_id, passage.entry.t_ms)
        return self._advance(passage, passage.entry, Sight(passage.entry.t_ms, *passage.entry.at), sight)

    def _go_on(self, passage: _Passage, before: Sight, sight: Sight, inside: bool) -> Judged | None:  # noqa: FBT001 - a fact
        passage.last = sight
        passage.who.note(sight)
        if way_unknown(before, sight, self._rule(sight.kind).params.track_gap_s):
            passage.who.interrupted = True
        if not inside:
            return self._step_out(passage, before, sight)
        passage.outside_since_ms = None
        if passage.entry is None:
            along_m = self._zone.along_m(sight.point) - self._zone.along_m(passage.first.point)
            passage.advance_m = max(passage.advance_m, abs(along_m))
            return None
        return self._advance(passage, passage.entry, before, sight)

    def _step_out(self, passage: _Passage, before: Sight, sight: Sight) -> Judged | None:
        """Who is out for a moment, or beside the crosswalk by a hand's breadth, is still on the same passage."""
        params = self._rule(sight.kind).params
        if passage.outside_since_ms is None:
            passage.outside_since_ms = before.t_ms
        if sight.t_ms - passage.outside_since_ms <= params.reentry_s * 1000:
            return None
        # else it was a sway at the kerb, and no entry
        had_gone_in = passage.entry is None or passage.advance_m > params.reentry_m
        beside_m = self._zone.beside_by_m(sight.point)
        if had_gone_in and beside_m is not None and beside_m <= params.reentry_m:
            return None
        if beside_m is None:
            return self.end()
        judged = self.end()
        entered_ms = None if passage.entry is None else passage.entry.t_ms
        self._road = _Road(entered_ms, sight.t_ms)  # off the crosswalk, but still on the road
        return judged

    def _advance(self, passage: _Passage, entry: Entry, a: Sight, b: Sight) -> Judged | None:
        """Follow the way from ``a`` to ``b``; only what lies in the red phase of the entry counts as on red."""
        start_m = self._zone.along_m(entry.at)
        passage.advance_m = max(passage.advance_m, abs(self._zone.along_m(b.point) - start_m))
        red_until_ms = None if passage.red is None else passage.red.until(self._court, a.t_ms, b.t_ms)
        if red_until_ms is not None:
            reached = b.point if red_until_ms == b.t_ms else between(a, b, red_until_ms)
            passage.on_red_m = max(passage.on_red_m, abs(self._zone.along_m(reached) - start_m))
        return self._accuse(passage, entry, b)

    def _accuse(self, passage: _Passage, entry: Entry, sight: Sight) -> Judged | None:
        rule = self._rule(sight.kind)
        if passage.reason is not None or passage.on_red_m < rule.params.advance_m:
            return None
        if passage.met_ms is None:
            passage.met_ms = sight.t_ms
        passage.used = passage.used or not rule.from_kerb or self._used(passage, entry, sight, rule.params)
        if not passage.used:
            return self._foresee(passage, entry, sight)
        return self._decide(passage, entry, sight)

    def _decide(self, passage: _Passage, entry: Entry, sight: Sight) -> Judged | None:
        if self._reason(passage) is not Reason.ADVANCED_ON_RED or passage.red is None:
            return None
        since_ms = passage.red.since_ms
        passage.reason = Reason.SAME_ACT if since_ms in self.accused else Reason.ADVANCED_ON_RED
        if passage.reason is Reason.SAME_ACT:
            return None
        self.accused.add(since_ms)
        return Judged(violations=(self._violation(passage, entry, sight),))

    def _foresee(self, passage: _Passage, entry: Entry, sight: Sight) -> Judged | None:
        if passage.foreseen or not passage.from_kerb:
            return None
        passage.foreseen = True
        return Judged(foreseen=(self._violation(passage, entry, sight),))

    def _violation(self, passage: _Passage, entry: Entry, sight: Sight) -> Violation:
        return Violation(
            kind=self._rule(sight.kind).violation,
            track_id=self._track_id,
            zone_id=self._zone.id,
            signal_id=self._zone.signal_id,
            entered_ms=entry.t_ms,
            confirmed_ms=sight.t_ms if passage.met_ms is None else passage.met_ms,
            measure=passage.on_red_m,
            user=sight.kind,
            lamp=LampState.RED,
            lamp_since_ms=None if passage.red is None else passage.red.since_ms,
            entered_at_m=entry.at,
        )

    def _used(self, passage: _Passage, entry: Entry, sight: Sight, params: CrossingParams) -> bool:
        """Tell whether somebody rides over the crosswalk as one walks over it.

        That is: comes in over its end, and goes along it for ``along_m``, or half of it. Who turns into the road, or
        out of it, is on the first metres of a crosswalk as well.
        """
        aside_m = abs(self._zone.beside_along_m(sight.point) - self._zone.beside_along_m(entry.at))
        far_m = min(params.along_m, (self._zone.ends_m[1] - self._zone.ends_m[0]) / 2)
        along = aside_m <= params.aslant_max * passage.advance_m
        return passage.from_kerb and along and passage.advance_m >= far_m

    def _reason(self, passage: _Passage) -> Reason:
        """Apply the conditions in the order of ``Reason``."""
        if passage.reason is not None:
            return passage.reason
        kind = passage.last.kind
        from_ms = passage.first.t_ms if passage.entry is None else passage.entry.t_ms
        if self._court.hand_off.during(from_ms, passage.last.t_ms):
            return Reason.OFFICER_DIRECTS
        doubt = next(passage.who.doubts(kind), None)
        if doubt is not None:
            return doubt
        if passage.entry is None:
            return Reason.FIRST_SEEN_INSIDE
        params = self._rule(kind).params
        return self._reason_at_entry(passage, passage.entry, params) or self._reason_of_advance(passage, params)

    def _reason_at_entry(self, passage: _Passage, entry: Entry, params: CrossingParams) -> Reason | None:
        signal_id = self._zone.signal_id
        if passage.road is not None:
            if passage.road.entered_ms is None:
                return Reason.CAME_ALONG_THE_ROAD
            on_the_road = self._court.at_entry(signal_id, passage.road.entered_ms, params.lamp_grace_s)
            if on_the_road is not None:
                return on_the_road  # art. 39: who is on the road already may finish
        return self._court.at_entry(signal_id, entry.t_ms, params.lamp_grace_s)

    @staticmethod
    def _reason_of_advance(passage: _Passage, params: CrossingParams) -> Reason:
        if passage.on_red_m >= params.advance_m:
            return Reason.ADVANCED_ON_RED if passage.used else Reason.USES_THE_ROAD
        lost = passage.red is not None and passage.red.lost and passage.advance_m >= params.advance_m
        return Reason.LAMP_UNKNOWN if lost else Reason.LITTLE_ADVANCE

    def _closed(self, passage: _Passage) -> tuple[Passage, ...]:
        reason, kind = self._reason(passage), passage.who.kind or passage.last.kind
        rule = self._rule(kind)
        if passage.reason is None and (
            passage.advance_m < rule.params.use_m or (rule.from_kerb and not passage.from_kerb)
        ):
            return ()
        entered_ms = None if passage.entry is None else passage.entry.t_ms
        signal_id = self._zone.signal_id
        left_ms = passage.outside_since_ms
        lamp = LampState.UNKNOWN if entered_ms is None else self._court.shown(signal_id, entered_ms).state
        closed = Passage(
            track_id=self._track_id,
            user=kind,
            zone_kind=ZoneKind.CROSSWALK,
            zone_id=self._zone.id,
            signal_id=signal_id,
            entered_ms=entered_ms,
            left_ms=passage.last.t_ms if left_ms is None else left_ms,
            lamp_at_entry=lamp,
            advance_m=passage.advance_m,
            verdict=VERDICTS[reason],
            reason=reason.value,
        )
        return (closed,)
