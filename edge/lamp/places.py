"""Which hue in which place is which light of a lamp: one table, and what it makes of the light that is there."""

from typing import Final, Literal

import numpy as np

from contract.words import LampState
from edge.lamp.evidence import HUES, Evidence
from edge.lamp.pixels import Levels
from edge.signals.lamp_look import Doubt

User = Literal["pedestrian", "vehicle", "bicycle"]
COLOURS: Final = (LampState.RED, LampState.YELLOW, LampState.GREEN)
RED, ORANGE, AMBER, LIME, GREEN, AZURE, BLUE, PINK = range(len(HUES))
SIXTHS: Final = (np.arange(6) + 0.5) / 6
DRIVERS: Final = (
    (RED, 0.0, 0.36, LampState.RED),
    (PINK, 0.0, 0.36, LampState.RED),
    (ORANGE, 0.0, 0.24, LampState.RED),
    (ORANGE, 0.36, 0.64, LampState.YELLOW),
    (AMBER, 0.36, 0.64, LampState.YELLOW),
    (LIME, 0.36, 0.64, LampState.YELLOW),
    (GREEN, 0.64, 1.0, LampState.GREEN),
    (AZURE, 0.64, 1.0, LampState.GREEN),
)
WALKERS: Final = (
    (RED, 0.0, 0.68, LampState.RED),
    (PINK, 0.0, 0.36, LampState.RED),
    (ORANGE, 0.0, 0.68, LampState.RED),
    (AMBER, 0.0, 0.36, LampState.RED),
    (GREEN, 0.32, 1.0, LampState.GREEN),
    (AZURE, 0.32, 1.0, LampState.GREEN),
)
"""What a hue is called between two places along a stack, from the red end (0) to the green one (1): windows of three
are at 0.17, 0.5 and 0.83, of two at 0.25 and 0.75; a pedestrian's other window may count down in the same colour, and
no pedestrian lamp is yellow. What is between red and yellow must lie where a yellow light does not, even in a region
that is drawn a third of a window beside it.
"""
SINGLE: Final = ((RED, 0.0, 1.0, LampState.RED), (GREEN, 0.0, 1.0, LampState.GREEN))
SINGLE_OF_DRIVERS: Final = (*SINGLE, (AMBER, 0.0, 1.0, LampState.YELLOW))
SINGLE_OF_WALKERS: Final = (*SINGLE, (ORANGE, 0.0, 1.0, LampState.RED))
"""With exchanged channels red is blue, yellow azure and green lime: none of them is a lamp's."""
Table = tuple[tuple[int, float, float, LampState], ...]


def table_of(user: User, *, stacked: bool) -> Table:
    """Return what is which light for this user."""
    if stacked:
        return WALKERS if user == "pedestrian" else DRIVERS
    return SINGLE_OF_WALKERS if user == "pedestrian" else SINGLE_OF_DRIVERS


def _masks(table: Table) -> Levels:
    """Return (3, 8, 6), of ``COLOURS``: 1 where a hue in a sixth is that colour's light."""
    masks = np.zeros((len(COLOURS), len(HUES), len(SIXTHS)), np.float32)
    for hue, begin, end, state in table:
        masks[COLOURS.index(state), hue, (begin <= SIXTHS) & (end > SIXTHS)] = 1
    return masks


TABLES: Final[tuple[Table, ...]] = (DRIVERS, WALKERS, SINGLE_OF_DRIVERS, SINGLE_OF_WALKERS)
MASKS: Final = {table: _masks(table) for table in TABLES}


def in_place(evidence: Evidence, user: User) -> Levels:
    """Return the energy of each of ``COLOURS`` where it belongs, (3,)."""
    masks = MASKS[table_of(user, stacked=evidence.stacked)]
    return np.asarray((masks * evidence.by_hue).sum(axis=(1, 2)), dtype=np.float32)


def named(evidence: Evidence, user: User) -> LampState | Doubt:
    """Return what the strongest light is called by its hue and its place, or the doubt about it."""
    main = int(evidence.by_hue.max(axis=1).argmax())
    family = evidence.warm if main in {RED, ORANGE, AMBER, PINK} else evidence.cold
    along = family.along if evidence.stacked else 0.5
    for hue, begin, end, name in table_of(user, stacked=evidence.stacked):
        if hue == main and begin <= along < end:
            return name
    may_conflict = {AMBER, PINK} if evidence.stacked else {ORANGE, AMBER, PINK}
    at_red_end = along < 0.5 or not evidence.stacked
    return Doubt.CONFLICT if main in may_conflict and at_red_end else Doubt.CHANNEL_ORDER
