"""What SUMO built, read back from its network: where crosswalks, bike lanes and stop lines lie, with their links.

All in metres on SUMO's plane, the junction around 0, 0.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np
from numpy.typing import NDArray
from shapely import LineString, Polygon

from datasets.crossing_truth import Crosswalk
from datasets.simulation.network import BIKE_LANE, CENTRE
from datasets.simulation.site import Site

Points = NDArray[np.float64]
"""(N, 2) float64, metres."""
LANE_SHOWN_M: Final = 40.0
KERB_M: Final = 0.15
RIGHT_TURN_HALF_M: Final = 1.6
STRAIGHT_HALF_M: Final = 1.4
STRAIGHT_ON: Final = ("s", "l", "L", "r")


@dataclass(frozen=True, slots=True)
class Crossing(Crosswalk):
    """A crosswalk of the network, and its signal's link in SUMO's state string."""

    id: str
    signal_id: str
    link: int


@dataclass(frozen=True, slots=True)
class BikeLane:
    """The part of a bike lane that the camera sees: its middle line in the lawful direction, and its width."""

    id: str
    middle: Points
    width_m: float

    @property
    def heading(self) -> Points:
        """Return the unit vector of the lawful direction, (2,)."""
        way = self.middle[-1] - self.middle[0]
        heading: Points = way / np.hypot(*way)
        return heading

    @property
    def polygon(self) -> Polygon:
        """Return the outline."""
        return LineString(self.middle).buffer(self.width_m / 2, cap_style="flat")


@dataclass(frozen=True, slots=True)
class Approach:
    """Where riders of one arm wait: the stop line's middle, the lane before it, the ways on behind it.

    ``right_turn`` is the area that only those reach who turn right, where there is such a way.
    """

    id: str
    signal_id: str
    link: int
    lane: BikeLane
    ahead: Points
    right: Points | None
    right_turn: Polygon | None

    @property
    def line(self) -> LineString:
        """Return the stop line, across the lane at its end."""
        end, (x, y) = self.lane.middle[-1], self.lane.heading
        to_side = np.array([-y, x]) * self.lane.width_m / 2
        return LineString([end + to_side, end - to_side])


@dataclass(frozen=True, slots=True)
class Layout:
    """The intersection as it was built."""

    crossings: tuple[Crossing, ...]
    lanes: tuple[BikeLane, ...]
    approaches: tuple[Approach, ...]


def read_layout(network: Path, site: Site) -> Layout:
    """Read a network that build_network wrote."""
    root = ET.parse(network).getroot()  # noqa: S314 - a file that netconvert wrote for us
    shapes = {lane.get("id", ""): _points(lane.get("shape", "")) for lane in root.iter("lane")}
    links = [dict(connection.attrib) for connection in root.iter("connection")]
    crossings, lanes, approaches = [], [], []
    for arm in site.arms:
        number = arm.number
        edge = next(e for e in root.iter("edge") if f"in{number}" in e.get("crossingEdges", "").split())
        link = next(int(c["linkIndex"]) for c in links if c["to"] == edge.get("id"))
        ends = _drawn(shapes[f"{edge.get('id')}_0"])
        crossings.append(Crossing(ends, arm.crosswalk_m, f"x{number}", f"ped-{number}", link))
        coming = BikeLane(f"bike-in-{number}", _last(shapes[f"in{number}_{BIKE_LANE}"]), arm.bike_lane_m)
        leaving = _last(shapes[f"out{number}_{BIKE_LANE}"][::-1])[::-1]
        lanes += [coming, BikeLane(f"bike-out-{number}", leaving, arm.bike_lane_m)]
        approaches.append(_approach(number, coming, links, shapes))
    return Layout(tuple(crossings), tuple(lanes), tuple(approaches))


def _drawn(crossing: Points) -> Points:
    """Return both ends of a crosswalk's middle line, a little in from the kerbs on which SUMO's people wait."""
    start, end = crossing[0], crossing[-1]
    step = (end - start) / np.hypot(*(end - start)) * KERB_M
    return np.array([start + step, end - step])


def _points(text: str) -> Points:
    return np.array([[float(part) for part in point.split(",")[:2]] for point in text.split()])


def _last(line: Points) -> Points:
    """Return the last metres of a lane that is straight."""
    back = line[-2] - line[-1]
    length_m = float(np.hypot(*back))
    return np.array([line[-1] + back * min(1.0, LANE_SHOWN_M / length_m), line[-1]])


def _approach(number: int, lane: BikeLane, links: list[dict[str, str]], shapes: dict[str, Points]) -> Approach:
    mine = [c for c in links if c["from"] == f"in{number}" and c["fromLane"] == str(BIKE_LANE)]
    ways = {c["dir"]: c for c in sorted(mine, key=lambda c: int(c["linkIndex"]), reverse=True)}
    ahead_link = next(ways[direction] for direction in STRAIGHT_ON if direction in ways)
    ahead = _way(ahead_link, links, shapes)
    right = _way(ways["r"], links, shapes) if "r" in ways and ahead_link["dir"] != "r" else None
    area = None if right is None else _only_right(ahead, right)
    return Approach(f"stop-{number}", f"veh-{number}", int(ahead_link["linkIndex"]), lane, ahead, right, area)


def _way(link: dict[str, str], links: list[dict[str, str]], shapes: dict[str, Points]) -> Points:
    """Return the way over the junction and ten metres of the bike lane behind it."""
    parts, via = [], link.get("via")
    while via is not None:
        parts.append(shapes[via])
        edge, lane = via.rsplit("_", 1)
        nearest = [c for c in links if c["from"] == edge and c["fromLane"] == lane and edge.startswith(f":{CENTRE}")]
        via = nearest[0].get("via") if nearest else None
    behind = shapes[f"{link['to']}_{link['toLane']}"]
    step = (behind[1] - behind[0]) / np.hypot(*(behind[1] - behind[0]))
    return np.vstack([*parts, [behind[0] + step * 10]])


def _only_right(ahead: Points, right: Points) -> Polygon | None:
    """Return the area beside the way ahead that the way to the right goes through."""
    way = LineString(right).buffer(RIGHT_TURN_HALF_M, cap_style="flat")
    rest = way.difference(LineString(ahead).buffer(STRAIGHT_HALF_M, cap_style="square"))
    parts = [part for part in getattr(rest, "geoms", [rest]) if part.area > 1]
    return max(parts, key=lambda part: float(part.area), default=None)
