"""Which states belong together in the queue, which of them wait for whom, and what looks the same to whom. Pure."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

from server.access.rights import Right
from server.procedure.words import CaseState


class Group(StrEnum):
    """States in which much the same is to be done, in the order of the procedure."""

    REVIEW = "review"
    PARTY = "party"
    HEARING = "hearing"
    SERVICE = "service"
    PAYMENT = "payment"
    REMEDIES = "remedies"


S, R = CaseState, Right
STATES: Final[Mapping[Group, tuple[CaseState, ...]]] = {
    Group.REVIEW: (S.RECEIVED, S.SECOND_REVIEW, S.DISPUTED),
    Group.PARTY: (S.CONFIRMED,),
    Group.HEARING: (S.IDENTIFIED, S.NOTIFIED, S.HEARD, S.PROPOSED),
    Group.SERVICE: (S.DECIDED,),
    Group.PAYMENT: (S.SERVED, S.ENFORCEMENT),
    Group.REMEDIES: (S.OBJECTED, S.RECONSIDERATION, S.COURT),
}
OPEN: Final = tuple(state for states in STATES.values() for state in states)
MOVED_BY: Final[Mapping[CaseState, Right]] = {
    S.RECEIVED: R.CONFIRM,
    S.SECOND_REVIEW: R.SECOND_REVIEW,
    S.DISPUTED: R.SETTLE_DISPUTE,
    S.CONFIRMED: R.IDENTIFY,
    S.IDENTIFIED: R.NOTIFY,
    S.NOTIFIED: R.DECIDE,
    S.HEARD: R.DECIDE,
    S.PROPOSED: R.APPROVE_DECISION,
    S.DECIDED: R.SERVE,
    S.OBJECTED: R.ANSWER_OBJECTION,
    S.RECONSIDERATION: R.ANSWER_OBJECTION,
    S.COURT: R.ANSWER_OBJECTION,
}
"""The right that usually leads a case on. What is served waits for its party, and so for nobody here."""
UNTOLD: Final = (S.RECEIVED, S.SECOND_REVIEW)
"""These look the same to whoever may be the second reviewer: that one was there before would be half a verdict."""


def waiting_for(may: Callable[[Right], bool]) -> tuple[CaseState, ...]:
    """Return the states that wait for somebody with these rights; everything open for somebody who only looks."""
    return tuple(state for state, right in MOVED_BY.items() if may(right)) or OPEN


def is_blind(may: Callable[[Right], bool]) -> bool:
    """Tell whether somebody may be asked for a verdict, and must not know that there was one."""
    return may(Right.CONFIRM)


def told_apart(states: Iterable[CaseState], *, blind: bool) -> tuple[CaseState, ...]:
    """Return the states that are looked for: to the blind, whoever asks for one of `UNTOLD` asks for both."""
    wanted = tuple(states)
    if blind and set(wanted) & set(UNTOLD):
        return tuple(dict.fromkeys((*UNTOLD, *wanted)))
    return wanted
