"""When what a rider did at a stop line is a violation, which one, and what there is to say of the passage. Pure.

at_line.py follows the rider; rider_red_light.py and stop_line.py say which facts each rule asks for.
"""

from dataclasses import dataclass, field

from contract.words import LampState, RoadUserKind, ViolationKind, ZoneKind
from edge.observations import Passage, Violation
from edge.rules import rider_red_light, stop_line
from edge.rules.court import Court
from edge.rules.line import Beyond, Line
from edge.rules.params import LineParams, StandingParams
from edge.rules.passage import OnTheRoad
from edge.rules.proofs import Proofs
from edge.rules.reasons import VERDICTS, Reason

RIDER = RoadUserKind.RIDER


@dataclass(frozen=True, slots=True)
class LineRule:
    """What riders must not do at one stop line, and what all who are followed there share."""

    line: Line
    court: Court
    riding: LineParams
    standing: StandingParams
    on_the_road: OnTheRoad
    proofs: Proofs = field(default_factory=Proofs)

    @staticmethod
    def kind(beyond: Beyond) -> ViolationKind:
        """Return which of the two it would be: never both."""
        return rider_red_light.KIND if rider_red_light.rode_on(beyond) else stop_line.KIND

    def violation(self, track_id: int, beyond: Beyond, kind: ViolationKind) -> Violation:
        """Return the violation of a kind, as far as it is known."""
        rode = kind is rider_red_light.KIND
        confirmed_ms = beyond.far_on_red_ms if rode else beyond.standing_ms
        return Violation(
            kind=kind,
            track_id=track_id,
            zone_id=self.line.id,
            signal_id=self.line.signal_id,
            entered_ms=beyond.entry.t_ms,
            confirmed_ms=beyond.last.t_ms if confirmed_ms is None else confirmed_ms,
            measure=beyond.on_red_m if rode else stop_line.stood_s(beyond),
            user=RIDER,
            lamp=LampState.RED,
            lamp_since_ms=beyond.red.since_ms,
            entered_at_m=beyond.entry.at,
        )

    def reason(self, beyond: Beyond) -> Reason:
        """Apply the conditions in the order of ``Reason``."""
        handed_off = self.court.handed_off(beyond.entry.t_ms, beyond.last.t_ms)
        doubt = handed_off or next(beyond.who.doubts(RIDER), None)
        if doubt is not None:
            return doubt
        at_entry = self.court.at_entry(self.line.signal_id, beyond.entry.t_ms, self.riding.lamp_grace_s)
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
        lost = beyond.red.lost and beyond.advance_m >= self.standing.rear_m  # it might have stood, or gone on, on red
        return Reason.LAMP_UNKNOWN if lost else Reason.LITTLE_ADVANCE

    def passage(self, track_id: int, beyond: Beyond, reason: Reason) -> Passage:
        """Return what there is to say of a passage, judged for a reason."""
        return Passage(
            track_id=track_id,
            user=beyond.who.kind or beyond.last.kind,
            zone_kind=ZoneKind.STOP_LINE,
            zone_id=self.line.id,
            signal_id=self.line.signal_id,
            entered_ms=beyond.entry.t_ms,
            left_ms=beyond.last.t_ms,
            lamp_at_entry=self.court.shown(self.line.signal_id, beyond.entry.t_ms).state,
            advance_m=beyond.advance_m,
            verdict=VERDICTS[reason],
            reason=reason.value,
        )
