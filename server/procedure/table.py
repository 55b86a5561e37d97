"""The procedure as one table: from where, by which act, to where, and on what condition. Pure.

行政处罚法 art. 41: a record that no officer has reviewed is no evidence; arts. 44 to 45: told and heard before it is
decided. Nothing here is automatic: every row is a named person's act. A remedy (objection, reconsideration, suit) may
begin in several states; where it changes nothing the case goes back to where it stood (``BACK``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.errors import ConflictError
from server.procedure.facts import Facts
from server.procedure.words import MILD, SANCTIONS, Act, CaseState


class Condition(StrEnum):
    """What tells two rows of the same state and act apart."""

    ONE_REVIEW = "one review is enough"
    SECOND_DUE = "a second review is due"
    AGREED = "both agree"
    AT_ODDS = "they do not agree"
    NOBODY_KNOWN = "no party yet"
    PARTY_KNOWN = "party known"
    SIMPLE = "simple procedure"
    ORDINARY = "above its limit"
    UNDECIDED = "before a decision"
    AFTER_DECISION = "after a decision"


class NoStepError(ConflictError):
    """The table has no such act where a case stands."""

    words_key = "refused.no_step"


class _Back:
    """Where the case stood when the remedy began."""

    value: Final = "back"


BACK: Final = _Back()


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table."""

    before: CaseState
    act: Act
    after: CaseState | _Back
    when: tuple[Condition, ...] = ()


S, A, C = CaseState, Act, Condition
BELIEVED: Final = (S.CONFIRMED, S.IDENTIFIED, S.NOTIFIED, S.HEARD, S.PROPOSED)
UNDECIDED: Final = (S.RECEIVED, S.SECOND_REVIEW, S.DISPUTED, *BELIEVED)
DECIDED: Final = (S.DECIDED, S.SERVED, S.PAID, S.ENFORCEMENT)
ENDED: Final = (S.REJECTED, S.REVOKED, S.LAPSED, S.SHELVED, S.ARCHIVED)
OPEN_REMEDIES: Final = (S.OBJECTED, S.RECONSIDERATION, S.COURT)

TABLE: Final[tuple[Step, ...]] = (
    Step(S.RECEIVED, A.CONFIRM, S.CONFIRMED, (C.ONE_REVIEW,)),
    Step(S.RECEIVED, A.CONFIRM, S.SECOND_REVIEW, (C.SECOND_DUE,)),
    Step(S.RECEIVED, A.REJECT, S.REJECTED, (C.ONE_REVIEW,)),
    Step(S.RECEIVED, A.REJECT, S.SECOND_REVIEW, (C.SECOND_DUE,)),
    Step(S.SECOND_REVIEW, A.CONFIRM, S.CONFIRMED, (C.AGREED, C.NOBODY_KNOWN)),
    Step(S.SECOND_REVIEW, A.CONFIRM, S.IDENTIFIED, (C.AGREED, C.PARTY_KNOWN)),
    Step(S.SECOND_REVIEW, A.CONFIRM, S.DISPUTED, (C.AT_ODDS,)),
    Step(S.SECOND_REVIEW, A.REJECT, S.REJECTED, (C.AGREED,)),
    Step(S.SECOND_REVIEW, A.REJECT, S.DISPUTED, (C.AT_ODDS,)),
    Step(S.DISPUTED, A.CONFIRM, S.CONFIRMED, (C.NOBODY_KNOWN,)),
    Step(S.DISPUTED, A.CONFIRM, S.IDENTIFIED, (C.PARTY_KNOWN,)),
    Step(S.DISPUTED, A.REJECT, S.REJECTED),
    Step(S.CONFIRMED, A.IDENTIFY, S.IDENTIFIED),
    *(Step(before, A.REVIEW_AGAIN, S.SECOND_REVIEW) for before in (S.CONFIRMED, S.IDENTIFIED)),
    Step(S.CONFIRMED, A.SHELVE, S.SHELVED),
    Step(S.IDENTIFIED, A.NOTIFY, S.NOTIFIED),
    *(Step(S.IDENTIFIED, act, S.DECIDED) for act in Act if act in MILD),
    *(Step(before, A.REASSIGN, S.IDENTIFIED) for before in (S.IDENTIFIED, S.NOTIFIED, S.HEARD)),
    Step(S.NOTIFIED, A.PROLONG, S.NOTIFIED),
    *(Step(before, A.HEAR, S.HEARD) for before in (S.NOTIFIED, S.HEARD)),
    *(Step(before, A.FINE, S.DECIDED, (C.SIMPLE,)) for before in (S.NOTIFIED, S.HEARD)),
    *(Step(before, A.FINE, S.PROPOSED, (C.ORDINARY,)) for before in (S.NOTIFIED, S.HEARD)),
    *(Step(before, act, S.DECIDED) for before in (S.NOTIFIED, S.HEARD) for act in Act if act in MILD),
    Step(S.PROPOSED, A.APPROVE, S.DECIDED),
    Step(S.PROPOSED, A.SEND_BACK, S.HEARD),
    *(Step(before, A.REJECT, S.REJECTED) for before in BELIEVED),
    *(Step(before, A.REOPEN, S.RECEIVED) for before in (S.SECOND_REVIEW, S.DISPUTED, *BELIEVED)),
    *(Step(before, A.LAPSE, S.LAPSED) for before in UNDECIDED),
    Step(S.DECIDED, A.ANNOUNCE, S.DECIDED),
    Step(S.DECIDED, A.SERVE, S.SERVED),
    Step(S.SERVED, A.SETTLE, S.PAID),
    Step(S.SERVED, A.ENFORCE, S.ENFORCEMENT),
    Step(S.ENFORCEMENT, A.SETTLE, S.PAID),
    *(Step(before, A.OBJECT, S.OBJECTED) for before in (*BELIEVED, *DECIDED)),
    Step(S.OBJECTED, A.UPHOLD, S.REJECTED, (C.UNDECIDED,)),
    Step(S.OBJECTED, A.UPHOLD, S.REVOKED, (C.AFTER_DECISION,)),
    Step(S.OBJECTED, A.DENY, BACK),
    *(Step(before, A.APPLY_RECONSIDERATION, S.RECONSIDERATION) for before in DECIDED),
    *(Step(before, A.SUE, S.COURT) for before in DECIDED),
    *(Step(before, A.MAINTAIN, BACK) for before in (S.RECONSIDERATION, S.COURT)),
    *(Step(before, A.REDUCE, BACK) for before in (S.RECONSIDERATION, S.COURT)),
    *(Step(before, A.ANNUL, S.REVOKED) for before in (S.RECONSIDERATION, S.COURT)),
    *(Step(before, A.REVOKE, S.REVOKED) for before in (*DECIDED, *OPEN_REMEDIES)),
    *(Step(before, A.ARCHIVE, S.ARCHIVED) for before in (S.SERVED, S.PAID)),
)


