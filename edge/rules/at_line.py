"""Follows one rider at one stop line to one verdict: lawful, on red (2007), stopped beyond it (2019), or open. Pure."""

from dataclasses import dataclass, field, replace

from contract.words import LampState, RoadUserKind, ViolationKind, ZoneKind
from edge.observations import Judged, Passage, Violation
from edge.rules import rider_red_light, stop_line
from edge.rules.court import Court, RedPhase
from edge.rules.line import Beyond, Line
from edge.rules.params import LineParams, StandingParams
from edge.rules.passage import Certainty, Follower, OnTheRoad, answers_for
from edge.rules.proofs import Outcome, Proofs
from edge.rules.reasons import VERDICTS, Reason
from edge.rules.sight import Sight, way_unknown

RIDER = RoadUserKind.RIDER
FAR_M = 40.0
"""Who is so far beyond the line is over the junction."""


@dataclass(frozen=True, slots=True)
class LineRule:
    """What riders must not do at one stop line, and what all who are followed there share."""

    line: Line
    court: Court
    riding: LineParams
    standing: StandingParams
    on_the_road: OnTheRoad
    proofs: Proofs = field(default_factory=Proofs)


class AtLine:
    """Follows one track at one stop line (edge.rules.passage.Follower)."""

    def __init__(self, track_id: int, at: LineRule) -> None:
        self.open = False
        self.accused: set[int | None] = set()
        self.track_id = track_id
        self._at = at
        self._line, self._court = at.line, at.court
        self._beyond: Beyond | None = None
        self._decided: Reason | None = None
        self._foreseen = self._handed_over = False

    def see(self, before: Sight | None, sight: Sight) -> Judged | None:
        """Take one sight in."""
        beyond = self._beyond
        if before is None:
            return None
        if beyond is None:
            beyond = self._cross(before, sight)
            if beyond is None:
                return None
        beyond.note(self._line, self._court, before, sight, (self._at.riding, self._at.standing))
        if beyond.turned_right:
            self._at.on_the_road.discard(self.track_id)  # and may come onto a crosswalk from the corner
        ahead_m = self._line.ahead_m(sight.point)
        if ahead_m < -self._at.riding.back_m:
            return self._leave(beyond)
        judged = _both(self._decide(beyond), self._tell(beyond))
        return _both(judged, self._leave(beyond)) if ahead_m > FAR_M and beyond.goes_on else judged

    def doubted(self, other: Follower, *, lost: bool) -> None:
        """Hand over what was proven before the doubt; where this number is lost, the other goes on for it."""
        self.accused = answers_for(self.accused, other.accused)
        beyond = self._beyond
        if not isinstance(other, AtLine) or beyond is None or self._handed_over or self._decided is not None:
            return
        if not stop_line.stood(beyond) or self._reason(beyond) not in {Reason.STOOD_BEYOND, Reason.RIGHT_TURN_OPEN}:
            return
        self._handed_over = True
        self.accused.add(beyond.red.since_ms)
        passage = self._passage(beyond, Reason.STOOD_BEYOND)
        tracks = {other.track_id} if lost else {self.track_id, other.track_id}
        self._at.proofs.keep(self._violation(beyond, stop_line.KIND), passage, tracks)
        if lost:
            other.go_on_for(beyond)

    def end(self) -> Judged | None:
        """The rider is gone: say what there is to say."""
        judged = None if self._beyond is None else self._leave(self._beyond)
        return _both(judged, self._report(Outcome.NOT_BEYOND if judged is None else Outcome.OTHER))

    def go_on_for(self, beyond: Beyond) -> None:
        """Follow what a lost number began; nobody is accused by it under this one."""
        who = Certainty(beyond.who.came_as, beyond.who.identity_min, exchanged=True)
        red = replace(beyond.red)
        self._beyond = Beyond(beyond.entry, who, red, beyond.last, right_turn_nearest_m=beyond.right_turn_nearest_m)
        self.open = self._handed_over = True

    def _cross(self, before: Sight, sight: Sight) -> Beyond | None:
        params = self._at.riding
        entry = self._line.crossed(before, sight, params.past_end_m)
        if entry is None or way_unknown(before, sight, params.entry_gap_s):
            return None
        who = Certainty(before.identity, params.identity_min)
        red = RedPhase.at(self._court, self._line.signal_id, entry.t_ms)
        self._beyond = Beyond(entry, who, red, sight)
        self.open, self._decided, self._foreseen, self._handed_over = True, None, False, False
        self._at.on_the_road.add(self.track_id)
        return self._beyond

    def _leave(self, beyond: Beyond) -> Judged:
        """The rider is no longer beyond this line."""
        violation = self._verdict(beyond, over=True)
        passages = self._closed(beyond)
        self._beyond, self.open = None, False
        self._at.on_the_road.discard(self.track_id)
        return Judged(violations=() if violation is None else (violation,), passages=passages)

    def _decide(self, beyond: Beyond) -> Judged | None:
        """Say what is sure by now; keep the pictures of what is not."""
        violation = self._verdict(beyond, over=False)
        if violation is not None:
            return Judged(violations=(violation,))
        unsure = beyond.far_on_red_ms is not None or beyond.standing_ms is not None
        if self._foreseen or self._handed_over or self._decided is not None or not unsure:
            return None
        self._foreseen = True
        return Judged(foreseen=(self._violation(beyond, self._kind(beyond)),))

    def _tell(self, beyond: Beyond) -> Judged | None:
        """Tell the proofs that wait for it what becomes of this rider, as soon as it is known."""
        if beyond.turned_right or rider_red_light.rode_on(beyond):
            return self._report(Outcome.OTHER)
        return self._report(Outcome.STRAIGHT) if beyond.goes_on and beyond.red.over else None

    def _report(self, outcome: Outcome) -> Judged | None:
        return self._at.proofs.report(self.track_id, outcome)

    def _verdict(self, beyond: Beyond, *, over: bool) -> Violation | None:
        """Return the violation, once; ``over``: nothing more will be seen of this rider here."""
        if self._decided is not None or self._handed_over:
            return None
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

    @staticmethod
    def _kind(beyond: Beyond) -> ViolationKind:
        return rider_red_light.KIND if rider_red_light.rode_on(beyond) else stop_line.KIND

    def _violation(self, beyond: Beyond, kind: ViolationKind) -> Violation:
        rode = kind is rider_red_light.KIND
        confirmed_ms = beyond.far_on_red_ms if rode else beyond.standing_ms
        return Violation(
            kind=kind,
            track_id=self.track_id,
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
        at_entry = self._court.at_entry(self._line.signal_id, beyond.entry.t_ms, self._at.riding.lamp_grace_s)
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
        lost = (
            beyond.red.lost and beyond.advance_m >= self._at.standing.rear_m
        )  # it might have stood, or gone on, on red
        return Reason.LAMP_UNKNOWN if lost else Reason.LITTLE_ADVANCE

    def _closed(self, beyond: Beyond) -> tuple[Passage, ...]:
        unused = self._decided is None and beyond.advance_m < self._at.riding.use_m
        return () if unused or self._handed_over else (self._passage(beyond, self._reason(beyond)),)

    def _passage(self, beyond: Beyond, reason: Reason) -> Passage:
        return Passage(
            track_id=self.track_id,
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
        )


def _both(one: Judged | None, other: Judged | None) -> Judged | None:
    if one is None or other is None:
        return one or other
    return Judged(one.violations + other.violations, one.passages + other.passages, (), one.foreseen + other.foreseen)
