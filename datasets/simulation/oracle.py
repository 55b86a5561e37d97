"""The truth about people on foot and riders on a crosswalk, from the simulation's own state and the law's words.

It shares nothing with the rules. It sees every step of everybody, without noise and without a gap, knows what each was
told to do, and applies 实施条例 art. 39 to places and lamps as they were. docs/simulation.md has the definition.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import LineString

from contract.words import LampState, RoadUserKind, ViolationKind
from datasets.simulation.lamps import Lamps
from datasets.simulation.layout import Crossing, Points
from datasets.simulation.states import STEP_MS, Trace

ADVANCE_M: Final = 3.0
GRACE_MS: Final = 500
STILL_ON_THE_ROAD_M: Final = 1.0
ON_FOOT: Final = RoadUserKind.PEDESTRIAN
CROSSWALK_RIDER: Final = "rides-crosswalk"


@dataclass(frozen=True, slots=True)
class Act:
    """One broken rule as it happened: what violations.jsonl says, and which trace it was."""

    kind: ViolationKind
    zone_id: str
    signal_id: str | None
    entered_ms: int
    confirmed_ms: int
    measure: float
    red_since_ms: int | None = None


def crossed_on_red(trace: Trace, crossing: Crossing, lamps: Lamps) -> Iterator[Act]:
    """Yield what one trace broke on one crosswalk: at most one act a red phase."""
    if trace.kind is not ON_FOOT and not trace.intent.startswith(CROSSWALK_RIDER):
        return
    accused: set[int] = set()
    kind = ViolationKind.PEDESTRIAN_RED_LIGHT if trace.kind is ON_FOOT else ViolationKind.RIDER_RED_LIGHT
    for first, last in _stays(trace.places, crossing):
        if first == 0:
            continue  # nobody saw this one enter
        act = _on_red(trace, crossing, lamps, (first, last), kind)
        if act is not None and act.red_since_ms not in accused:
            accused.add(act.red_since_ms or 0)
            yield act


def _stays(places: Points, crossing: Crossing) -> list[tuple[int, int]]:
    """Return the first and the last step of each stay on the crosswalk.

    Who walks beside it for a moment is still on the road and has not left; who was on a kerb has.
    """
    inside = shapely.contains_xy(crossing.polygon, places)
    along = (places - crossing.ends[0]) @ (crossing.ends[1] - crossing.ends[0]) / crossing.length_m
    between_kerbs = (along > 0) & (along < crossing.length_m)
    near = shapely.distance(crossing.polygon, shapely.points(places)) < STILL_ON_THE_ROAD_M
    stays: list[tuple[int, int]] = []
    for first, last in runs(inside):
        if stays and (between_kerbs & near)[stays[-1][1] : first].all():
            stays[-1] = stays[-1][0], last
        else:
            stays.append((first, last))
    return stays


def runs(holds: np.ndarray) -> list[tuple[int, int]]:
    """Return first and last index of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], holds.astype(np.int8), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _on_red(trace: Trace, crossing: Crossing, lamps: Lamps, stay: tuple[int, int], kind: ViolationKind) -> Act | None:
    first, last = stay
    share = _edge_share(trace.places[first - 1], trace.places[first], crossing)
    entered_ms = trace.start_ms + (first - 1 + share) * STEP_MS
    lamp = lamps.at(crossing.signal_id, entered_ms)
    if lamp.state is not LampState.RED or entered_ms - lamp.start_ms < GRACE_MS:
        return None
    times_ms = np.append(trace.times_ms[first : last + 1], min(lamp.end_ms, trace.times_ms[last]))
    on_red = np.sort(times_ms[times_ms <= lamp.end_ms])
    across = (crossing.ends[1] - crossing.ends[0]) / crossing.length_m
    along = np.interp(on_red, trace.times_ms, trace.places @ across)
    start = np.interp(entered_ms, trace.times_ms, trace.places @ across)
    advance = np.abs(along - start)
    if not (advance >= ADVANCE_M).any():
        return None
    confirmed_ms = round(float(on_red[np.argmax(advance >= ADVANCE_M)]))
    measure = float(advance.max())
    return Act(kind, crossing.id, crossing.signal_id, round(entered_ms), confirmed_ms, measure, lamp.start_ms)


def _edge_share(outside: Points, inside: Points, crossing: Crossing) -> float:
    """Return where on the step the edge was crossed, 0 to 1."""
    step = LineString([outside, inside])
    left_m = step.difference(crossing.polygon).length
    return float(left_m / step.length) if step.length else 1.0