def _agreed(act: Act, facts: Facts) -> bool:
    return facts.review.first_confirmed is (act is A.CONFIRM)


HOLDS: Final[dict[Condition, Callable[[Act, Facts], bool]]] = {
    C.ONE_REVIEW: lambda _act, facts: not facts.review.second_due,
    C.SECOND_DUE: lambda _act, facts: facts.review.second_due,
    C.AGREED: _agreed,
    C.AT_ODDS: lambda act, facts: not _agreed(act, facts),
    C.NOBODY_KNOWN: lambda _act, facts: facts.age_band is None,
    C.PARTY_KNOWN: lambda _act, facts: facts.age_band is not None,
    C.SIMPLE: lambda _act, facts: (facts.money.amount_fen or 0) <= facts.money.simple_max_fen,
    C.ORDINARY: lambda _act, facts: (facts.money.amount_fen or 0) > facts.money.simple_max_fen,
    C.UNDECIDED: lambda _act, facts: facts.came_from not in DECIDED,
    C.AFTER_DECISION: lambda _act, facts: facts.came_from in DECIDED,
}
"""When each condition holds."""


def next_state(state: CaseState, act: Act, facts: Facts) -> CaseState:
    """Return the state that an act leads to.

    Raises NoStepError where the table has none, ConflictError where a remedy does not know where the case stood.
    """
    found = next((step for step in TABLE if (step.before, step.act) == (state, act) and _holds(step, facts)), None)
    if found is None:
        allowed = ", ".join(allowed_acts(state)) or "none: it is closed"
        raise NoStepError(f"a case that is {state} takes no {act}; expected one of: {allowed}")
    if isinstance(found.after, CaseState):
        return found.after
    if facts.came_from is None:
        raise ConflictError(f"a case that is {state} does not know where it stood before")
    return facts.came_from


def _holds(step: Step, facts: Facts) -> bool:
    return all(HOLDS[condition](step.act, facts) for condition in step.when)


def allowed_acts(state: CaseState) -> tuple[Act, ...]:
    """Return what may be done to a case in this state, in the table's order."""
    return tuple(dict.fromkeys(step.act for step in TABLE if step.before is state))


def decides(act: Act) -> bool:
    """Tell whether an act decides a case."""
    return act in SANCTIONS
