"""Pedestrian on red (code 3001): entered the crosswalk on red and advanced on red.

实施条例 art. 39: at a red pedestrian lamp one must not ENTER; who is on the crossing already may finish or wait at
the middle. 道交法 arts. 38 and 62: obey the signal; an officer's direction and a lamp that shows no red overrule it.
行政处罚法 art. 40: where the facts are not clear there is no penalty, so every doubt below ends in no violation.

A violation needs all of: the entry was seen; the pedestrian's lamp was red at the entry, and had been for
``lamp_grace_s``; on that same red the pedestrian came ``advance_m`` further along the way across than where they came
in. So waiting at the kerb, stepping in and back, cutting a corner and walking past the mouth are none.
"""

from dataclasses import dataclass
from typing import Final

from calibration.scene import Crosswalk
from contract.words import LampState, RoadUserKind, ViolationKind
from edge.observations import Judged, Passage, RoadUser, Violation
from edge.rules.passage import Entry, OpenPassage, Sight, Zone, between, find_entry
from edge.rules.reasons import DOUBTS, VERDICTS, Reason
from edge.signals.timeline import Shown, Signals

VERSION: Final = 2


@dataclass(frozen=True, slots=True)
class RedLightParams:
    """Thresholds in metres and seconds; meanings and ranges in calibration.rule_parameters."""

    advance_m: float = 3.0
    lamp_grace_s: float = 0.5
    entry_gap_s: float = 2.0
    track_gap_s: float = 2.0
    reentry_s: float = 1.0
    reentry_m: float = 0.5
    forget_s: float = 5.0
    identity_min: float = 0.9


SHOWS_NOTHING: Final = frozenset({LampState.UNKNOWN, LampState.DARK})


