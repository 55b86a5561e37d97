"""The truth about people on foot and riders on a crosswalk, from the simulation's own state and the law's words.

It shares nothing with the rules. It sees every step of everybody, without noise and without a gap, knows what each was
told to do, and holds it against the one definition (datasets.crossing_truth; docs/simulation.md has it in words).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contract.words import RoadUserKind, ViolationKind
from datasets.crossing_truth import crossed_on_red
from datasets.simulation.layout import Crossing
from datasets.simulation.states import Trace
from edge.signals.timeline import Signals

ON_FOOT: Final = RoadUserKind.PEDESTRIAN
CROSSWALK_RIDER: Final = "rides-crosswalk"


@dataclass(frozen=True, slots=True)
class Act:
    """One broken rule as it happened: what violations.jsonl says, and which trace it was."""

    kind: ViolationKind
    zone_id: str
    signal_id: str | None
    entered_ms: int
    confirmed_ms: int
    measure: float
    red_since_ms: int | None = None


def on_crosswalk(trace: Trace, crossing: Crossing, lamps: Signals) -> Iterator[Act]:
    """Yield what one trace broke on one crosswalk: at most one act a red phase."""
    if trace.kind is not ON_FOOT and not trace.intent.startswith(CROSSWALK_RIDER):
        return
    kind = ViolationKind.PEDESTRIAN_RED_LIGHT if trace.kind is ON_FOOT else ViolationKind.RIDER_RED_LIGHT
    for crossed in crossed_on_red(trace.times_ms, trace.places, crossing, lamps, crossing.signal_id):
        times_ms = crossed.entered_ms, crossed.confirmed_ms
        yield Act(kind, crossing.id, crossing.signal_id, *times_ms, crossed.advance_m, crossed.red_since_ms)
