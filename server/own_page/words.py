"""What a party may send by their page, and when: one table. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from server.procedure.table import BELIEVED, DECIDED
from server.procedure.words import CaseState

PARTY: Final = "party"
"""Who stands in the audit log for whoever came in by a case's number and code."""


class MessageKind(StrEnum):
    """What a party sends it as."""

    OBJECTION = "objection"
    """异议: the record is wrong (程序规定 art. 5)."""
    STATEMENT = "statement"
    """陈述: what happened (行政处罚法 art. 44)."""
    DEFENCE = "defence"
    """申辩: why it should be judged otherwise (行政处罚法 art. 45)."""


HEARD_IN: Final = frozenset({*BELIEVED, CaseState.OBJECTED})
"""Until the decision: what is said after it is a remedy's matter."""
OBJECTED_IN: Final = frozenset({*BELIEVED, *DECIDED, CaseState.OBJECTED})
TAKEN_IN: Final[Mapping[MessageKind, frozenset[CaseState]]] = {
    MessageKind.OBJECTION: OBJECTED_IN,
    MessageKind.STATEMENT: HEARD_IN,
    MessageKind.DEFENCE: HEARD_IN,
}
"""In which states each kind is taken."""
NEEDS_PARTY: Final = frozenset({MessageKind.STATEMENT, MessageKind.DEFENCE})
"""Nobody is heard about a case before it is known who it is about (server.parties.hearing keeps it with the party)."""


def taken(state: CaseState, *, party_known: bool) -> tuple[MessageKind, ...]:
    """Return what a party may send now."""
    known = (kind for kind, states in TAKEN_IN.items() if state in states)
    return tuple(kind for kind in known if party_known or kind not in NEEDS_PARTY)
