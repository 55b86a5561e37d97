"""Where one road user was at one instant, as the rules see it: steadied, and with what is doubtful. Values only."""

from math import dist
from typing import Final, NamedTuple

from calibration.geometry import PointM
from contract.words import RoadUserKind

LEAP_M: Final = 2.0
LEAP_MPS: Final = 15.0
"""Nobody goes further between two sights than this, and this much a second: faster than any rider, with jitter."""
SURE: Final = 2.0
"""So many standard errors of the place are taken off what is held against somebody: one in forty is further off."""


class Sight(NamedTuple):
    """One road user at one instant. A NamedTuple, since a rule sees hundreds of thousands of them an hour.

    ``identity`` (0 to 1) is how sure it is that this is still who the track began with; ``settled`` is False while the
    kind is open, and also where two rows of the same instant name two kinds; ``exchanged_with`` is the track with
    which, by the places, this one may just have exchanged its number; ``off_m`` is the standard error of the place,
    by the track's own jitter.
    """

    t_ms: int
    x_m: float
    y_m: float
    kind: RoadUserKind = RoadUserKind.PEDESTRIAN
    settled: bool = True
    identity: float = 1.0
    exchanged_with: int | None = None
    off_m: float = 0.0

    @property
    def point(self) -> PointM:
        """Return the place."""
        return self.x_m, self.y_m


def way_unknown(a: Sight, b: Sight, gap_s: float) -> bool:
    """Tell whether nobody can say how one got from ``a`` to ``b``: unseen for too long, or leapt.

    A number that leaps has passed to somebody else, or its place was wrong: who waits at the kerb has not stepped onto
    the crosswalk because somebody in its middle bears their number now.
    """
    unseen_s = (b.t_ms - a.t_ms) / 1000
    return unseen_s > gap_s or dist(a.point, b.point) > LEAP_M + LEAP_MPS * unseen_s


def between(a: Sight, b: Sight, t_ms: float) -> PointM:
    """Return the place at a time between two sights, on the straight and even way."""
    share = 1.0 if b.t_ms == a.t_ms else (t_ms - a.t_ms) / (b.t_ms - a.t_ms)
    return a.x_m + (b.x_m - a.x_m) * share, a.y_m + (b.y_m - a.y_m) * share
