"""The truth about yielding (礼让斑马线, 道交法 art. 47): who went first where a vehicle met somebody on a crosswalk.

Only SUMO's own people count: its drivers know nothing of those who are played.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from contract.words import RoadUserKind
from datasets.crossing_truth import runs
from datasets.simulation.layout import Crossing, Points
from datasets.simulation.oracle import ON_FOOT
from datasets.simulation.states import STEP_MS, Trace

NEAR_M: Final = 10.0
"""A vehicle so near before the crosswalk meets whoever is on it."""
CLOSE_S: Final = 4.0
"""Who passes by more than this apart had nothing to do with each other."""
VEHICLES: Final = frozenset({RoadUserKind.CAR, RoadUserKind.BUS, RoadUserKind.TRUCK})


@dataclass(frozen=True, slots=True)
class Meeting:
    """One vehicle at one crosswalk, and the one person (index of the trace) with whom it was closest in time.

    ``gap_s`` is by how much the vehicle came later to the place where both ways cross; below 0 it went first.
    ``distance_m`` is how far the person was from that place when the vehicle was in it.
    """

    zone_id: str
    person: int
    entered_ms: int
    yielded: bool
    gap_s: float
    distance_m: float


@dataclass(frozen=True, slots=True)
class _Stay:
    """Somebody on a crosswalk: metres along it, step by step from ``from_ms``."""

    person: int
    from_ms: int
    along_m: np.ndarray


def meetings(traces: list[Trace], crossing: Crossing) -> Iterator[tuple[int, Meeting]]:
    """Yield each vehicle (index of its trace) that met somebody on a crosswalk."""
    people = [stay for index, trace in enumerate(traces) for stay in _stays(index, trace, crossing)]
    for index, trace in enumerate(traces):
        if trace.kind in VEHICLES:
            yield from ((index, meeting) for meeting in _met(trace, crossing, people))


def _stays(index: int, trace: Trace, crossing: Crossing) -> Iterator[_Stay]:
    if trace.kind is not ON_FOOT or trace.zone_id is not None:
        return
    along = _along_m(trace.places, crossing)
    for first, last in runs(shapely.contains_xy(crossing.polygon, trace.places)):
        yield _Stay(index, int(trace.times_ms[first]), along[first : last + 1])


def _along_m(places: Points, crossing: Crossing) -> np.ndarray:
    along: np.ndarray = (places - crossing.ends[0]) @ (crossing.ends[1] - crossing.ends[0]) / crossing.length_m
    return along


def _met(vehicle: Trace, crossing: Crossing, people: Iterable[_Stay]) -> Iterator[Meeting]:
    on_it = runs(shapely.contains_xy(crossing.polygon, vehicle.places))
    if not on_it:
        return
    first, last = on_it[0]
    middle = (first + last) // 2
    place_m = float(_along_m(vehicle.places[middle : middle + 1], crossing)[0])
    way_m = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(vehicle.places, axis=0).T))])
    near = int(np.argmax(way_m >= way_m[first] - NEAR_M))
    near_ms, through_ms = (int(vehicle.times_ms[step]) for step in (near, middle))
    found = [meeting for stay in people if (meeting := _with(stay, place_m, near_ms, through_ms)) is not None]
    if not found:
        return
    gap_s, distance_m, person = min(found, key=lambda m: (m[0] > 0, abs(m[0])))
    yield Meeting(crossing.id, person, int(vehicle.times_ms[first]), gap_s > 0, gap_s, distance_m)


def _with(stay: _Stay, place_m: float, near_ms: int, through_ms: int) -> tuple[float, float, int] | None:
    """Return gap, distance and person, where somebody was on the way to the place while the vehicle was near."""
    ahead = np.sign(place_m - stay.along_m)
    passes = np.flatnonzero(ahead != ahead[0])
    if not len(passes):
        return None
    passes_ms = stay.from_ms + int(passes[0]) * STEP_MS
    gap_s = (through_ms - passes_ms) / 1000
    if passes_ms < near_ms or stay.from_ms > through_ms or abs(gap_s) > CLOSE_S:
        return None
    step = min(max((through_ms - stay.from_ms) // STEP_MS, 0), len(stay.along_m) - 1)
    return gap_s, abs(float(stay.along_m[step]) - place_m), stay.person
