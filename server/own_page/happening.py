"""From a case's history to the moments by which the law's periods run, as far as its party is told of them. Pure.

A reopened case begins anew, and a notice to another rider started nobody else's time.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from server.law.moments import Moment
from server.procedure.history import Done
from server.procedure.words import Act, CaseState

M, A, S = Moment, Act, CaseState
ENTERED: Final = (M.ENTERED, M.QUERY_OPENED, M.FILED)
"""From the confirmation on number and code open the page: the query is open on the day of entry (程序规定 art. 20)."""
BY_ACT: Final[Mapping[Act, tuple[Moment, ...]]] = {
    A.NOTIFY: (M.NOTICED,),
    A.HEAR: (M.CAME_IN, M.STATEMENT_GIVEN),
    A.SERVE: (M.SERVED,),
    A.SETTLE: (M.PAID,),
    A.UPHOLD: (M.OBJECTION_ANSWERED,),
    A.DENY: (M.OBJECTION_ANSWERED,),
    A.APPLY_RECONSIDERATION: (M.RECONSIDERATION_ASKED,),
    A.SUE: (M.SUED,),
    A.LAPSE: (M.LAPSED,),
}
BY_STATE: Final[Mapping[CaseState, tuple[Moment, ...]]] = {
    S.CONFIRMED: ENTERED,
    S.IDENTIFIED: ENTERED,
    S.REJECTED: (M.REJECTED, M.DELETED),
    S.REVOKED: (M.REVOKED,),
}
OF_A_PARTY: Final = (M.NOTICED, M.CAME_IN, M.STATEMENT_GIVEN)
GOES_BACK: Final = frozenset({A.DENY, A.MAINTAIN, A.REDUCE})


def moments(history: Sequence[Done], act_ms: int) -> dict[Moment, int]:
    """Return what has happened to a case, each at the first time since it was last undone."""
    known: dict[Moment, int] = {}
    for done in history:
        if done.act is A.REOPEN:
            known = {}
        elif done.act is A.REASSIGN:
            known = {moment: at_ms for moment, at_ms in known.items() if moment not in OF_A_PARTY}
        elif done.act is A.OBJECT:  # a second objection starts its own time
            known.pop(M.OBJECTION_ANSWERED, None)
            known |= {M.OBJECTED: done.at_ms, M.OBJECTION_FORWARDED: done.at_ms}
        else:
            known = dict.fromkeys(_happened(done, history), done.at_ms) | known
    return known | {M.ACT: act_ms, M.COLLECTED: act_ms}


def was_entered(history: Sequence[Done]) -> bool:
    """Tell whether a case was ever believed, so that its party may look it up; also after it was taken out again."""
    return any(done.after in {S.CONFIRMED, S.IDENTIFIED} for done in history)


def decision(history: Sequence[Done]) -> Done | None:
    """Return the sanction that stands: the last one, unless the case was reopened or revoked since."""
    for done in reversed(history):
        if done.act is A.REOPEN or done.after in {S.REVOKED, S.REJECTED, S.PROPOSED}:
            return None
        if done.after is S.DECIDED and done.act not in GOES_BACK:
            return _proposed(history) if done.act is A.APPROVE else done
    return None


def _happened(done: Done, history: Sequence[Done]) -> Iterator[Moment]:
    yield from BY_ACT.get(done.act, ())
    if done.before is S.RECONSIDERATION:
        yield M.RECONSIDERATION_SERVED
    if done.act in GOES_BACK:
        return
    yield from BY_STATE.get(done.after, ())
    if done.after is S.DECIDED:
        sanction = _proposed(history) if done.act is A.APPROVE else done
        yield M.DECIDED
        if sanction is not None and sanction.act is A.FINE:
            yield M.FINED
        if done.act is not A.APPROVE:
            yield M.DECIDED_ON_THE_SPOT


def _proposed(history: Sequence[Done]) -> Done | None:
    return next((done for done in reversed(history) if done.after is S.PROPOSED), None)
