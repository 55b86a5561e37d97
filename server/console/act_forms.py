"""What each act's form asks for, and its key: the table behind the case page's forms. Pure.

The order is that of the page: what leads on first, what ends a case after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.procedure.words import Act


class Ask(StrEnum):
    """A field of a form."""

    REASON = "reason"
    REJECTION = "rejection"
    LENIENCY = "leniency"
    BASIS = "basis"
    AGE = "age"
    AMOUNT = "amount"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act's form. ``key``: the letter that submits it, "" for none; ``quiet``: not what usually comes next."""

    act: Act
    key: str = ""
    asks: tuple[Ask, ...] = ()
    quiet: bool = True


A, Q = Act, Ask
FORMS: Final = (
    ActForm(A.CONFIRM, "c", quiet=False),
    ActForm(A.IDENTIFY, "i", (Q.BASIS, Q.AGE), quiet=False),
    ActForm(A.NOTIFY, "o", (Q.AMOUNT,), quiet=False),
    ActForm(A.HEAR, "h", quiet=False),
    ActForm(A.FINE, "f", (Q.AMOUNT,), quiet=False),
    ActForm(A.APPROVE, "a", quiet=False),
    ActForm(A.SERVE, "s", (Q.REASON,), quiet=False),
    ActForm(A.SETTLE, "", quiet=False),
    ActForm(A.DENY, "d", (Q.REASON,), quiet=False),
    ActForm(A.UPHOLD, "u", (Q.REASON,)),
    ActForm(A.MAINTAIN, "m", (Q.REASON,), quiet=False),
    ActForm(A.REDUCE, "", (Q.AMOUNT, Q.REASON)),
    ActForm(A.ANNUL, "", (Q.REASON,)),
    ActForm(A.WARN, "w", (Q.LENIENCY,)),
    ActForm(A.EDUCATE, "e", (Q.LENIENCY,)),
    ActForm(A.NO_PENALTY, "z", (Q.LENIENCY,)),
    ActForm(A.SEND_BACK, "b", (Q.REASON,)),
    ActForm(A.PROLONG, "", (Q.UNTIL, Q.REASON)),
    ActForm(A.ANNOUNCE, "", (Q.REASON,)),
    ActForm(A.ENFORCE, ""),
    ActForm(A.REASSIGN, "", (Q.BASIS, Q.AGE, Q.REASON)),
    ActForm(A.REVIEW_AGAIN, ""),
    ActForm(A.OBJECT, "", (Q.REASON,)),
    ActForm(A.APPLY_RECONSIDERATION, "", (Q.REASON,)),
    ActForm(A.SUE, "", (Q.REASON,)),
    ActForm(A.REJECT, "x", (Q.REJECTION,)),
    ActForm(A.REOPEN, "", (Q.REASON,)),
    ActForm(A.REVOKE, "r", (Q.REASON,)),
    ActForm(A.SHELVE, "", (Q.REASON,)),
    ActForm(A.LAPSE, ""),
    ActForm(A.ARCHIVE, ""),
)


def forms_of(acts: Iterable[Act]) -> tuple[ActForm, ...]:
    """Return the forms of some acts, in the order of the page."""
    wanted = frozenset(acts)
    return tuple(form for form in FORMS if form.act in wanted)
