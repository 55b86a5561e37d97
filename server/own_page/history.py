"""What a case's history means to its party: whether it can be looked up, and which decision stands. Pure."""

from collections.abc import Sequence
from typing import Final

from server.procedure.history import Done, imposed
from server.procedure.words import Act, CaseState

A, S = Act, CaseState
GOES_BACK: Final = frozenset({A.DENY, A.MAINTAIN, A.REDUCE})


def was_entered(history: Sequence[Done]) -> bool:
    """Tell whether a case was ever believed, so that its party may look it up; also after it was taken out again.

    From the confirmation on: the query is open on the day of the entry (程序规定 art. 20).
    """
    return any(done.after in {S.CONFIRMED, S.IDENTIFIED} for done in history)


def decision(history: Sequence[Done]) -> Done | None:
    """Return the sanction that stands: the last one, unless the case was reopened or revoked since."""
    for place in range(len(history) - 1, -1, -1):
        done = history[place]
        if done.act is A.REOPEN or done.after in {S.REVOKED, S.REJECTED, S.PROPOSED}:
            return None
        if done.after is S.DECIDED and done.act not in GOES_BACK:
            return imposed(history[: place + 1])
    return None
