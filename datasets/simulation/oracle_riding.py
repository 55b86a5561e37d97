"""The truth about riders at stop lines and in bike lanes, from the simulation's own state.

It shares nothing with the rules.
"""

from collections.abc import Iterator
from math import floor
from typing import Final

import numpy as np
import shapely

from contract.words import LampState, RoadUserKind, ViolationKind
from datasets.crossing_truth import ADVANCE_M, GRACE_MS, runs
from datasets.simulation.demand import BIKE_LENGTH_M
from datasets.simulation.layout import Approach, BikeLane
from datasets.simulation.oracle import Act
from datasets.simulation.states import STEP_MS, Trace
from edge.signals.timeline import Shown, Signals

STOP_MS: Final = 5000
STANDS_M: Final = 0.15
"""Who moves by less in half a second stands: twice the sway of a body."""
HALF_S: Final = 5
LINE_ROOM_M: Final = 0.3
WRONG_WAY_M: Final = 8.0
WRONG_WAY_MS: Final = 2000
RIDING_MPS: Final = 1.7
"""Between who pushes (at most 1.4 m/s here) and who rides (at least 2.5 m/s here)."""
TURNS_RIGHT: Final = "right"


def at_stop_line(trace: Trace, approach: Approach, lamps: Signals) -> Iterator[Act]:
    """Yield what one trace broke at one stop line: riding on red, or standing beyond the line, never both."""
    if trace.kind is not RoadUserKind.RIDER or trace.intent.removeprefix("ride-").startswith(TURNS_RIGHT):
        return
    line, heading = approach.lane.middle[-1], approach.lane.heading
    ahead = (trace.places - line) @ heading
    beside = np.abs((trace.places - line) @ np.array([-heading[1], heading[0]]))
    crossed = (ahead[1:] >= 0) & (ahead[:-1] < 0) & (beside[1:] <= approach.lane.width_m / 2 + LINE_ROOM_M)
    for step in np.flatnonzero(crossed)[:1]:
        share = -ahead[step] / (ahead[step + 1] - ahead[step])
        entered_ms = float(trace.start_ms + (step + share) * STEP_MS)
        lamp = lamps.shown(approach.signal_id, floor(entered_ms))
        if lamp.state is LampState.RED and lamp.since_ms is not None and entered_ms - lamp.since_ms >= GRACE_MS:
            yield from _beyond(trace, approach, ahead, (entered_ms, lamp))


def _beyond(trace: Trace, approach: Approach, ahead: np.ndarray, entry: tuple[float, Shown]) -> Iterator[Act]:
    entered_ms, lamp = entry
    on_red = trace.times_ms >= entered_ms
    if lamp.until_ms is not None:
        on_red &= trace.times_ms <= lamp.until_ms
    where = approach.id, approach.signal_id, round(entered_ms)
    far = on_red & (ahead >= ADVANCE_M)
    if far.any():
        confirmed_ms = int(trace.times_ms[np.argmax(far)])
        yield Act(ViolationKind.RIDER_RED_LIGHT, *where, confirmed_ms, float(ahead[on_red].max()), lamp.since_ms)
        return
    stands = on_red & (ahead - BIKE_LENGTH_M / 2 > 0) & _standing(trace)
    for first, last in runs(stands):
        stood_ms = (last - first) * STEP_MS
        if stood_ms >= STOP_MS:
            confirmed_ms = int(trace.times_ms[first]) + STOP_MS
            yield Act(ViolationKind.STOP_LINE, *where, confirmed_ms, stood_ms / 1000, lamp.since_ms)
            return


def _standing(trace: Trace) -> np.ndarray:
    """Return (N,) bool: whether somebody moves by less than a step around each time."""
    ends = np.arange(len(trace.places))
    before, after = np.maximum(ends - HALF_S // 2, 0), np.minimum(ends + HALF_S // 2 + 1, len(ends) - 1)
    stands: np.ndarray = np.hypot(*(trace.places[after] - trace.places[before]).T) < STANDS_M
    return stands


def against_the_lane(trace: Trace, lane: BikeLane) -> Iterator[Act]:
    """Yield one trace's rides against a lane."""
    if trace.kind is not RoadUserKind.RIDER or len(trace.places) < 2:
        return
    backwards_mps = -np.diff(trace.places @ lane.heading) * 1000 / STEP_MS
    inside = shapely.contains_xy(lane.polygon, trace.places)
    rides = inside[1:] & inside[:-1] & (backwards_mps >= RIDING_MPS)
    for first, last in runs(rides):
        ridden_m = np.cumsum(backwards_mps[first : last + 1]) * STEP_MS / 1000
        lasted_ms = np.arange(1, last - first + 2) * STEP_MS
        met = (ridden_m >= WRONG_WAY_M) & (lasted_ms >= WRONG_WAY_MS)
        if met.any():
            entered_ms = int(trace.times_ms[first])
            confirmed_ms = entered_ms + int(lasted_ms[np.argmax(met)])
            yield Act(ViolationKind.WRONG_WAY, lane.id, None, entered_ms, confirmed_ms, float(ridden_m[-1]))