class PedestrianOnCrosswalk:
    """One pedestrian's dealings with one crosswalk. ``see`` takes the sights in time order."""

    def __init__(self, track_id: int, zone: Zone, signals: Signals, params: RedLightParams) -> None:
        self._track_id = track_id
        self._zone = zone
        self._signals = signals
        self._params = params
        self._last: Sight | None = None
        self._passage: OpenPassage | None = None
        self._accused_phases: set[int | None] = set()

    @property
    def crosswalk(self) -> Crosswalk:
        """Return the crosswalk."""
        return self._zone.crosswalk

    def see(self, t_ms: int, user: RoadUser) -> Judged:
        """Take one sight in. A second sight of the same or an earlier time says nothing new."""
        sight = Sight(t_ms, user.x_m, user.y_m, user.identity)
        if self._last is not None and t_ms <= self._last.t_ms:
            return Judged()
        before, self._last = self._last, sight
        inside = self._zone.holds(sight.point)
        if self._passage is None:
            return self._come_in(before, sight, user) if inside else Judged()
        return self._go_on(self._passage, sight, user, inside)

    def end(self) -> Judged:
        """The road user is gone: close what is open."""
        passage, self._passage = self._passage, None
        return Judged() if passage is None else Judged(passages=(self._closed(passage),))

    def _come_in(self, before: Sight | None, sight: Sight, user: RoadUser) -> Judged:
        entry = None
        if before is not None and sight.t_ms - before.t_ms <= self._params.entry_gap_s * 1000:
            entry = find_entry(self._zone, before, sight)
        self._passage = OpenPassage(entry, sight, came_as=(before or sight).identity)
        self._doubt(self._passage, user)
        if entry is None:
            return Judged()
        shown = self._lamp(entry.t_ms)
        self._passage.red_over = shown.state is not LampState.RED
        self._passage.red_since_ms = shown.since_ms if shown.state is LampState.RED else None
        return self._advance(self._passage, entry, Sight(entry.t_ms, *entry.at), sight)

    def _go_on(self, passage: OpenPassage, sight: Sight, user: RoadUser, inside: bool) -> Judged:  # noqa: FBT001 - a fact
        before, passage.last = passage.last, sight
        self._doubt(passage, user)
        if sight.t_ms - before.t_ms > self._params.track_gap_s * 1000:
            passage.doubts.add(Reason.TRACK_INTERRUPTED)
        if not inside:
            return self._step_out(passage, before, sight)
        passage.outside_since_ms = None
        return Judged() if passage.entry is None else self._advance(passage, passage.entry, before, sight)

    def _step_out(self, passage: OpenPassage, before: Sight, sight: Sight) -> Judged:
        """Who is out for a moment, or beside the crosswalk by a hand's breadth, is still on the same passage."""
        if passage.outside_since_ms is None:
            passage.outside_since_ms = before.t_ms
        out_s = (sight.t_ms - passage.outside_since_ms) / 1000
        had_gone_in = passage.advance_m > self._params.reentry_m  # else it was a sway at the kerb, and no entry
        if out_s <= self._params.reentry_s:
            return Judged()
        beside_m = self._zone.beside_by_m(sight.point)
        if had_gone_in and beside_m is not None and beside_m <= self._params.reentry_m:
            return Judged()
        return self.end()

    def _advance(self, passage: OpenPassage, entry: Entry, a: Sight, b: Sight) -> Judged:
        """Follow the way from ``a`` to ``b``; only what lies in the red phase of the entry counts as on red."""
        start_m = self._zone.along_m(entry.at)
        passage.advance_m = max(passage.advance_m, abs(self._zone.along_m(b.point) - start_m))
        if passage.red_over:
            return Judged()
        red_until_ms = self._lamp(entry.t_ms).until_ms
        if red_until_ms is not None and red_until_ms <= a.t_ms:  # it ended while they were out for a moment
            passage.red_over = True
            return Judged()
        end_ms = b.t_ms if red_until_ms is None or red_until_ms >= b.t_ms else red_until_ms
        passage.red_over = end_ms < b.t_ms
        reached_m = abs(self._zone.along_m(between(a, b, end_ms)) - start_m)
        passage.advance_on_red_m = max(passage.advance_on_red_m, reached_m)
        if passage.accused or self._reason(passage) is not Reason.ADVANCED_ON_RED:
            return Judged()
        passage.accused = True
        if passage.red_since_ms in self._accused_phases:
            return Judged()
        self._accused_phases = {passage.red_since_ms}
        return Judged(violations=(self._violation(passage, entry, b.t_ms),))

    def _violation(self, passage: OpenPassage, entry: Entry, t_ms: int) -> Violation:
        return Violation(
            kind=ViolationKind.PEDESTRIAN_RED_LIGHT,
            track_id=self._track_id,
            zone_id=self.crosswalk.id,
            signal_id=self.crosswalk.signal_id,
            entered_ms=entry.t_ms,
            confirmed_ms=t_ms,
            measure=passage.advance_on_red_m,
            user=RoadUserKind.PEDESTRIAN,
            lamp=LampState.RED,
            lamp_since_ms=passage.red_since_ms,
            entered_at_m=entry.at,
        )

    def _reason(self, passage: OpenPassage) -> Reason:
        """Apply the conditions in the order of ``Reason``; a doubt that came after the accusation cannot undo it."""
        if passage.accused:
            return Reason.ADVANCED_ON_RED
        for doubt in DOUBTS:
            if doubt in passage.doubts:
                return doubt
        if passage.entry is None:
            return Reason.FIRST_SEEN_INSIDE
        return self._reason_at_entry(passage.entry, passage)

    def _reason_at_entry(self, entry: Entry, passage: OpenPassage) -> Reason:
        shown = self._lamp(entry.t_ms)
        if shown.state in SHOWS_NOTHING:
            return Reason.LAMP_UNKNOWN
        if shown.state is not LampState.RED:
            return Reason.NOT_RED_AT_ENTRY
        if shown.since_ms is not None and entry.t_ms - shown.since_ms < self._params.lamp_grace_s * 1000:
            return Reason.JUST_TURNED_RED
        enough = passage.advance_on_red_m >= self._params.advance_m
        return Reason.ADVANCED_ON_RED if enough else Reason.LITTLE_ADVANCE

    def _doubt(self, passage: OpenPassage, user: RoadUser) -> None:
        """Note what is doubtful now. What is open may settle; somebody who was no pedestrian for sure stays a doubt."""
        if user.settled and user.kind is not RoadUserKind.PEDESTRIAN:
            passage.was_other_kind = True
        sure_of_kind = user.settled and not passage.was_other_kind
        same = user.identity >= self._params.identity_min * passage.came_as
        passage.doubts -= {Reason.KIND_UNSETTLED, Reason.IDENTITY_UNSURE}
        passage.doubts |= set() if sure_of_kind else {Reason.KIND_UNSETTLED}
        passage.doubts |= set() if same else {Reason.IDENTITY_UNSURE}

    def _lamp(self, t_ms: int) -> Shown:
        return self._signals.shown(self.crosswalk.signal_id, t_ms)

    def _closed(self, passage: OpenPassage) -> Passage:
        reason = self._reason(passage)
        entered_ms = None if passage.entry is None else passage.entry.t_ms
        lamp = LampState.UNKNOWN if entered_ms is None else self._lamp(entered_ms).state
        return Passage(
            track_id=self._track_id,
            user=RoadUserKind.PEDESTRIAN,
            zone_id=self.crosswalk.id,
            signal_id=self.crosswalk.signal_id,
            entered_ms=entered_ms,
            left_ms=passage.outside_since_ms if passage.outside_since_ms is not None else passage.last.t_ms,
            lamp_at_entry=lamp,
            advance_m=passage.advance_m,
            verdict=VERDICTS[reason],
            reason=reason.value,
        )
