"""Why an entry is made, and the one lawful pair of accounts of each kind. Pure; the database has the same table.

A reversal has the opposite pair of the entry that it reverses.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from server.ledger.accounts import Account


class EntryKind(StrEnum):
    """Why an entry was made."""

    ASSESSED = "assessed"
    SURCHARGE = "surcharge"
    PAID_BANK = "paid_bank"
    PAID_EPAY = "paid_epay"
    PAID_CASH = "paid_cash"
    SURCHARGE_PAID_BANK = "surcharge_paid_bank"
    SURCHARGE_PAID_EPAY = "surcharge_paid_epay"
    CASH_HANDED_IN = "cash_handed_in"
    CASH_BANKED = "cash_banked"
    EPAY_SETTLED = "epay_settled"
    TO_TREASURY = "to_treasury"
    WAIVED = "waived"
    SURCHARGE_WAIVED = "surcharge_waived"
    SERVED_SOCIALLY = "served_socially"
    REFUND_DUE = "refund_due"
    SURCHARGE_REFUND_DUE = "surcharge_refund_due"
    REFUNDED = "refunded"
    REFUNDED_BY_TREASURY = "refunded_by_treasury"
    SUSPENSE_BANK = "suspense_bank"
    SUSPENSE_EPAY = "suspense_epay"
    MATCHED_BANK = "matched_bank"
    MATCHED_EPAY = "matched_epay"
    SUSPENSE_RETURNED = "suspense_returned"
    SUSPENSE_EPAY_RETURNED = "suspense_epay_returned"
    REVERSED = "reversed"


A, K = Account, EntryKind
Pair = tuple[Account, Account]
"""Debit, credit."""
PAIRS: Final[Mapping[EntryKind, Pair]] = {
    K.ASSESSED: (A.FINES_RECEIVABLE, A.FINES_ASSESSED),
    K.SURCHARGE: (A.SURCHARGE_RECEIVABLE, A.SURCHARGE_ASSESSED),
    K.PAID_BANK: (A.BANK, A.FINES_RECEIVABLE),
    K.PAID_EPAY: (A.EPAY, A.FINES_RECEIVABLE),
    K.PAID_CASH: (A.CASH_WITH_OFFICER, A.FINES_RECEIVABLE),
    K.SURCHARGE_PAID_BANK: (A.BANK, A.SURCHARGE_RECEIVABLE),
    K.SURCHARGE_PAID_EPAY: (A.EPAY, A.SURCHARGE_RECEIVABLE),
    K.CASH_HANDED_IN: (A.CASH_WITH_UNIT, A.CASH_WITH_OFFICER),
    K.CASH_BANKED: (A.BANK, A.CASH_WITH_UNIT),
    K.EPAY_SETTLED: (A.BANK, A.EPAY),
    K.TO_TREASURY: (A.TREASURY, A.BANK),
    K.WAIVED: (A.WAIVED, A.FINES_RECEIVABLE),
    K.SURCHARGE_WAIVED: (A.WAIVED, A.SURCHARGE_RECEIVABLE),
    K.SERVED_SOCIALLY: (A.SOCIAL_SERVICE, A.FINES_RECEIVABLE),
    K.REFUND_DUE: (A.FINES_RECEIVABLE, A.REFUNDS_DUE),
    K.SURCHARGE_REFUND_DUE: (A.SURCHARGE_RECEIVABLE, A.REFUNDS_DUE),
    K.REFUNDED: (A.REFUNDS_DUE, A.BANK),
    K.REFUNDED_BY_TREASURY: (A.REFUNDS_DUE, A.TREASURY),
    K.SUSPENSE_BANK: (A.BANK, A.UNMATCHED),
    K.SUSPENSE_EPAY: (A.EPAY, A.UNMATCHED),
    K.MATCHED_BANK: (A.UNMATCHED, A.BANK),
    K.MATCHED_EPAY: (A.UNMATCHED, A.EPAY),
    K.SUSPENSE_RETURNED: (A.UNMATCHED, A.BANK),
    K.SUSPENSE_EPAY_RETURNED: (A.UNMATCHED, A.EPAY),
}
WITHOUT_CASE: Final = frozenset(
    {
        *(K.SUSPENSE_BANK, K.SUSPENSE_EPAY, K.MATCHED_BANK, K.MATCHED_EPAY),
        *(K.SUSPENSE_RETURNED, K.SUSPENSE_EPAY_RETURNED),
    }
)
"""Money that belongs to no case yet; `matched` takes it out, and a payment of the same unit books it on its case."""
DECISIONS: Final = frozenset({K.ASSESSED, K.SURCHARGE, K.WAIVED, K.SURCHARGE_WAIVED, K.SERVED_SOCIALLY})
"""What a revocation reverses. What was paid is no decision: it becomes a refund due."""
PAYMENTS: Final = frozenset({K.PAID_BANK, K.PAID_EPAY, K.PAID_CASH, K.SURCHARGE_PAID_BANK, K.SURCHARGE_PAID_EPAY})
NEEDS_REFERENCE: Final = PAYMENTS | WITHOUT_CASE | {K.CASH_HANDED_IN, K.CASH_BANKED}
"""Kinds that say by which receipt, bank entry or transaction they were made (行政处罚法 art. 70)."""


def lawful_pairs() -> frozenset[tuple[EntryKind, Account, Account]]:
    """Return every kind with its debit and credit; a reversal has the opposite of each."""
    straight = {(kind, debit, credit) for kind, (debit, credit) in PAIRS.items()}
    return frozenset(straight | {(K.REVERSED, credit, debit) for _, debit, credit in straight})
