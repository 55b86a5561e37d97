"""One seed, from its intersection to who broke which rule and who yielded to whom."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from datasets.lamp_spans import PlayedLamps
from datasets.simulation.casting import play
from datasets.simulation.demand import write_demand
from datasets.simulation.lamps import read_lamps
from datasets.simulation.layout import Layout, read_layout
from datasets.simulation.network import build_network
from datasets.simulation.oracle import Act, on_crosswalk
from datasets.simulation.oracle_riding import against_the_lane, at_stop_line
from datasets.simulation.oracle_yielding import Meeting, meetings
from datasets.simulation.room import Room
from datasets.simulation.site import Site, draw_site
from datasets.simulation.states import Trace, run_sumo
from edge.signals.timeline import Signals

ENDS_OPEN_MS: Final = 5000
"""Who broke a rule so shortly before the recording ends is left out of it: nobody sees whether a rider turns right."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """What happened at one intersection.

    ``acts`` are the broken rules, each with the index of its trace; ``yields`` who yielded or not, likewise.
    """

    site: Site
    layout: Layout
    lamps: PlayedLamps
    traces: list[Trace]
    acts: list[tuple[int, Act]]
    yields: list[tuple[int, Meeting]]


def simulate(seed: int, minutes: float) -> Simulated:
    """Simulate an intersection. Raises PartMissingError without SUMO."""
    site, seconds = draw_site(seed), minutes * 60
    with tempfile.TemporaryDirectory(prefix="lukou-simulate-") as name:
        folder = Path(name)
        layout = read_layout(build_network(site, folder), site)
        write_demand(site, seconds, folder)
        traces, switches = run_sumo(seed, seconds, folder)
    lamps = read_lamps(layout, switches, round(seconds * 1000), site.flash_s)
    traces += Room(traces).played(play(site, layout, lamps, seconds))
    known_ms = round(seconds * 1000) - ENDS_OPEN_MS
    whose = [(trace, _acts(trace, layout, lamps.signals)) for trace in traces]
    whose = [(trace, acts) for trace, acts in whose if all(act.confirmed_ms < known_ms for act in acts)]
    traces = [trace for trace, _ in whose]
    acts = [(index, act) for index, (_, acts) in enumerate(whose) for act in acts]
    yields = [entry for crossing in layout.crossings for entry in meetings(traces, crossing)]
    return Simulated(site, layout, lamps, traces, acts, yields)


def _acts(trace: Trace, layout: Layout, lamps: Signals) -> list[Act]:
    found = [act for crossing in layout.crossings for act in on_crosswalk(trace, crossing, lamps)]
    found += [act for approach in layout.approaches for act in at_stop_line(trace, approach, lamps)]
    return found + [act for lane in layout.lanes for act in against_the_lane(trace, lane)]
