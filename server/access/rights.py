"""Who may do which act: roles, rights and the one table of both. Pure data and its look-up.

One role a user. No role both decides a case and takes its money: 行政处罚法 art. 67 (who decides never collects).
"""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a user is."""

    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    LEGAL = "legal"
    CASHIER = "cashier"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


FORMER: Final = {"officer": Role.REVIEWER, "admin": Role.ADMINISTRATOR}
"""Words of before; the command line still takes them."""


class Right(StrEnum):
    """What can be allowed."""

    SEE_QUEUE = "see_queue"
    SEE_CASE = "see_case"
    SEE_IDENTITY = "see_identity"
    SEE_OPERATION = "see_operation"
    SEE_LEDGER = "see_ledger"
    SEE_AUDIT = "see_audit"
    SEE_USERS = "see_users"
    SEE_CARE = "see_care"
    EXPORT_LEDGER = "export_ledger"
    EXPORT_AUDIT = "export_audit"
    OWN_ACCOUNT = "own_account"
    CONFIRM = "confirm"
    SECOND_REVIEW = "second_review"
    SETTLE_DISPUTE = "settle_dispute"
    IDENTIFY = "identify"
    NOTIFY = "notify"
    HEAR_STATEMENT = "hear_statement"
    DECIDE = "decide"
    APPROVE_DECISION = "approve_decision"
    SERVE = "serve"
    ANSWER_OBJECTION = "answer_objection"
    REVOKE = "revoke"
    PUBLISH_LISTING = "publish_listing"
    HOLD = "hold"
    HAND_OFF = "hand_off"
    LIFT_SUSPENSION = "lift_suspension"
    SEED_KNOWN = "seed_known"
    TAKE_PAYMENT = "take_payment"
    IMPORT_BANK = "import_bank"
    HAND_IN_CASH = "hand_in_cash"
    ISSUE_STATEMENT = "issue_statement"
    SETTLE_MONEY = "settle_money"
    CORRECT_LAW = "correct_law"
    MANAGE_USERS = "manage_users"
    MANAGE_DEVICES = "manage_devices"


READING: Final = frozenset(
    {right for right in Right if right.value.startswith(("see_", "export_"))} | {Right.OWN_ACCOUNT}
)
"""These change nothing."""
DECIDING: Final = frozenset(
    {Right.CONFIRM, Right.SECOND_REVIEW, Right.DECIDE, Right.APPROVE_DECISION, Right.SETTLE_MONEY}
)
COLLECTING: Final = frozenset({Right.TAKE_PAYMENT, Right.IMPORT_BANK, Right.HAND_IN_CASH})

_EVERYBODY: Final = frozenset(Role)
_OFFICERS: Final = frozenset({Role.REVIEWER, Role.SUPERVISOR})
_POLICE: Final = _OFFICERS | {Role.LEGAL}
_HEADS: Final = frozenset({Role.SUPERVISOR, Role.LEGAL})
_CASHIER: Final = frozenset({Role.CASHIER})
_AUDITOR: Final = frozenset({Role.AUDITOR})
_ADMINISTRATOR: Final = frozenset({Role.ADMINISTRATOR})

TABLE: Final[dict[Right, frozenset[Role]]] = {
    Right.SEE_QUEUE: _POLICE | _AUDITOR,
    Right.SEE_CASE: _POLICE | _AUDITOR,
    Right.SEE_IDENTITY: _POLICE | _AUDITOR,
    Right.SEE_OPERATION: _EVERYBODY - _CASHIER,
    Right.SEE_LEDGER: _HEADS | _CASHIER | _AUDITOR,
    Right.SEE_AUDIT: _AUDITOR | _ADMINISTRATOR,
    Right.SEE_USERS: _AUDITOR | _ADMINISTRATOR,
    Right.SEE_CARE: _OFFICERS | _AUDITOR,
    Right.EXPORT_LEDGER: _CASHIER | _AUDITOR,
    Right.EXPORT_AUDIT: _AUDITOR | _ADMINISTRATOR,
    Right.OWN_ACCOUNT: _EVERYBODY,
    Right.CONFIRM: _OFFICERS,
    Right.SECOND_REVIEW: _OFFICERS,
    Right.SETTLE_DISPUTE: frozenset({Role.SUPERVISOR}),
    Right.IDENTIFY: _OFFICERS,
    Right.NOTIFY: _OFFICERS,
    Right.HEAR_STATEMENT: _POLICE,
    Right.DECIDE: _OFFICERS,
    Right.APPROVE_DECISION: _HEADS,
    Right.SERVE: _OFFICERS,
    Right.ANSWER_OBJECTION: _HEADS,
    Right.REVOKE: _HEADS,
    Right.PUBLISH_LISTING: frozenset({Role.SUPERVISOR}),
    Right.HOLD: _HEADS,
    Right.HAND_OFF: _OFFICERS,
    Right.LIFT_SUSPENSION: frozenset({Role.SUPERVISOR}),
    Right.SEED_KNOWN: frozenset({Role.SUPERVISOR}),
    Right.TAKE_PAYMENT: _CASHIER,
    Right.IMPORT_BANK: _CASHIER,
    Right.HAND_IN_CASH: _CASHIER,
    Right.ISSUE_STATEMENT: _CASHIER,
    Right.SETTLE_MONEY: _HEADS,
    Right.CORRECT_LAW: frozenset({Role.LEGAL}),
    Right.MANAGE_USERS: _ADMINISTRATOR,
    Right.MANAGE_DEVICES: _ADMINISTRATOR,
}


def may(role: Role, right: Right) -> bool:
    """Tell whether a role has a right."""
    return role in TABLE[right]


def role_of(word: str) -> Role:
    """Return the role of a word, or of a former one. Raises ValueError."""
    return FORMER.get(word) or Role(word)


def picture() -> str:
    """Draw the table for docs/access.md."""
    head = f"| right | {' | '.join(Role)} |\n|---|{'---|' * len(Role)}\n"
    rows = (f"| `{right}` | {' | '.join('x' if may(role, right) else '' for role in Role)} |\n" for right in Right)
    return head + "".join(rows)
