"""One road user in one zone: where and when it came in, and what is doubtful about who it is. Pure.

Times are ms, places metres on the ground. Between two sights the way is taken to be straight and even, so that a
dropped frame moves neither the entry nor the advance.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Final, Protocol

from shapely import Polygon, union_all

from calibration.geometry import PointM, PolygonM, contains, entry_fraction, extent_m
from calibration.scene import Crosswalk
from contract.words import RoadUserKind
from edge.observations import Judged
from edge.rules.kerbs import Kerbs
from edge.rules.reasons import Reason
from edge.rules.sight import Sight, between


class Follower(Protocol):
    """One track's dealings with one zone, as the engine sees them.

    ``open`` tells whether something has begun that is to be told of every sight; ``accused`` are the red phases (or the
    stays) for which this road user has been accused here.
    """

    open: bool
    accused: set[int | None]

    def see(self, before: Sight | None, sight: Sight) -> Judged | None:
        """Take one sight in; ``before`` is the track's last one."""
        ...

    def doubted(self, other: "Follower", *, lost: bool) -> None:
        """From now on ``other`` may be following, in the same zone, the one who was followed here.

        ``lost``: this number is gone, and the other is new; else the two may have been exchanged.
        """
        ...

    def end(self) -> Judged | None:
        """The road user is gone."""
        ...


ACTS_KEPT: Final = 8


def answers_for(one: set[int | None], other: set[int | None]) -> set[int | None]:
    """Return what is accused of one of two who may be each other: of the latest red phases (or stays) alone.

    In a crowd doubt goes from one to the next all day long; nobody is on a crosswalk for eight red phases.
    """
    acts = sorted(one | other, key=lambda since_ms: inf if since_ms is None else since_ms)
    return set(acts[-ACTS_KEPT:])


OnTheRoad = set[int]
"""The tracks of riders who came over a stop line and are on the junction: their lamp is the road's."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A crosswalk, with the carriageway that a scene may draw around it, prepared for being asked often.

    ``ends_m`` are its smallest and largest coordinate on the way across, ``sides_m`` at right angles to it.
    """

    id: str
    signal_id: str
    polygon_m: PolygonM
    across: PointM
    ends_m: tuple[float, float]
    sides_m: tuple[float, float]
    kerbs: Kerbs

    @classmethod
    def of(cls, crosswalk: Crosswalk) -> "Zone":
        """Prepare a crosswalk."""
        outline = _together(crosswalk.polygon_m, crosswalk.carriageway_m)
        x, y = crosswalk.across
        turned = tuple((px * x + py * y, py * x - px * y) for px, py in outline)
        return cls(
            id=crosswalk.id,
            signal_id=crosswalk.signal_id,
            polygon_m=outline,
            across=crosswalk.across,
            ends_m=extent_m(outline, crosswalk.across),
            sides_m=extent_m(outline, (-y, x)),
            kerbs=Kerbs.of(turned),
        )

    def holds(self, point: PointM) -> bool:
        """Tell whether a point is on the crosswalk."""
        return contains(self.polygon_m, point)

    def along_m(self, point: PointM) -> float:
        """Return the coordinate on the way across."""
        return point[0] * self.across[0] + point[1] * self.across[1]

    def beside_along_m(self, point: PointM) -> float:
        """Return the coordinate at right angles to the way across."""
        return point[1] * self.across[0] - point[0] * self.across[1]

    def kerbs_m(self, point: PointM) -> tuple[float, float]:
        """Return where on the way across the kerbs are, level with a point; a crosswalk may lie aslant to them."""
        return self.kerbs.at(self.beside_along_m(point))

    def road_m(self, road_m: float) -> PolygonM:
        """Return the outline, and the corners of the road up to ``road_m`` beside it, between the kerbs."""
        (x, y), (low_m, high_m) = self.across, self.sides_m
        asides = [(-y * aside_m, x * aside_m) for aside_m in (low_m - road_m, high_m + road_m)]
        corners = [(px + x * end_m, py + y * end_m) for px, py in asides for end_m in self.kerbs_m((px, py))]
        return *self.polygon_m, *corners

    def between_kerbs(self, point: PointM) -> bool:
        """Tell whether a point is neither before nor beyond the crosswalk's ends, but on it or beside it."""
        low_m, high_m = self.kerbs_m(point)
        return low_m <= self.along_m(point) <= high_m

    def beside_by_m(self, point: PointM) -> float | None:
        """Return how far a point is beside the crosswalk, at right angles to the way across; 0 where it is on it.

        None where it is before or beyond the crosswalk's ends: on a kerb.
        """
        return self.aside_m(point) if self.between_kerbs(point) else None

    def aside_m(self, point: PointM) -> float:
        """Return how far a point is beyond the crosswalk's sides, at right angles to the way across."""
        aside_m, (low_m, high_m) = self.beside_along_m(point), self.sides_m
        return max(low_m - aside_m, aside_m - high_m, 0.0)

    def from_end_m(self, point: PointM) -> float:
        """Return how far a point is from the nearer end, along the way across."""
        along = self.along_m(point)
        low_m, high_m = self.kerbs_m(point)
        return min(along - low_m, high_m - along)


def _together(crosswalk: PolygonM, carriageway: PolygonM | None) -> PolygonM:
    if carriageway is None:
        return crosswalk
    whole = union_all([Polygon(crosswalk), Polygon(carriageway)])
    return tuple((x, y) for x, y in whole.exterior.coords[:-1]) if isinstance(whole, Polygon) else crosswalk


@dataclass(frozen=True, slots=True)
class Entry:
    """When and where a road user came in."""

    t_ms: int
    at: PointM


def find_entry(zone: Zone, outside: Sight, inside: Sight) -> Entry:
    """Return the crossing of the crosswalk's edge between the last sight outside and the first inside."""
    share = entry_fraction(zone.polygon_m, outside.point, inside.point)
    t_ms = outside.t_ms + share * (inside.t_ms - outside.t_ms)
    return Entry(round(t_ms), between(outside, inside, t_ms))


@dataclass(slots=True)
class Certainty:
    """What is doubtful about who passes. What is open may settle; what was once contradicted stays a doubt.

    ``came_as`` is how sure the identity was when the passage began: doubts from before concern nobody here.
    """

    came_as: float
    identity_min: float
    kinds: set[RoadUserKind] = field(default_factory=set)
    settled: bool = False
    same: bool = True
    exchanged: bool = False
    interrupted: bool = False

    def note(self, sight: Sight) -> None:
        """Take a sight in."""
        self.settled = sight.settled
        if sight.settled:
            self.kinds.add(sight.kind)
        self.same = sight.identity >= self.identity_min * self.came_as
        self.exchanged = self.exchanged or sight.exchanged_with is not None

    def doubts(self, kind: RoadUserKind) -> Iterator[Reason]:
        """Yield what speaks against accusing somebody as this kind, in the order of ``Reason``."""
        if not self.settled or self.kinds != {kind}:
            yield Reason.KIND_UNSETTLED
        if not self.same or self.exchanged:
            yield Reason.IDENTITY_UNSURE
        if self.interrupted:
            yield Reason.TRACK_INTERRUPTED

    @property
    def kind(self) -> RoadUserKind | None:
        """Return the one kind that was ever settled, None where there is none or more."""
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None
