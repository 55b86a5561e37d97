"""What a bank's entry pays: the one case that its remark names, if it brings exactly what is owed. Pure.

Anything else goes into suspense with its reason, and a cashier finds whose it is: a guess would pay another's fine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.ledger.case_money import CaseMoney
from server.ledger.instalments import Due, next_part_fen
from server.ledger.references import cases_in


class Outcome(StrEnum):
    """What becomes of an entry: matched, or why it is in suspense."""

    MATCHED = "matched"
    NO_REFERENCE = "no_reference"
    SEVERAL_REFERENCES = "several_references"
    UNKNOWN_CASE = "unknown_case"
    NEVER_FINED = "never_fined"
    REVOKED = "revoked"
    PAID_ALREADY = "paid_already"
    PARTIAL = "partial"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome, and the case that the remark names, if it names one that is known."""

    outcome: Outcome
    case_id: int | None


def match(remark: str, amount_fen: int, money: Mapping[int, CaseMoney], parts: Mapping[int, Sequence[Due]]) -> Match:
    """Match an entry. ``money`` has the known cases as they stand before it, ``parts`` the agreements in force."""
    named = cases_in(remark)
    if len(named) != 1:
        return Match(Outcome.SEVERAL_REFERENCES if named else Outcome.NO_REFERENCE, None)
    (case_id,) = named
    if case_id not in money:
        return Match(Outcome.UNKNOWN_CASE, None)
    return Match(outcome_of(amount_fen, money[case_id], parts.get(case_id, ())), case_id)


def outcome_of(amount_fen: int, money: CaseMoney, parts: Sequence[Due]) -> Outcome:
    """Tell what becomes of money that names one case, from that case's money and the parts of its agreement."""
    if not money.ever_assessed:
        return Outcome.NEVER_FINED
    if money.assessed_fen == 0:
        return Outcome.REVOKED
    if money.owed_fen == 0:
        return Outcome.PAID_ALREADY
    if amount_fen > money.owed_fen:
        return Outcome.OVER
    if amount_fen < money.owed_fen and amount_fen != next_part_fen(parts, money.owed_fen):
        return Outcome.PARTIAL
    return Outcome.MATCHED
