"""Who plays what, where and when: parts are given out over the crosswalks, stop lines and lanes of a simulation."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Final, TypeVar

import numpy as np
from shapely import LineString, unary_union

from contract.words import LampState, RoadUserKind
from datasets.lamp_spans import PlayedLamps, Span
from datasets.simulation import lane_riders, riders, walkers
from datasets.simulation.acting import Frame, Way, across, trace_of
from datasets.simulation.layout import Crossing, Layout
from datasets.simulation.site import Site
from datasets.simulation.states import Trace

ON_FOOT_A_RED: Final = 4
RIDING_A_RED: Final = 6
LANE_EVERY_S: Final = 40.0
CROSSWALK_RIDER_SHARE: Final = 0.5
TWO_CROSSWALKS_SHARE: Final = 0.3
RED_MIN_S: Final = 18.0
NEAR_M: Final = 14.0
RUN_UP_M: Final = 8.0
RUN_UP_MIN_M: Final = 1.5
BESIDE_LINE_M: Final = 1.0
Stage = TypeVar("Stage")


def play(site: Site, layout: Layout, lamps: PlayedLamps, seconds: float) -> Iterator[Trace]:
    """Yield everybody who is to be played beside SUMO's own traffic."""
    random = np.random.default_rng([site.seed, 3])
    traces = chain(
        _on_foot(layout, lamps, random),
        _riding(layout, lamps, (site, random)),
        _in_lanes(site, layout, seconds, random),
    )
    return (trace for trace in traces if trace.start_ms >= 0 and trace.times_ms[-1] < seconds * 1000)


def _reds(lamps: PlayedLamps, signal_id: str) -> list[Span]:
    reds = lamps.whole(signal_id, LampState.RED)
    return [red for red in reds if red.lasts_ms >= RED_MIN_S * 1000]


def _part(parts: dict[Callable[[Stage], Way], float], random: np.random.Generator) -> Callable[[Stage], Way]:
    weights = np.array(list(parts.values()))
    return list(parts)[int(random.choice(len(parts), p=weights / weights.sum()))]


def _intent(part: Callable[..., Any]) -> str:
    return part.__name__.replace("_", "-")


def _on_foot(layout: Layout, lamps: PlayedLamps, random: np.random.Generator) -> Iterator[Trace]:
    for crossing in layout.crossings:
        for red in _reds(lamps, crossing.signal_id):
            for _ in range(ON_FOOT_A_RED):
                frame = across(crossing, backwards=bool(random.random() < 0.5))
                part = _part(walkers.PARTS, random)
                way = part(walkers.stage(frame, red, random))
                yield trace_of(way, _intent(part), RoadUserKind.PEDESTRIAN, crossing.id, random)
            if random.random() < TWO_CROSSWALKS_SHARE:
                yield from _two_in_one_go(crossing, layout, red, random)


def _two_in_one_go(first: Crossing, layout: Layout, red: Span, random: np.random.Generator) -> Iterator[Trace]:
    """Play somebody who crosses one road on red and the next at once, whatever its lamp shows."""
    backwards = bool(random.random() < 0.5)
    one = walkers.stage(across(first, backwards=backwards), red, random)
    corner = one.frame.at(one.frame.length_m)
    others = [
        frame
        for crossing in layout.crossings
        if crossing is not first
        for frame in (across(crossing, backwards=False), across(crossing, backwards=True))
        if np.hypot(*np.subtract(frame.at(0), corner)) < NEAR_M
    ]
    if not others:
        return
    frame = min(others, key=lambda other: float(np.hypot(*np.subtract(other.at(0), corner))))
    two = walkers.Stage(frame, one.red_s, 0.0, one.speed_mps, random)
    way = one.to(one.comes(one.draw(one.red_s[0] + 1, one.red_s[1] - 5)), one.frame.length_m + 1.5)
    way = two.leaves(way.go(frame.at(-1.5), one.speed_mps).go(frame.at(0), one.speed_mps))
    yield trace_of(way, "two-crosswalks-in-one-go", RoadUserKind.PEDESTRIAN, first.id, random)


def _riding(layout: Layout, lamps: PlayedLamps, of: tuple[Site, np.random.Generator]) -> Iterator[Trace]:
    site, random = of
    for approach in layout.approaches:
        parts = riders.STRAIGHT_PARTS | (riders.RIGHT_PARTS if approach.right_turn is not None else {})
        for red in _reds(lamps, approach.signal_id):
            for _ in range(RIDING_A_RED):
                part = _part(parts, random)
                way = part(riders.ride(approach, red, site.yellow_s, random))
                yield trace_of(way, _intent(part), RoadUserKind.RIDER, approach.id, random)
    for crossing in layout.crossings:
        for span in (*_reds(lamps, crossing.signal_id), *lamps.whole(crossing.signal_id, LampState.GREEN)):
            if random.random() < CROSSWALK_RIDER_SHARE:
                yield _on_crosswalk(crossing, span, layout, random)


def _on_crosswalk(crossing: Crossing, span: Span, layout: Layout, random: np.random.Generator) -> Trace:
    """Play somebody who rides over a crosswalk, kerb to kerb, like those on foot, and comes from the corner."""
    enters_s = float(random.uniform(span.since_ms / 1000 + 0.8, span.until_ms / 1000 - 1.5))
    half_m = crossing.width_m / 2 - 0.6
    frame = across(crossing, backwards=bool(random.random() < 0.5))
    speed_mps, left_m = float(random.uniform(2.5, 5)), float(random.uniform(-half_m, half_m))
    way = riders.along_crosswalk(frame, (enters_s, speed_mps, left_m), _corner_m(frame, left_m, layout))
    return trace_of(way, f"rides-crosswalk-on-{span.state.value}", RoadUserKind.RIDER, crossing.id, random)


def _corner_m(frame: Frame, left_m: float, layout: Layout) -> float:
    """Return how far somebody can have come to a crosswalk over the corner, and over no stop line."""
    lines = unary_union([approach.line.buffer(BESIDE_LINE_M) for approach in layout.approaches])
    comes_m = RUN_UP_M
    while comes_m > RUN_UP_MIN_M and LineString([frame.at(-comes_m, left_m), frame.at(0, left_m)]).intersects(lines):
        comes_m -= 0.5
    return comes_m


def _in_lanes(site: Site, layout: Layout, seconds: float, random: np.random.Generator) -> Iterator[Trace]:
    for lane in layout.lanes:
        t_s = float(random.exponential(LANE_EVERY_S))
        while t_s < seconds - 20:
            parts = lane_riders.WRONG if random.random() < site.wrong_share else lane_riders.RIGHT
            part = _part(parts, random)
            way = part(lane_riders.lane(lane, t_s, random))
            yield trace_of(way, _intent(part), RoadUserKind.RIDER, lane.id, random)
            t_s += float(random.exponential(LANE_EVERY_S))
