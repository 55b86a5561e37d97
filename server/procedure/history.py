"""What a case's history tells: who looked first, whether two did, where a remedy began, what the notice said. Pure.

The history is the only memory: nothing of this is kept a second time. A reopened case begins anew for its reviews.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.procedure.words import SANCTIONS, Act, CaseState

REVIEWS = frozenset({Act.CONFIRM, Act.REJECT})
REMEDIES = frozenset({CaseState.OBJECTED, CaseState.RECONSIDERATION, CaseState.COURT})


@dataclass(frozen=True, slots=True)
class Done:
    """One act of a case's history.

    ``amount_fen`` is the notice's for a notice, the fine for a decision; ``until_ms`` the end of more time granted.
    """

    act: Act
    before: CaseState
    after: CaseState
    actor: str
    at_ms: int
    amount_fen: int | None = None
    until_ms: int | None = None


def reviews(history: Sequence[Done]) -> list[Done]:
    """Return the verdicts since the record came in, or since the case was reopened, oldest first."""
    found: list[Done] = []
    for done in history:
        if done.act is Act.REOPEN:
            found = []
        elif done.act in REVIEWS and done.before in {CaseState.RECEIVED, CaseState.SECOND_REVIEW, CaseState.DISPUTED}:
            found.append(done)
    return found


def reviewed_twice(history: Sequence[Done]) -> bool:
    """Tell whether two people have confirmed what is confirmed: the reviewers, or a reviewer and the supervisor."""
    confirmed = {done.actor for done in reviews(history) if done.act is Act.CONFIRM}
    return len(confirmed) > 1


def done_before(history: Sequence[Done], state: CaseState) -> Sequence[Done]:
    """Return the acts that whoever acts now must judge independently of, and whose actors they must not be.

    In a second review the first verdict, in a dispute both, in a proposal the proposer's decision; else nothing. Who
    denied an objection to a proposal led it back there, and has proposed nothing.
    """
    if state is CaseState.SECOND_REVIEW:
        return reviews(history)[-1:]
    if state is CaseState.DISPUTED:
        return reviews(history)
    if state is CaseState.PROPOSED:
        return [done for done in history if done.act in SANCTIONS and done.after is CaseState.PROPOSED][-1:]
    return ()


def imposed(history: Sequence[Done]) -> Done | None:
    """Return the sanction that was decided last, or proposed: whose words an approval makes a decision."""
    return next((done for done in reversed(history) if done.act in SANCTIONS), None)


def came_from(history: Sequence[Done], state: CaseState) -> CaseState | None:
    """Return where the case stood when the remedy began that is open now; None where none is."""
    if state not in REMEDIES:
        return None
    return next((done.before for done in reversed(history) if done.after is state), None)


def announced_fen(history: Sequence[Done]) -> int | None:
    """Return the amount of the last notice to whom the case is about now."""
    for done in reversed(history):
        if done.act is Act.REASSIGN:
            return None
        if done.act is Act.NOTIFY:
            return done.amount_fen
    return None


def last_at_ms(history: Sequence[Done], act: Act) -> int | None:
    """Return when an act was done last, None where it was not."""
    return next((done.at_ms for done in reversed(history) if done.act is act), None)
