"""The accounts of the ledger: what each one means, and on which side it stands. Pure.

The rule of the whole book: no account of any case may stand on its wrong side. A case that has paid more than it owes
would turn ``fines_receivable`` around, so nobody can be overpaid without a refund due.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Account(StrEnum):
    """The accounts; `ACCOUNTS` says what each means."""

    FINES_RECEIVABLE = "fines_receivable"
    SURCHARGE_RECEIVABLE = "surcharge_receivable"
    FINES_ASSESSED = "fines_assessed"
    SURCHARGE_ASSESSED = "surcharge_assessed"
    BANK = "bank"
    EPAY = "epay"
    CASH_WITH_OFFICER = "cash_with_officer"
    CASH_WITH_UNIT = "cash_with_unit"
    TREASURY = "treasury"
    WAIVED = "waived"
    SOCIAL_SERVICE = "social_service"
    REFUNDS_DUE = "refunds_due"
    UNMATCHED = "unmatched"


class Side(StrEnum):
    """The side on which an account grows."""

    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an account is, in both languages, and its normal side."""

    side: Side
    zh: str
    en: str


A, D, C = Account, Side.DEBIT, Side.CREDIT
ACCOUNTS: Final[Mapping[Account, Meaning]] = {
    A.FINES_RECEIVABLE: Meaning(D, "应收罚款", "what parties still owe of their fines"),
    A.SURCHARGE_RECEIVABLE: Meaning(D, "应收加处罚款", "what parties still owe of surcharges (行政处罚法 art. 72)"),
    A.FINES_ASSESSED: Meaning(C, "已决定罚款", "what decisions have imposed and nobody has reversed"),
    A.SURCHARGE_ASSESSED: Meaning(C, "已加处罚款", "what was added for late payment and nobody has reversed"),
    A.BANK: Meaning(D, "代收银行", "money in the collecting bank, not yet the treasury's (art. 67)"),
    A.EPAY: Meaning(D, "电子支付", "money that the payment service has taken and not yet settled with the bank"),
    A.CASH_WITH_OFFICER: Meaning(
        D, "执法人员经手现金", "cash taken on the spot, to be handed in in time (arts. 68, 71)"
    ),
    A.CASH_WITH_UNIT: Meaning(D, "本单位经手现金", "cash handed in, to be banked in time (art. 71)"),
    A.TREASURY: Meaning(D, "已缴国库", "money handed to the treasury (art. 74)"),
    A.WAIVED: Meaning(D, "已免除", "what was owed and is no longer asked for, by a decision"),
    A.SOCIAL_SERVICE: Meaning(
        D, "社会服务折抵", "what was owed and served by social service (文明行为促进条例 art. 61)"
    ),
    A.REFUNDS_DUE: Meaning(C, "应退款", "what was paid and is owed back to the party"),
    A.UNMATCHED: Meaning(C, "待核对款项", "money that came and belongs to no case yet"),
}
NOT_MONEY: Final = frozenset(
    {A.FINES_RECEIVABLE, A.SURCHARGE_RECEIVABLE, A.FINES_ASSESSED, A.SURCHARGE_ASSESSED, A.WAIVED, A.SOCIAL_SERVICE}
)
"""The accounts that a revocation brings to zero at once; the others hold money and what is owed back of it."""


def on_wrong_side(balances_fen: Mapping[Account, int]) -> dict[Account, int]:
    """Return the accounts that stand on their wrong side, with how far. Balances are debits less credits, in fen."""
    wrong = {}
    for account, balance_fen in balances_fen.items():
        natural_fen = balance_fen if ACCOUNTS[account].side is Side.DEBIT else -balance_fen
        if natural_fen < 0:
            wrong[account] = -natural_fen
    return wrong
