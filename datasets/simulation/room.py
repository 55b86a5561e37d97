"""Two bicycles are never in one place: who would ride through another, or stand in one, is not played."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from math import dist, floor
from typing import Final

from calibration.geometry import PointM
from contract.words import RoadUserKind
from datasets.simulation.states import STEP_MS, Trace

BODY_M: Final = 0.6
"""How near the middles of two riders come at most: the width of handlebars and shoulders."""
AROUND: Final = tuple(product((-1, 0, 1), repeat=2))


class Room:
    """Where riders are at each step, in squares of ``BODY_M``."""

    def __init__(self, traces: Iterable[Trace]) -> None:
        self._taken: defaultdict[tuple[int, int, int], list[PointM]] = defaultdict(list)
        for trace in traces:
            if trace.kind is RoadUserKind.RIDER:
                self._take(trace)

    def played(self, traces: Iterable[Trace]) -> Iterator[Trace]:
        """Yield those who find room among all who came before them."""
        for trace in traces:
            if trace.kind is not RoadUserKind.RIDER:
                yield trace
            elif self._free(trace):
                self._take(trace)
                yield trace

    def _take(self, trace: Trace) -> None:
        for step, column, row, place in _steps(trace):
            self._taken[step, column, row].append(place)

    def _free(self, trace: Trace) -> bool:
        return not any(
            dist(place, other) < BODY_M
            for step, column, row, place in _steps(trace)
            for right, up in AROUND
            for other in self._taken.get((step, column + right, row + up), ())
        )


def _steps(trace: Trace) -> Iterator[tuple[int, int, int, PointM]]:
    for step, (x, y) in enumerate(trace.places.tolist(), trace.start_ms // STEP_MS):
        yield step, floor(x / BODY_M), floor(y / BODY_M), (x, y)
