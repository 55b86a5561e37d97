"""What several sources come to at one time: the state that all of them say, else unknown, and why. Pure.

Only what every source says, freshly, is believed: so a further source can take a red away and never make one.
"""

from collections.abc import Sequence
from typing import Final

from contract.words import LampState
from edge.signals.reading import Piece, Why

FINER: Final = {frozenset({LampState.GREEN, LampState.FLASHING_GREEN}): LampState.FLASHING_GREEN}
"""Words that do not contradict each other, since one source cannot tell them apart: a plan has no flashing green.

Neither of a pair is red, so this can accuse nobody. A steady and a flashing yellow mean different things in law
(实施条例 arts. 38 and 42), so they are a disagreement."""


def agreed(pieces: Sequence[Piece]) -> tuple[LampState, Why | None]:
    """Return what sources come to; ``pieces`` are what each says of one time. No source at all is silence."""
    doubts = {piece.why for piece in pieces}
    for why in Why:
        if why in doubts or not pieces:
            return LampState.UNKNOWN, why
    states = frozenset(piece.state for piece in pieces)
    if len(states) == 1:
        return pieces[0].state, None
    finer = FINER.get(states)
    return (LampState.UNKNOWN, Why.DISAGREE) if finer is None else (finer, None)
