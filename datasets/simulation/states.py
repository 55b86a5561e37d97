"""SUMO's own state, step by step: where everybody is and what the signals show. Read from its output files.

A foot point is where a road user touches the ground: SUMO gives the front of a vehicle, so half its length is taken
back along its heading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np

from contract.words import RoadUserKind
from datasets.simulation.demand import BIKE_LENGTH_M, ROUTES
from datasets.simulation.layout import Points
from datasets.simulation.network import NETWORK
from datasets.simulation.sumo import run_program

STEP_MS: Final = 100
STATES: Final = "site.fcd.xml"
SWITCHES: Final = "site.tls.xml"
LENGTH_M: Final = {"ride": BIKE_LENGTH_M, "car": 4.6, "bus": 12.0, "walk": 0.0}
KIND: Final = {
    "walk": RoadUserKind.PEDESTRIAN,
    "ride": RoadUserKind.RIDER,
    "car": RoadUserKind.CAR,
    "bus": RoadUserKind.BUS,
}


@dataclass(frozen=True, slots=True)
class Trace:
    """One road user, every 100 ms from ``start_ms``: ``places`` (N, 2) metres. ``intent`` is what it was told to do.

    ``zone_id`` is the place that the intent is about, where it is about one.
    """

    intent: str
    kind: RoadUserKind
    start_ms: int
    places: Points
    zone_id: str | None = None

    @property
    def times_ms(self) -> np.ndarray:
        """Return (N,) int64."""
        return self.start_ms + STEP_MS * np.arange(len(self.places))


@dataclass(frozen=True, slots=True)
class Switches:
    """The signals' programme as it ran: state strings, a letter a link, each from its time on."""

    times_ms: tuple[int, ...]
    states: tuple[str, ...]


def run_sumo(seed: int, seconds: float, folder: Path) -> tuple[list[Trace], Switches]:
    """Run the simulation in a folder that holds network and demand, and return what happened."""
    save = f'<additional><timedEvent type="SaveTLSStates" source="c" dest="{SWITCHES}"/></additional>\n'
    (folder / "site.add.xml").write_text(save, encoding="utf-8")
    arguments = [f"--net-file={NETWORK}", f"--route-files={ROUTES}", "--additional-files=site.add.xml"]
    arguments += ["--step-length=0.1", f"--end={seconds:g}", f"--seed={seed}", "--lateral-resolution=0.8"]
    arguments += [f"--fcd-output={STATES}", "--fcd-output.attributes=x,y,angle,type", "--precision=3"]
    arguments += ["--collision.action=none", "--intermodal-collision.action=none", "--time-to-teleport=-1"]
    arguments += ["--pedestrian.striping.jamtime=-1", "--pedestrian.striping.jamtime.crossing=-1"]
    run_program("sumo", [*arguments, "--no-step-log=true", "--no-warnings=true", "--duration-log.disable=true"], folder)
    return list(_traces(folder / STATES)), _switches(folder / SWITCHES)


def _traces(path: Path) -> Iterator[Trace]:
    start_ms: dict[str, int] = {}
    habit: dict[str, str] = {}
    rows: dict[str, list[tuple[float, float, float]]] = {}
    now_ms = 0
    for event, element in ET.iterparse(path, events=("start", "end")):  # noqa: S314 - a file that SUMO wrote for us
        if event == "start" and element.tag == "timestep":
            now_ms = round(float(element.get("time", "0")) * 1000)
        elif event == "end" and element.tag in {"vehicle", "person"}:
            name = element.tag + element.get("id", "")
            start_ms.setdefault(name, now_ms)
            habit.setdefault(name, element.get("type", ""))
            place = (float(element.get("x", "0")), float(element.get("y", "0")), float(element.get("angle", "0")))
            rows.setdefault(name, []).append(place)
        elif event == "end" and element.tag == "timestep":
            element.clear()
    for name, places in rows.items():
        family = habit[name].split("-")[0]
        yield Trace(habit[name], KIND[family], start_ms[name], _feet(np.array(places), LENGTH_M[family]))


def _feet(rows: np.ndarray, length_m: float) -> Points:
    """Return the foot points of fronts with headings (degrees clockwise from north)."""
    heading = np.radians(rows[:, 2])
    feet: Points = rows[:, :2] - length_m / 2 * np.column_stack([np.sin(heading), np.cos(heading)])
    return feet


def _switches(path: Path) -> Switches:
    rows = [
        (round(float(e.get("time", "0")) * 1000), e.get("state", ""))
        for e in ET.parse(path).getroot().iter("tlsState")  # noqa: S314 - a file that SUMO wrote for us
    ]
    kept = [row for index, row in enumerate(rows) if index == 0 or row[1] != rows[index - 1][1]]
    return Switches(tuple(t_ms for t_ms, _ in kept), tuple(state for _, state in kept))
