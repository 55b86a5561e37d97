"""The right that each act takes, by where the case stands. Pure data and its look-up."""

from collections.abc import Mapping
from typing import Final

from server.access.rights import Right
from server.procedure.words import Act, CaseState

A, R = Act, Right
RIGHTS: Final[Mapping[Act, Right]] = {
    A.CONFIRM: R.CONFIRM,
    A.REJECT: R.CONFIRM,
    A.REVIEW_AGAIN: R.CONFIRM,
    A.REOPEN: R.SETTLE_DISPUTE,
    A.IDENTIFY: R.IDENTIFY,
    A.REASSIGN: R.IDENTIFY,
    A.NOTIFY: R.NOTIFY,
    A.PROLONG: R.NOTIFY,
    A.HEAR: R.HEAR_STATEMENT,
    A.FINE: R.DECIDE,
    A.WARN: R.DECIDE,
    A.EDUCATE: R.DECIDE,
    A.NO_PENALTY: R.DECIDE,
    A.APPROVE: R.APPROVE_DECISION,
    A.SEND_BACK: R.APPROVE_DECISION,
    A.ANNOUNCE: R.SERVE,
    A.SERVE: R.SERVE,
    A.SETTLE: R.TAKE_PAYMENT,
    A.OBJECT: R.HEAR_STATEMENT,
    A.UPHOLD: R.ANSWER_OBJECTION,
    A.DENY: R.ANSWER_OBJECTION,
    A.APPLY_RECONSIDERATION: R.ANSWER_OBJECTION,
    A.SUE: R.ANSWER_OBJECTION,
    A.MAINTAIN: R.ANSWER_OBJECTION,
    A.REDUCE: R.ANSWER_OBJECTION,
    A.ANNUL: R.ANSWER_OBJECTION,
    A.ENFORCE: R.APPROVE_DECISION,
    A.REVOKE: R.REVOKE,
    A.LAPSE: R.DECIDE,
    A.SHELVE: R.DECIDE,
    A.ARCHIVE: R.DECIDE,
}
VERDICTS: Final[Mapping[CaseState, Right]] = {
    CaseState.SECOND_REVIEW: R.SECOND_REVIEW,
    CaseState.DISPUTED: R.SETTLE_DISPUTE,
}
"""What a verdict takes where somebody has given one already."""


def right_of(act: Act, state: CaseState) -> Right:
    """Return the right that an act takes on a case in this state."""
    if act in {Act.CONFIRM, Act.REJECT} and state in VERDICTS:
        return VERDICTS[state]
    return RIGHTS[act]
