"""One crosswalk, one approach and one lane in plain metres, with a lamp: traces for the simulation's oracles."""

import numpy as np

from contract.words import LampState, RoadUserKind
from datasets.simulation.layout import Approach, BikeLane, Crossing
from datasets.simulation.states import Trace
from edge.signals.timeline import LampChange, SignalTimeline

CROSSING = Crossing(np.array([[0.0, 0.0], [12.0, 0.0]]), 4.0, "x0", "lamp", 0)
"""Kerb to kerb from x = 0 to 12; its edges at y = -2 and 2."""
LANE = BikeLane("bike", np.array([[-40.0, 0.0], [0.0, 0.0]]), 3.0)
"""From x = -40 to the stop line at 0."""
AHEAD = np.array([[0.0, 0.0], [20.0, 0.0]])
APPROACH = Approach("stop", "lamp", 0, LANE, AHEAD, None, None)
RED_S = (20.0, 50.0)


def lamp(red_s=RED_S, before=LampState.GREEN):
    """Return a lamp that is red once."""
    begins, ends = (round(1000 * t_s) for t_s in red_s)
    states = ((0, before), (begins, LampState.RED), (ends, LampState.GREEN))
    return SignalTimeline(LampChange(t_ms, "lamp", state) for t_ms, state in states)


def trace(*keys, kind=RoadUserKind.PEDESTRIAN, intent="story"):
    """Return the trace through (seconds, x, y), straight and even in between."""
    table = np.array(keys, dtype=float)
    times_s = np.arange(round(table[0, 0] * 10), round(table[-1, 0] * 10) + 1) / 10
    places = np.column_stack([np.interp(times_s, table[:, 0], table[:, axis]) for axis in (1, 2)])
    return Trace(intent, kind, round(table[0, 0] * 1000), places)
