"""Deferral and instalments (行政处罚法 art. 66): what is due when, and how far it is paid. Pure.

A deferral is an agreement of one part. Agreements move no money: they say when what is owed is to come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

PARTS_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class Due:
    """One part: how much is due on which day (Beijing)."""

    due_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class DueNow:
    """One part, with what of it is still to come."""

    due_on: date
    amount_fen: int
    open_fen: int

    def late(self, today: date) -> bool:
        """Tell whether something of it is still to come after its day."""
        return self.open_fen > 0 and today > self.due_on


def agreement_problems(dues: Sequence[Due], owed_fen: int, granted_on: date) -> list[str]:
    """Return everything that keeps the parts from being an agreement over what is owed."""
    found = []
    if not 1 <= len(dues) <= PARTS_MAX:
        found.append(f"expected 1 to {PARTS_MAX} parts, found {len(dues)}")
    found += [
        f"{due.due_on}: expected a positive amount, found {due.amount_fen} fen" for due in dues if due.amount_fen <= 0
    ]
    found += [f"{due.due_on}: expected a day after {granted_on}" for due in dues if due.due_on <= granted_on]
    days = [due.due_on for due in dues]
    if sorted(set(days)) != days:
        found.append("expected each part on a later day than the one before")
    total_fen = sum(due.amount_fen for due in dues)
    if total_fen != owed_fen:
        found.append(f"expected parts that sum up to the {owed_fen} fen that are owed, found {total_fen}")
    return found


def equal_parts(owed_fen: int, days: Sequence[date]) -> list[Due]:
    """Return parts that sum up exactly; the first ones take the fen that do not divide."""
    whole, rest = divmod(owed_fen, len(days))
    return [Due(day, whole + (at < rest)) for at, day in enumerate(days)]


def still_due(dues: Sequence[Due], owed_fen: int) -> list[DueNow]:
    """Return how far each part is met, when ``owed_fen`` are still owed: payments meet the earliest parts first."""
    paid_fen = max(0, sum(due.amount_fen for due in dues) - owed_fen)
    found = []
    for due in dues:
        met = min(paid_fen, due.amount_fen)
        paid_fen -= met
        found.append(DueNow(due.due_on, due.amount_fen, due.amount_fen - met))
    return found


def next_part_fen(dues: Sequence[Due], owed_fen: int) -> int | None:
    """Return what of the earliest unmet part is still to come; None where all is met."""
    return next((part.open_fen for part in still_due(dues, owed_fen) if part.open_fen), None)
