"""One rider at one stop line: the crossing, the way beyond it, the stop there, and the turn to the right. Pure.

It owns the facts that riding on red (rider_red_light.py) and standing beyond the line (stop_line.py) share, so that one
act is never both; those files say which facts are a violation.
"""

from dataclasses import dataclass, field
from math import dist, hypot, inf
from typing import Final

from calibration.geometry import PointM, PolygonM, contains, distance_m, unit
from calibration.scene import StopLine
from edge.rules.court import Court, RedPhase
from edge.rules.params import LineParams, StandingParams
from edge.rules.passage import Certainty, Entry
from edge.rules.sight import SURE, Sight, between, way_unknown

Params = tuple[LineParams, StandingParams]
TURNED_M: Final = 0.4
"""Who is so deep in the right-turn area turns; at its edge one may be on the way ahead."""


@dataclass(frozen=True, slots=True)
class Line:
    """A stop line, prepared: metres ahead count from it towards the junction, metres beside from its first end."""

    id: str
    signal_id: str
    start_m: PointM
    along: PointM
    ahead: PointM
    length_m: float
    right_turn_m: PolygonM | None
    right_turn_ends_m: float

    @classmethod
    def of(cls, drawn: StopLine) -> "Line":
        """Prepare a stop line."""
        start, end = drawn.line_m
        along = unit((end[0] - start[0], end[1] - start[1]))
        ahead = (-along[1], along[0])
        if (drawn.beyond_m[0] - start[0]) * ahead[0] + (drawn.beyond_m[1] - start[1]) * ahead[1] < 0:
            ahead = (-ahead[0], -ahead[1])
        area = drawn.right_turn_m
        ends_m = max(((x - start[0]) * ahead[0] + (y - start[1]) * ahead[1] for x, y in area or ()), default=0.0)
        return cls(drawn.id, drawn.signal_id, start, along, ahead, dist(start, end), area, ends_m)

    def ahead_m(self, point: PointM) -> float:
        """Return how far beyond the line a point is; below 0 it is before it."""
        return (point[0] - self.start_m[0]) * self.ahead[0] + (point[1] - self.start_m[1]) * self.ahead[1]

    def beside_m(self, point: PointM) -> float:
        """Return how far along the line a point is, 0 to ``length_m``."""
        return (point[0] - self.start_m[0]) * self.along[0] + (point[1] - self.start_m[1]) * self.along[1]

    def beyond_m(self, reach_m: float) -> PolygonM:
        """Return the corners of what is beyond the line, up to ``reach_m`` ahead and to either side."""
        (x, y), (along_x, along_y), (ahead_x, ahead_y) = self.start_m, self.along, self.ahead
        return tuple(
            (x + along_x * beside_m + ahead_x * ahead_m, y + along_y * beside_m + ahead_y * ahead_m)
            for beside_m in (-reach_m, self.length_m + reach_m)
            for ahead_m in (0.0, reach_m)
        )

    def crossed(self, a: Sight, b: Sight, past_end_m: float) -> Entry | None:
        """Return where and when the way from ``a`` to ``b`` crosses the line towards the junction, if it does."""
        from_m, to_m = self.ahead_m(a.point), self.ahead_m(b.point)
        if not from_m < 0 <= to_m:
            return None
        t_ms = a.t_ms + from_m / (from_m - to_m) * (b.t_ms - a.t_ms)
        at = between(a, b, t_ms)
        over = -past_end_m <= self.beside_m(at) <= self.length_m + past_end_m
        return Entry(round(t_ms), at) if over else None


@dataclass(slots=True)
class Standing:
    """Whether somebody has stopped with the rear wheel beyond the line, and for how long.

    Somebody stands who stays within ``still_m`` of the middle of where they have stood; the rear wheel is beyond the
    line where it is so in the mean, since the place of somebody who stands may jitter.
    """

    since_ms: int = 0
    sum_x_m: float = 0.0
    sum_y_m: float = 0.0
    sum_ahead_m: float = 0.0
    count: int = 0
    longest_ms: int = 0

    def note(self, point: PointM, ahead_m: float, t_ms: int, params: StandingParams) -> None:
        """Take a place in."""
        if ahead_m < params.rear_m - params.still_m / 2:
            self.count = 0
            return
        if self.count == 0 or self._away_m(point) > params.still_m:
            self.since_ms, self.count = t_ms, 0
            self.sum_x_m = self.sum_y_m = self.sum_ahead_m = 0.0
        self.sum_x_m += point[0]
        self.sum_y_m += point[1]
        self.sum_ahead_m += ahead_m
        self.count += 1
        if self.sum_ahead_m >= params.rear_m * self.count:
            self.longest_ms = max(self.longest_ms, t_ms - self.since_ms)

    def _away_m(self, point: PointM) -> float:
        return hypot(point[0] - self.sum_x_m / self.count, point[1] - self.sum_y_m / self.count)


@dataclass(slots=True)
class Beyond:
    """A rider beyond a line. ``on_red_m`` and ``standing`` count in the red phase of the entry alone."""

    entry: Entry
    who: Certainty
    red: RedPhase
    last: Sight
    advance_m: float = 0.0
    on_red_m: float = 0.0
    far_on_red_ms: int | None = None
    standing_ms: int | None = None
    right_turn_nearest_m: float = inf
    turned_right: bool = False
    goes_on: bool = False
    standing: Standing = field(default_factory=Standing)

    def note(self, line: Line, court: Court, before: Sight, sight: Sight, params: Params) -> None:
        """Take a sight in."""
        riding, _ = params
        self.last = sight
        self.who.note(sight)
        if way_unknown(before, sight, riding.track_gap_s):
            self.who.interrupted = True
        self.advance_m = max(self.advance_m, line.ahead_m(sight.point))
        from_ms = max(before.t_ms, self.entry.t_ms)
        red_until_ms = self.red.until(court, from_ms, sight.t_ms)
        if red_until_ms is not None:
            self._note_on_red(line, before, sight, red_until_ms, params)
        self._note_right_turn(line, sight, riding.leaves_m)

    def _note_on_red(self, line: Line, before: Sight, sight: Sight, until_ms: int, params: Params) -> None:
        riding, stopping = params
        reached = sight.point if until_ms == sight.t_ms else between(before, sight, until_ms)
        ahead_m = line.ahead_m(reached)
        self.on_red_m = max(self.on_red_m, ahead_m)
        if self.far_on_red_ms is None and ahead_m - SURE * sight.off_m >= riding.advance_m:
            self.far_on_red_ms = sight.t_ms
        self.standing.note(reached, ahead_m, until_ms, stopping)
        if self.standing_ms is None and self.standing.longest_ms >= stopping.stop_s * 1000:
            self.standing_ms = sight.t_ms

    def _note_right_turn(self, line: Line, sight: Sight, leaves_m: float) -> None:
        """Watch whether somebody reaches the right-turn area, or has left it aside."""
        if line.right_turn_m is None or self.goes_on or self.turned_right:
            self.goes_on = not self.turned_right
            return
        edge_m = distance_m(line.right_turn_m, sight.point)
        inside = contains(line.right_turn_m, sight.point)
        self.turned_right = inside and edge_m >= TURNED_M
        away_m = 0.0 if inside else edge_m
        nearest_m = self.right_turn_nearest_m = min(away_m, self.right_turn_nearest_m)
        past = line.ahead_m(sight.point) > line.right_turn_ends_m
        self.goes_on = not self.turned_right and (past or away_m > nearest_m + leaves_m)
