"""The procedure of a case as one table. Everything that affects a case's state lives here; pure.

行政处罚法 art. 41: a record that no officer has reviewed is no evidence; art. 40: no clear facts, no penalty; arts. 30
and 44 to 45: age and hearing. The table is thin (notice, service, objection and payment come later), but nothing in it
is automatic: every transition is a named officer's act.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.errors import ConflictError


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    CONFIRMED = "confirmed"
    IDENTIFIED = "identified"
    DECIDED = "decided"
    REJECTED = "rejected"
    REVOKED = "revoked"


class Act(StrEnum):
    """What an officer does to a case."""

    CONFIRM = "confirm"
    REJECT = "reject"
    IDENTIFY = "identify"
    FINE = "fine"
    WARN = "warn"
    EDUCATE = "educate"
    REVOKE = "revoke"


class AgeBand(StrEnum):
    """What is known of a party's age: 行政处罚法 art. 30, 未成年人保护法 art. 103."""

    ADULT = "adult"
    MINOR_14_17 = "minor_14_17"
    UNDER_14 = "under_14"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """How a party was identified. No face search, ever."""

    SHOWN_ON_SITE = "shown_on_site"
    SELF_REPORT = "self_report"
    RIDER_CODE = "rider_code"
    PLATE = "plate"
    DEMONSTRATION = "demonstration"


S, A = CaseState, Act
TRANSITIONS: Final[Mapping[tuple[CaseState, Act], CaseState]] = {
    (S.RECEIVED, A.CONFIRM): S.CONFIRMED,
    (S.RECEIVED, A.REJECT): S.REJECTED,
    (S.CONFIRMED, A.IDENTIFY): S.IDENTIFIED,
    (S.CONFIRMED, A.REJECT): S.REJECTED,
    (S.IDENTIFIED, A.FINE): S.DECIDED,
    (S.IDENTIFIED, A.WARN): S.DECIDED,
    (S.IDENTIFIED, A.EDUCATE): S.DECIDED,
    (S.IDENTIFIED, A.REJECT): S.REJECTED,
    (S.DECIDED, A.REVOKE): S.REVOKED,
}
NEEDS_REASON: Final = frozenset({A.REJECT, A.REVOKE})


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at. Money in fen; ``fine_range_fen`` is the law's for the day of the act.

    ``held`` says why the centre does not believe the event (server.cases.holding), None where it does.
    """

    evidence_complete: bool
    demonstration: bool
    reason: str = ""
    reason_on_list: bool = False
    age_band: AgeBand | None = None
    basis: Basis | None = None
    fining_switched_on: bool = False
    amount_fen: int | None = None
    fine_range_fen: tuple[int, int] = (0, 0)
    held: str | None = None


def next_state(state: CaseState, act: Act) -> CaseState:
    """Return the state that an act leads to. Raises ConflictError where the table has none."""
    try:
        return TRANSITIONS[state, act]
    except KeyError:
        allowed = ", ".join(a.value for a in allowed_acts(state)) or "none: it is closed"
        raise ConflictError(f"a case that is {state} takes no {act!r}; expected one of: {allowed}") from None


def allowed_acts(state: CaseState) -> tuple[Act, ...]:
    """Return what may be done to a case in this state, in the table's order."""
    return tuple(act for from_state, act in TRANSITIONS if from_state is state)


def objections(act: Act, facts: Facts) -> tuple[str, ...]:
    """Return every reason why this act may not be done; none means that it may."""
    checks = {
        A.CONFIRM: _confirm,
        A.REJECT: _reject,
        A.IDENTIFY: _identify,
        A.FINE: _fine,
        A.REVOKE: _revoke,
    }
    held = [] if act in NEEDS_REASON or facts.held is None else [f"the event is held back: {facts.held}"]
    return (*held, *(checks[act](facts) if act in checks else ()))


def _confirm(facts: Facts) -> list[str]:
    return [] if facts.evidence_complete else ["the evidence has not arrived whole: what is not seen is not confirmed"]


def _reject(facts: Facts) -> list[str]:
    return [] if facts.reason_on_list else [f"a rejection needs a reason of the law's list, found {facts.reason!r}"]


def _revoke(facts: Facts) -> list[str]:
    return [] if facts.reason.strip() else ["a revocation needs a reason: it is made public (行政处罚法 art. 48)"]


def _identify(facts: Facts) -> list[str]:
    found = []
    if facts.basis is None:
        found.append("an identification needs its basis")
    if facts.age_band is None:
        found.append("an identification needs the age band")
    if facts.basis is Basis.DEMONSTRATION and not facts.demonstration:
        found.append("the basis 'demonstration' is for demonstration cases only")
    return found


def _fine(facts: Facts) -> list[str]:
    found = []
    if facts.age_band is not AgeBand.ADULT and facts.age_band is not AgeBand.MINOR_14_17:
        found.append("a fine needs a party of at least 14 whose age is known (行政处罚法 art. 30)")
    if not facts.fining_switched_on:
        found.append("fining is not switched on for this code")
    low, high = facts.fine_range_fen
    if facts.amount_fen is None or not low <= facts.amount_fen <= high:
        found.append(f"a fine needs {low} to {high} fen, found {facts.amount_fen}")
    return found


def diagram() -> str:
    """Draw the table as a mermaid state diagram, for the docs."""
    rows = [f"    {before.value} --> {after.value}: {act.value}" for (before, act), after in TRANSITIONS.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> received", *rows])
