"""Follows one road user's passages over one crosswalk: in, on, out, and beside it on the road. Pure.

It owns the facts: the entry, the red phase of the entry, the advance on it, and every doubt. crossing.py says which
facts are a violation.
"""

from edge.observations import Judged
from edge.rules.court import RedPhase
from edge.rules.crossing import Crossing, CrosswalkVerdict, Road
from edge.rules.passage import Certainty, Entry, Follower, OnTheRoad, answers_for, find_entry
from edge.rules.reasons import Reason
from edge.rules.sight import SURE, Sight, between, way_unknown


class OnCrosswalk:
    """Follows one track on one crosswalk (edge.rules.passage.Follower)."""

    def __init__(self, track_id: int, verdict: CrosswalkVerdict, on_the_road: OnTheRoad) -> None:
        self.open = False
        self.accused: set[int | None] = set()
        self._track_id = track_id
        self._verdict = verdict
        self._zone, self._court = verdict.zone, verdict.court
        self._on_the_road = on_the_road
        self._passage: Crossing | None = None
        self._road: Road | None = None

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
        return Judged(violations=violations, passages=self._verdict.closed(self._track_id, passage))

    def _note_road(self, before: Sight | None, sight: Sight) -> None:
        """Remember since when somebody is on the road beside the crosswalk, between the kerbs."""
        if self._zone.aside_m(sight.point) > self._verdict.rules[sight.kind].params.road_m:
            self._road = None
        elif self._road is not None and before is not None and self._road.seen_ms == before.t_ms:
            self._road.seen_ms = sight.t_ms
        else:
            seen = before is not None and not self._zone.between_kerbs(before.point)
            self._road = Road(sight.t_ms if seen else None, sight.t_ms)

    def _come_in(self, before: Sight | None, sight: Sight) -> Judged | None:
        params = self._verdict.rules[sight.kind].params
        if before is not None and way_unknown(before, sight, params.entry_gap_s):
            before = None
        came_as = (before or sight).identity
        passage = Crossing(None, sight, sight, Certainty(came_as, params.identity_min))
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

    def _go_on(self, passage: Crossing, before: Sight, sight: Sight, inside: bool) -> Judged | None:  # noqa: FBT001 - a fact
        passage.last = sight
        passage.who.note(sight)
        if way_unknown(before, sight, self._verdict.rules[sight.kind].params.track_gap_s):
            passage.who.interrupted = True
        if not inside:
            return self._step_out(passage, before, sight)
        passage.outside_since_ms = None
        if passage.entry is None:
            along_m = self._zone.along_m(sight.point) - self._zone.along_m(passage.first.point)
            passage.advance_m = max(passage.advance_m, abs(along_m))
            return None
        return self._advance(passage, passage.entry, before, sight)

    def _step_out(self, passage: Crossing, before: Sight, sight: Sight) -> Judged | None:
        """Who is out for a moment, or beside the crosswalk by a hand's breadth, is still on the same passage."""
        params = self._verdict.rules[sight.kind].params
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
        self._road = Road(entered_ms, sight.t_ms)  # off the crosswalk, but still on the road
        return judged

    def _advance(self, passage: Crossing, entry: Entry, a: Sight, b: Sight) -> Judged | None:
        """Follow the way from ``a`` to ``b``; only what lies in the red phase of the entry counts as on red."""
        start_m = self._zone.along_m(entry.at)
        passage.advance_m = max(passage.advance_m, abs(self._zone.along_m(b.point) - start_m))
        red_until_ms = None if passage.red is None else passage.red.until(self._court, a.t_ms, b.t_ms)
        if red_until_ms is not None:
            reached = b.point if red_until_ms == b.t_ms else between(a, b, red_until_ms)
            on_red_m = abs(self._zone.along_m(reached) - start_m)
            passage.on_red_m = max(passage.on_red_m, on_red_m)
            passage.surely_on_red_m = max(passage.surely_on_red_m, on_red_m - SURE * b.off_m)
        return self._accuse(passage, entry, b)

    def _accuse(self, passage: Crossing, entry: Entry, sight: Sight) -> Judged | None:
        rule = self._verdict.rules[sight.kind]
        if passage.reason is not None or passage.surely_on_red_m < rule.params.advance_m:
            return None
        if passage.met_ms is None:
            passage.met_ms = sight.t_ms
        passage.used = passage.used or not rule.from_kerb or self._verdict.used(passage, entry, sight, rule.params)
        if not passage.used:
            return self._foresee(passage, entry, sight)
        return self._decide(passage, entry, sight)

    def _decide(self, passage: Crossing, entry: Entry, sight: Sight) -> Judged | None:
        if self._verdict.reason(passage) is not Reason.ADVANCED_ON_RED or passage.red is None:
            return None
        since_ms = passage.red.since_ms
        passage.reason = Reason.SAME_ACT if since_ms in self.accused else Reason.ADVANCED_ON_RED
        if passage.reason is Reason.SAME_ACT:
            return None
        self.accused.add(since_ms)
        return Judged(violations=(self._verdict.violation(self._track_id, passage, entry, sight),))

    def _foresee(self, passage: Crossing, entry: Entry, sight: Sight) -> Judged | None:
        if passage.foreseen or not passage.from_kerb:
            return None
        passage.foreseen = True
        return Judged(foreseen=(self._verdict.violation(self._track_id, passage, entry, sight),))
