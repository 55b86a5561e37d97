"""Follows one rider at one stop line to one verdict: lawful, on red (2007), stopped beyond it (2019), or open. Pure."""

from dataclasses import dataclass

from contract.words import LampState, RoadUserKind, ViolationKind, ZoneKind
from edge.observations import Judged, Passage, Violation
from edge.rules import rider_red_light, stop_line
from edge.rules.court import Court, RedPhase
from edge.rules.line import Beyond, Line
from edge.rules.params import LineParams, StandingParams
from edge.rules.passage import Certainty, Follower, OnTheRoad, answers_for
from edge.rules.reasons import VERDICTS, Reason
from edge.rules.sight import Sight

RIDER = RoadUserKind.RIDER
FAR_M = 40.0
"""Who is so far beyond the line is over the junction."""


@dataclass(frozen=True, slots=True)
class LineRule:
    """What riders must not do at a stop line."""

    riding: LineParams
    standing: StandingParams


class AtLine:
    """Follows one track at one stop line (edge.rules.passage.Follower)."""

    def __init__(self, track_id: int, line: Line, court: Court, rule: LineRule, on_the_road: OnTheRoad) -> None:
        self.open = False
        self.accused: set[int | None] = set()
        self._track_id = track_id
        self._line = line
        self._court = court
        self._rule = rule
        self._on_the_road = on_the_road
        self._beyond: Beyond | None = None
        self._decided: Reason | None = None
        self._foreseen = False
        self._proven: tuple[Violation, tuple[Beyond, Beyond]] | None = None

    def see(self, before: Sight | None, sight: Sight) -> Judged | None:
        """Take one sight in."""
        beyond = self._beyond
        if before is None:
            return None
        if beyond is None:
            beyond = self._cross(before, sight)
            if beyond is None:
                return None
        beyond.note(self._line, self._court, before, sight, (self._rule.riding, self._rule.standing))
        ahead_m = self._line.ahead_m(sight.point)
        if ahead_m < -self._rule.riding.back_m or (ahead_m > FAR_M and beyond.goes_on):
            return self.end()
        return self._decide(beyond)

    def doubted(self, other: Follower) -> None:
        """Keep what was proven before the doubt.

        Who stood long enough has stopped beyond the line, unless they rode on or turned right later. From now on that
        may be seen of either of two; if neither does, it does not matter which of the two it was.
        """
        beyond, theirs = self._beyond, other.beyond if isinstance(other, AtLine) else None
        self.accused = answers_for(self.accused, other.accused)
        if beyond is None or theirs is None or self._decided is not None or not stop_line.stood(beyond):
            return
        if self._reason(beyond) in {Reason.STOOD_BEYOND, Reason.RIGHT_TURN_OPEN}:
            self._proven = self._proven or (self._violation(beyond, stop_line.KIND), (beyond, theirs))

    @property
    def beyond(self) -> Beyond | None:
        """Return the rider beyond the line, where there is one."""
        return self._beyond

    def end(self) -> Judged | None:
        """The rider is gone, or back behind the line: say what there is to say."""
        beyond, self._beyond = self._beyond, None
        if beyond is None:
            return None
        self.open = False
        self._on_the_road.discard(self._track_id)
        violation = self._verdict(beyond, over=True)
        passage = self._closed(beyond)
        return Judged(violations=() if violation is None else (violation,), passages=passage)

    def _cross(self, before: Sight, sight: Sight) -> Beyond | None:
        params = self._rule.riding
        entry = self._line.crossed(before, sight, params.past_end_m)
        if entry is None or sight.t_ms - before.t_ms > params.entry_gap_s * 1000:
            return None
        who = Certainty(before.identity, params.identity_min)
        red = RedPhase.at(self._court, self._line.signal_id, entry.t_ms)
        self._beyond = Beyond(entry, who, red, sight)
        self.open, self._decided, self._foreseen, self._proven = True, None, False, None
        self._on_the_road.add(self._track_id)
        return self._beyond

    def _decide(self, beyond: Beyond) -> Judged | None:
        """Say what is sure by now; keep the pictures of what is not."""
        violation = self._verdict(beyond, over=False)
        if violation is not None:
            return Judged(violations=(violation,))
        if self._foreseen or self._decided is not None or not (beyond.far_on_red_ms or beyond.standing_ms):
            return None
        self._foreseen = True
        return Judged(foreseen=(self._violation(beyond, self._kind(beyond)),))

    def _verdict(self, beyond: Beyond, *, over: bool) -> Violation | None:
        """Return the violation, once; ``over``: nothing more will be seen of this rider here."""
        if self._decided is not None:
            return None
        if self._proven is not None:
            return self._proven_verdict(*self._proven)
        sure = rider_red_light.rode_on(beyond) or (stop_line.stood(beyond) and (over or beyond.red.over))
        if not (sure and beyond.goes_on):
            return None
        reason = self._reason(beyond)
        if reason not in {Reason.ADVANCED_ON_RED, Reason.STOOD_BEYOND}:
            return None
        self._decided = reason
        if beyond.red.since_ms in self.accused:
            self._decided = Reason.SAME_ACT
            return None
        self.accused.add(beyond.red.since_ms)
        return self._violation(beyond, self._kind(beyond))

    def _proven_verdict(self, violation: Violation, either: tuple[Beyond, Beyond]) -> Violation | None:
        if not all(one.goes_on and one.red.over and not rider_red_light.rode_on(one) for one in either):
            return None
        self._decided = Reason.STOOD_BEYOND
        self.accused.add(violation.lamp_since_ms)
        return violation

    @staticmethod
    def _kind(beyond: Beyond) -> ViolationKind:
        return rider_red_light.KIND if rider_red_light.rode_on(beyond) else stop_line.KIND

    def _violation(self, beyond: Beyond, kind: ViolationKind) -> Violation:
        rode = kind is rider_red_light.KIND
        confirmed_ms = beyond.far_on_red_ms if rode else beyond.standing_ms
        return Violation(
            kind=kind,
            track_id=self._track_id,
            zone_id=self._line.id,
            signal_id=self._line.signal_id,
            entered_ms=beyond.entry.t_ms,
            confirmed_ms=beyond.last.t_ms if confirmed_ms is None else confirmed_ms,
            measure=beyond.on_red_m if rode else stop_line.stood_s(beyond),
            user=RIDER,
            lamp=LampState.RED,
            lamp_since_ms=beyond.red.since_ms,
            entered_at_m=beyond.entry.at,
        )

    def _reason(self, beyond: Beyond) -> Reason:
        """Apply the conditions in the order of ``Reason``."""
        if self._decided is not None:
            return self._decided
        if self._court.hand_off.during(beyond.entry.t_ms, beyond.last.t_ms):
            return Reason.OFFICER_DIRECTS
        doubt = next(beyond.who.doubts(RIDER), None)
        if doubt is not None:
            return doubt
        at_entry = self._court.at_entry(self._line.signal_id, beyond.entry.t_ms, self._rule.riding.lamp_grace_s)
        return at_entry or self._reason_beyond(beyond)

    def _reason_beyond(self, beyond: Beyond) -> Reason:
        rode, stood = rider_red_light.rode_on(beyond), stop_line.stood(beyond)
        if beyond.turned_right:
            return Reason.TURNED_RIGHT
        if (rode or stood) and not beyond.goes_on:
            return Reason.RIGHT_TURN_OPEN
        if rode:
            return Reason.ADVANCED_ON_RED
        if stood:
            return Reason.STOOD_BEYOND
        lost = beyond.red.lost and beyond.advance_m >= self._rule.riding.advance_m
        return Reason.LAMP_UNKNOWN if lost else Reason.LITTLE_ADVANCE

    def _closed(self, beyond: Beyond) -> tuple[Passage, ...]:
        reason = self._reason(beyond)
        if self._decided is None and beyond.advance_m < self._rule.riding.use_m:
            return ()
        return (
            Passage(
                track_id=self._track_id,
                user=beyond.who.kind or beyond.last.kind,
                zone_kind=ZoneKind.STOP_LINE,
                zone_id=self._line.id,
                signal_id=self._line.signal_id,
                entered_ms=beyond.entry.t_ms,
                left_ms=beyond.last.t_ms,
                lamp_at_entry=self._court.shown(self._line.signal_id, beyond.entry.t_ms).state,
                advance_m=beyond.advance_m,
                verdict=VERDICTS[reason],
                reason=reason.value,
            ),
        )
