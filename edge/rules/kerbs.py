"""Where the kerbs are at the two ends of a crosswalk, which may lie aslant to them. Pure.

An outline is given in (metres on the way across, metres at right angles to it: "aside"). Between the levels of two
corners its ends are straight lines; these are found once, since it is asked of everybody near a crosswalk, always.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from calibration.geometry import PolygonM

SKIN_M: Final = 0.01
LOOK_M: Final = 0.5
"""From these two lines along a crosswalk's side its ends are drawn on beside it."""
SAME_LEVEL_M: Final = 1e-6
Span = tuple[float, float, float, float]
"""The lower end at aside 0 and its slope, then the upper end's."""


@dataclass(frozen=True, slots=True)
class Kerbs:
    """The two ends as straight lines, between ``levels_m`` (n,) and, first and last, on beyond them."""

    levels_m: tuple[float, ...]
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, outline_m: PolygonM) -> "Kerbs":
        """Prepare an outline."""
        levels_m = _levels(sorted(aside_m for _, aside_m in outline_m))
        low_m, high_m = levels_m[0], levels_m[-1]
        skin_m, look_m = min(SKIN_M, (high_m - low_m) / 4), min(LOOK_M, (high_m - low_m) / 2)
        below = _span(outline_m, low_m + skin_m, low_m + look_m)
        between = [_span(outline_m, a + (b - a) / 4, b - (b - a) / 4) for a, b in pairwise(levels_m)]
        above = _span(outline_m, high_m - skin_m, high_m - look_m)
        return cls(levels_m, (below, *between, above))

    def at(self, aside_m: float) -> tuple[float, float]:
        """Return the two ends, level with somebody."""
        low_m, low_slope, high_m, high_slope = self.spans[bisect(self.levels_m, aside_m)]
        return low_m + low_slope * aside_m, high_m + high_slope * aside_m


def _levels(asides_m: Sequence[float]) -> tuple[float, ...]:
    levels_m = [asides_m[0]]
    levels_m += [b for a, b in pairwise(asides_m) if b - a > SAME_LEVEL_M]
    return tuple(levels_m)


def _span(outline_m: PolygonM, from_m: float, to_m: float) -> Span:
    (low_a, high_a), (low_b, high_b) = _ends_at(outline_m, from_m), _ends_at(outline_m, to_m)
    low_slope, high_slope = (low_b - low_a) / (to_m - from_m), (high_b - high_a) / (to_m - from_m)
    return low_a - low_slope * from_m, low_slope, high_a - high_slope * from_m, high_slope


def _ends_at(outline_m: PolygonM, aside_m: float) -> tuple[float, float]:
    """Return where a line along the way across meets the outline first and last."""
    met = []
    x1, y1 = outline_m[-1]
    for x2, y2 in outline_m:
        if (y1 > aside_m) != (y2 > aside_m):
            met.append(x1 + (aside_m - y1) / (y2 - y1) * (x2 - x1))
        x1, y1 = x2, y2
    return min(met), max(met)
