"""Follows one rider at one stop line to one verdict: lawful, on red (2007), stopped beyond it (2019), or open. Pure."""

from dataclasses import replace

from edge.observations import Judged, Passage, Violation, together
from edge.rules import rider_red_light, stop_line
from edge.rules.court import RedPhase
from edge.rules.line import Beyond
from edge.rules.line_verdict import LineRule
from edge.rules.passage import Certainty, Follower, answers_for
from edge.rules.proofs import Outcome
from edge.rules.reasons import Reason
from edge.rules.sight import Sight, way_unknown

FAR_M = 40.0
"""Who is so far beyond the line is over the junction."""


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
        passage = self._at.passage(self.track_id, beyond, Reason.STOOD_BEYOND)
        tracks = {other.track_id} if lost else {self.track_id, other.track_id}
        self._at.proofs.keep(self._at.violation(self.track_id, beyond, stop_line.KIND), passage, tracks)
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
        return Judged(foreseen=(self._at.violation(self.track_id, beyond, self._at.kind(beyond)),))

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
        return self._at.violation(self.track_id, beyond, self._at.kind(beyond))

    def _reason(self, beyond: Beyond) -> Reason:
        return self._decided or self._at.reason(beyond)

    def _closed(self, beyond: Beyond) -> tuple[Passage, ...]:
        unused = self._decided is None and beyond.advance_m < self._at.riding.use_m
        return () if unused or self._handed_over else (self._at.passage(self.track_id, beyond, self._reason(beyond)),)


def _both(one: Judged | None, other: Judged | None) -> Judged | None:
    if one is None or other is None:
        return one or other
    return together((one, other))
