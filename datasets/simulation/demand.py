"""Who SUMO moves: people, riders and cars with their habits, as its route file.

SUMO's own junction model does what its types say: ``jmDriveAfterRedTime`` lets a type enter on red,
``jmIgnoreFoeProb`` and ``jmIgnoreJunctionFoeProb`` let a car not yield to people on a crosswalk.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from datasets.simulation.network import tag
from datasets.simulation.site import Arm, Site

ROUTES: Final = "site.rou.xml"
ALWAYS_S: Final = 10_000
BIKE_LENGTH_M: Final = 1.8


@dataclass(frozen=True, slots=True)
class Habit:
    """A type of road user: SUMO's attributes, and its share among its kind."""

    id: str
    share: float
    attributes: dict[str, object]


ON_FOOT: Final = (
    Habit("walk-lawful", 0.8, {"vClass": "pedestrian", "speedDev": 0.15}),
    Habit("walk-red", 0.2, {"vClass": "pedestrian", "speedDev": 0.15, "jmDriveAfterRedTime": ALWAYS_S}),
)
ON_RED: Final = {"vClass": "bicycle", "length": BIKE_LENGTH_M, "jmDriveAfterRedTime": ALWAYS_S, "jmIgnoreFoeProb": 1}
RIDING_AHEAD: Final = (
    Habit("ride-lawful", 0.8, {"vClass": "bicycle", "length": BIKE_LENGTH_M}),
    Habit("ride-red", 0.2, ON_RED),
)
RIDING_RIGHT: Final = (Habit("ride-right-on-red", 1.0, ON_RED),)
RIGHT_SHARE: Final = 0.3
DRIVING: Final = (
    Habit("car-yields", 0.7, {"vClass": "passenger", "length": 4.6}),
    Habit("car-rude", 0.2, {"vClass": "passenger", "length": 4.6, "jmIgnoreFoeProb": 1, "jmIgnoreJunctionFoeProb": 1}),
    Habit("bus-yields", 0.1, {"vClass": "bus", "length": 12}),
)
HABITS: Final = (*ON_FOOT, *RIDING_AHEAD, *RIDING_RIGHT, *DRIVING)
EVERY_S: Final = {"person": 5.0, "rider": 8.0, "car": 5.0}
"""The mean time between two of a kind, in the whole junction."""


def write_demand(site: Site, seconds: float, folder: Path) -> Path:
    """Write the route file into a folder and return it."""
    random = np.random.default_rng([site.seed, 2])
    lines = [tag("vType", id=habit.id, **habit.attributes) for habit in HABITS]
    departures = [_person(site, t_s, random) for t_s in _times(EVERY_S["person"], seconds, random)]
    departures += [_rider(site, t_s, random) for t_s in _times(EVERY_S["rider"], seconds, random)]
    departures += [_car(site, t_s, random) for t_s in _times(EVERY_S["car"], seconds, random)]
    lines += [text.replace("ID", str(number), 1) for number, (_, text) in enumerate(sorted(departures))]
    path = folder / ROUTES
    path.write_text("<routes>\n" + "\n".join(lines) + "\n</routes>\n", encoding="utf-8")
    return path


def _times(every_s: float, seconds: float, random: np.random.Generator) -> list[float]:
    """Return the times of a Poisson process."""
    gaps = random.exponential(every_s, size=round(3 * seconds / every_s) + 20)
    times = np.cumsum(gaps)
    return [float(t_s) for t_s in times[times < seconds]]


def _one_of(habits: tuple[Habit, ...], random: np.random.Generator) -> Habit:
    return habits[int(random.choice(len(habits), p=[habit.share for habit in habits]))]


def _two_arms(site: Site, random: np.random.Generator) -> tuple[Arm, Arm]:
    first, second = random.choice(len(site.arms), size=2, replace=False)
    return site.arms[first], site.arms[second]


def _person(site: Site, t_s: float, random: np.random.Generator) -> tuple[float, str]:
    """Half of them only cross one road, the others go on to another arm."""
    start, goal = _two_arms(site, random)
    goal = start if random.random() < 0.5 else goal
    habit = _one_of(ON_FOOT, random)
    near_m = float(random.uniform(15, 40))
    walk = tag("walk", from_=f"in{start.number}", to=f"out{goal.number}", arrivalPos=round(near_m, 1))
    place = round(-near_m, 1)
    head = tag("person", id="ID", type=habit.id, depart=f"{t_s:.2f}", departPos=place).removesuffix("/>")
    return t_s, f"{head}>{walk}</person>"


def _car(site: Site, t_s: float, random: np.random.Generator) -> tuple[float, str]:
    start, goal = _two_arms(site, random)
    return _trip(t_s, (start, goal), _one_of(DRIVING, random))


def _rider(site: Site, t_s: float, random: np.random.Generator) -> tuple[float, str]:
    """Riders go straight on (where there is no such way, left) by their one lamp, or turn right."""
    start = site.arms[int(random.integers(len(site.arms)))]
    ahead, right = site.ways_from(start)
    if right is not None and random.random() < RIGHT_SHARE:
        return _trip(t_s, (start, right), _one_of(RIDING_RIGHT, random))
    return _trip(t_s, (start, ahead), _one_of(RIDING_AHEAD, random))


def _trip(t_s: float, way: tuple[Arm, Arm], habit: Habit) -> tuple[float, str]:
    where = {"from_": f"in{way[0].number}", "to": f"out{way[1].number}", "departLane": "best", "departSpeed": "max"}
    return t_s, tag("trip", id="ID", type=habit.id, depart=f"{t_s:.2f}", **where)
