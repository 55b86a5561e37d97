"""From a case's history to the moments by which the law's periods run. Pure.

A reopened case begins anew, and a notice to another rider started nobody else's time: what was undone has not happened.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from server.law.moments import Moment
from server.procedure.history import Done, imposed
from server.procedure.words import Act, CaseState

M, A, S = Moment, Act, CaseState
BY_ACT: Final[Mapping[Act, tuple[Moment, ...]]] = {
    A.NOTIFY: (M.NOTICED,),
    A.PROLONG: (M.PROLONGED,),
    A.HEAR: (M.CAME_IN, M.STATEMENT_GIVEN),
    A.ANNOUNCE: (M.ANNOUNCED,),
    A.SERVE: (M.SERVED,),
    A.SETTLE: (M.PAID,),
    # The unit that takes an objection is the one that answers it: it is forwarded as it comes in (程序规定 art. 5).
    A.OBJECT: (M.OBJECTED, M.OBJECTION_FORWARDED),
    A.UPHOLD: (M.OBJECTION_ANSWERED,),
    A.DENY: (M.OBJECTION_ANSWERED,),
    A.APPLY_RECONSIDERATION: (M.RECONSIDERATION_ASKED,),
    A.SUE: (M.SUED,),
    A.LAPSE: (M.LAPSED,),
    A.SHELVE: (M.DELETED,),
}
"""What has happened when an act is done."""
BY_STATE: Final[Mapping[CaseState, tuple[Moment, ...]]] = {
    # From here on number and code open the party's page: the query is open on the day of the entry (程序规定 art. 20).
    S.CONFIRMED: (M.ENTERED, M.QUERY_OPENED, M.FILED),
    S.REJECTED: (M.REJECTED, M.VERIFIED_FOR_DELETION, M.DELETED),
    S.DECIDED: (M.DECIDED,),
    S.REVOKED: (M.REVOKED,),
}
"""What has happened when a case comes to a state for the first time."""
OF_A_PARTY: Final = (M.NOTICED, M.PROLONGED, M.PROLONGED_UNTIL, M.CAME_IN, M.STATEMENT_GIVEN)
"""What another party has not been told, and has not said."""
SECOND_LOOK: Final = frozenset({S.SECOND_REVIEW, S.DISPUTED})


@dataclass(frozen=True, slots=True)
class Around:
    """What a history does not tell, in ms since the Unix epoch; ``deferred_until_ms``: where a deferral ends."""

    act_ms: int
    collected_ms: int
    published_ms: int | None = None
    unpublished_ms: int | None = None
    deferred_ms: int | None = None
    deferred_until_ms: int | None = None


def moments(history: Sequence[Done], around: Around) -> dict[Moment, int]:
    """Return what has happened to a case, each at the first time since it was last undone."""
    known: dict[Moment, int] = {}
    since: list[Done] = []
    for done in history:
        since.append(done)
        if done.act is A.REOPEN:
            known, since = {}, []
        elif done.act is A.REASSIGN:
            known = {moment: at_ms for moment, at_ms in known.items() if moment not in OF_A_PARTY}
        else:
            known = {**dict.fromkeys(_happened(done, since), done.at_ms), **known}
        if done.act is A.PROLONG and done.until_ms is not None:
            known |= {M.PROLONGED: done.at_ms, M.PROLONGED_UNTIL: done.until_ms}
        if done.act is A.OBJECT:  # a second objection starts its own time
            known = {moment: at_ms for moment, at_ms in known.items() if moment is not M.OBJECTION_ANSWERED}
            known |= dict.fromkeys(BY_ACT[A.OBJECT], done.at_ms)
    return {**known, **_beside(around)}


def _beside(around: Around) -> dict[Moment, int]:
    beside = {
        M.ACT: around.act_ms,
        M.COLLECTED: around.collected_ms,
        M.PUBLISHED: around.published_ms,
        M.UNPUBLISHED: around.unpublished_ms,
        M.DEFERRED: around.deferred_ms,
        M.DEFERRED_UNTIL: around.deferred_until_ms,
    }
    return {moment: at_ms for moment, at_ms in beside.items() if at_ms is not None}


def _happened(done: Done, since: Sequence[Done]) -> tuple[Moment, ...]:
    return (*BY_ACT.get(done.act, ()), *_by_state(done, since))


def _by_state(done: Done, since: Sequence[Done]) -> tuple[Moment, ...]:
    if done.before is S.RECONSIDERATION:
        served = (M.RECONSIDERATION_SERVED,)
        return (*served, M.REVOKED) if done.after is S.REVOKED else served
    if done.before is done.after or done.act is A.DENY or done.act is A.MAINTAIN or done.act is A.REDUCE:
        return ()
    if done.after is S.IDENTIFIED and done.before in SECOND_LOOK:
        return BY_STATE[S.CONFIRMED]
    if done.after is S.DECIDED:
        return _decided(done, since)
    return BY_STATE.get(done.after, ())


def _decided(done: Done, since: Sequence[Done]) -> tuple[Moment, ...]:
    """A decision of the simple procedure is made on the spot, and its copy is in the file as it is made."""
    sanction = imposed(since)
    fined = (M.FINED,) if sanction is not None and sanction.act is A.FINE else ()
    spot = () if done.act is A.APPROVE else (M.DECIDED_ON_THE_SPOT, M.COPY_FILED)
    return (M.DECIDED, *fined, *spot)
