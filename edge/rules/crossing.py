"""When one passage over a crosswalk is a violation, and what there is to say of it when it ends. Pure.

It owns the verdict that people on foot (red_light.py) and riders (rider_red_light.py) have in common. A passage is a
violation where the entry was seen, was on red, and on that same red the road user came ``advance_m`` further along the
way across than where they came in. crosswalk.py follows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from contract.words import LampState, RoadUserKind, ViolationKind, ZoneKind
from edge.observations import Passage, Violation
from edge.rules.court import Court, RedPhase
from edge.rules.params import CrossingParams
from edge.rules.passage import Certainty, Entry, Zone
from edge.rules.reasons import VERDICTS, Reason
from edge.rules.sight import Sight


@dataclass(frozen=True, slots=True)
class CrosswalkRule:
    """What one kind of road user must not do on a crosswalk. ``from_kerb``: only who comes in from a kerb uses it."""

    violation: ViolationKind
    params: CrossingParams
    from_kerb: bool


Rules = Mapping[RoadUserKind, CrosswalkRule]
"""The rule for each kind; who turns out to be none of those whom a rule is about is judged by one all the same."""


@dataclass(slots=True)
class Road:
    """Somebody beside the crosswalk, on the road; ``entered_ms`` is None where nobody saw them step on it."""

    entered_ms: int | None
    seen_ms: int


@dataclass(slots=True)
class Crossing:
    """A passage that has not ended. ``entry`` is None when the road user was first seen inside."""

    entry: Entry | None
    first: Sight
    last: Sight
    who: Certainty
    red: RedPhase | None = None
    road: Road | None = None
    from_kerb: bool = True
    advance_m: float = 0.0
    on_red_m: float = 0.0
    surely_on_red_m: float = 0.0
    outside_since_ms: int | None = None
    met_ms: int | None = None
    used: bool = False  # gone along as one walks, not ridden over from the road or into it
    foreseen: bool = False
    reason: Reason | None = None  # once it is decided: what comes later cannot undo it


@dataclass(frozen=True, slots=True)
class CrosswalkVerdict:
    """Judges what happens on one crosswalk."""

    zone: Zone
    court: Court
    rules: Rules

    def violation(self, track_id: int, passage: Crossing, entry: Entry, sight: Sight) -> Violation:
        """Return the violation that a passage is, as it is known at a sight."""
        return Violation(
            kind=self.rules[sight.kind].violation,
            track_id=track_id,
            zone_id=self.zone.id,
            signal_id=self.zone.signal_id,
            entered_ms=entry.t_ms,
            confirmed_ms=sight.t_ms if passage.met_ms is None else passage.met_ms,
            measure=passage.on_red_m,
            user=sight.kind,
            lamp=LampState.RED,
            lamp_since_ms=None if passage.red is None else passage.red.since_ms,
            entered_at_m=entry.at,
        )

    def used(self, passage: Crossing, entry: Entry, sight: Sight, params: CrossingParams) -> bool:
        """Tell whether somebody rides over the crosswalk as one walks over it.

        That is: comes in over its end, and goes along it for ``along_m``, or half of it. Who turns into the road, or
        out of it, is on the first metres of a crosswalk as well.
        """
        aside_m = abs(self.zone.beside_along_m(sight.point) - self.zone.beside_along_m(entry.at))
        far_m = min(params.along_m, (self.zone.ends_m[1] - self.zone.ends_m[0]) / 2)
        along = aside_m <= params.aslant_max * passage.advance_m
        return passage.from_kerb and along and passage.advance_m >= far_m

    def reason(self, passage: Crossing) -> Reason:
        """Apply the conditions in the order of ``Reason``."""
        if passage.reason is not None:
            return passage.reason
        kind = passage.last.kind
        from_ms = passage.first.t_ms if passage.entry is None else passage.entry.t_ms
        doubt = self.court.handed_off(from_ms, passage.last.t_ms) or next(passage.who.doubts(kind), None)
        if doubt is not None:
            return doubt
        if passage.entry is None:
            return Reason.FIRST_SEEN_INSIDE
        params = self.rules[kind].params
        return self._reason_at_entry(passage, passage.entry, params) or self._reason_of_advance(passage, params)

    def _reason_at_entry(self, passage: Crossing, entry: Entry, params: CrossingParams) -> Reason | None:
        signal_id = self.zone.signal_id
        if passage.road is not None:
            if passage.road.entered_ms is None:
                return Reason.CAME_ALONG_THE_ROAD
            on_the_road = self.court.at_entry(signal_id, passage.road.entered_ms, params.lamp_grace_s)
            if on_the_road is not None:
                return on_the_road  # art. 39: who is on the road already may finish
        return self.court.at_entry(signal_id, entry.t_ms, params.lamp_grace_s)

    @staticmethod
    def _reason_of_advance(passage: Crossing, params: CrossingParams) -> Reason:
        if passage.surely_on_red_m >= params.advance_m:
            return Reason.ADVANCED_ON_RED if passage.used else Reason.USES_THE_ROAD
        lost = passage.red is not None and passage.red.lost and passage.advance_m >= params.advance_m
        return Reason.LAMP_UNKNOWN if lost else Reason.LITTLE_ADVANCE

    def closed(self, track_id: int, passage: Crossing) -> tuple[Passage, ...]:
        """Return what there is to say of a passage that is over; nothing where the crosswalk was not used."""
        reason, kind = self.reason(passage), passage.who.kind or passage.last.kind
        rule = self.rules[kind]
        if passage.reason is None and (
            passage.advance_m < rule.params.use_m or (rule.from_kerb and not passage.from_kerb)
        ):
            return ()
        entered_ms = None if passage.entry is None else passage.entry.t_ms
        signal_id = self.zone.signal_id
        left_ms = passage.outside_since_ms
        lamp = LampState.UNKNOWN if entered_ms is None else self.court.shown(signal_id, entered_ms).state
        closed = Passage(
            track_id=track_id,
            user=kind,
            zone_kind=ZoneKind.CROSSWALK,
            zone_id=self.zone.id,
            signal_id=signal_id,
            entered_ms=entered_ms,
            left_ms=passage.last.t_ms if left_ms is None else left_ms,
            lamp_at_entry=lamp,
            advance_m=passage.advance_m,
            verdict=VERDICTS[reason],
            reason=reason.value,
        )
        return (closed,)
