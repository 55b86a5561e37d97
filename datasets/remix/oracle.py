"""The truth of a remix: who crossed on red, from the places played and the lamp drawn. It knows none of our rules.

Written from the definition alone. 实施条例 art. 39: on red one must not enter, and who is on the crossing may finish.
So a violation is an entry that begins outside, while the lamp is red and has been for the grace, and then, on that
same red and inside, an advance along the way across. Once for each red phase. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from contract.words import LampState
from datasets.remix.values import Crossing, Phase, PlacesM, Programme

FINE_MS: Final = 20
"""Places between two frames are taken on the straight way, this fine."""
ADVANCE_M: Final = 3.0
GRACE_MS: Final = 500
AWAY_MS: Final = 1000
"""Who is out for no longer has not left."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """One violation: when it began, when it was complete, and how far it went on that red."""

    entered_ms: int
    confirmed_ms: int
    advance_m: float
    phase: Phase


def crossed_on_red(
    times_ms: NDArray[np.int64], feet_m: PlacesM, crossing: Crossing, programme: Programme
) -> tuple[Crossed, ...]:
    """Return the violations of one person.

    Args:
        times_ms: (N,) the times of the frames, ascending.
        feet_m: (N, 2) where the feet were.
        crossing: the crosswalk.
        programme: the lamp.
    """
    fine_ms = np.arange(times_ms[0], times_ms[-1] + FINE_MS, FINE_MS)
    places = np.stack([np.interp(fine_ms, times_ms, feet_m[:, axis]) for axis in (0, 1)], axis=1)
    inside = shapely.contains_xy(shapely.Polygon(crossing.polygon_m), places[:, 0], places[:, 1])
    along_m = places @ np.asarray(crossing.across)
    found: dict[int, Crossed] = {}
    for stay in _stays(inside):
        crossed = _on_red(fine_ms[stay], along_m[stay], inside[stay], programme)
        if crossed is not None:
            found.setdefault(crossed.phase.since_ms, crossed)
    return tuple(found.values())


def _stays(inside: NDArray[np.bool_]) -> Iterator[slice]:
    """Yield the stays whose entry was seen; a short way out and back is part of one."""
    steps = np.flatnonzero(inside)
    if len(steps) == 0:
        return
    for run in np.split(steps, np.flatnonzero(np.diff(steps) * FINE_MS > AWAY_MS) + 1):
        if run[0] > 0:
            yield slice(int(run[0]), int(run[-1]) + 1)


def _on_red(
    times_ms: NDArray[np.int64], along_m: NDArray[np.float64], inside: NDArray[np.bool_], programme: Programme
) -> Crossed | None:
    entered_ms = int(times_ms[0])
    phase = programme.at(entered_ms)
    if phase.state is not LampState.RED or entered_ms < phase.since_ms + GRACE_MS:
        return None
    counted = inside & (times_ms < phase.until_ms)
    advance_m = np.where(counted, np.abs(along_m - along_m[0]), 0.0)
    far = np.flatnonzero(advance_m >= ADVANCE_M)
    if len(far) == 0:
        return None
    return Crossed(entered_ms, int(times_ms[far[0]]), float(advance_m.max()), phase)
