"""What one case owes, has paid and is owed back, and how a decision that falls is taken out of the book. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.ledger.accounts import Account
from server.ledger.kinds import DECISIONS, EntryKind
from server.ledger.postings import Basis, Posting, balances, post, reverse


@dataclass(frozen=True, slots=True)
class Numbered:
    """An entry of the book: its number and what it says."""

    number: int
    posting: Posting


@dataclass(frozen=True, slots=True)
class CaseMoney:
    """The money of one case, in fen, none of them negative. ``paid_fen`` is what came and has not gone back."""

    fine_owed_fen: int
    surcharge_owed_fen: int
    assessed_fen: int
    surcharge_assessed_fen: int
    paid_fen: int
    refund_due_fen: int
    ever_assessed: bool

    @property
    def owed_fen(self) -> int:
        """Return what is still to be paid, fine and surcharge."""
        return self.fine_owed_fen + self.surcharge_owed_fen


MONEY = (Account.BANK, Account.EPAY, Account.CASH_WITH_OFFICER, Account.CASH_WITH_UNIT, Account.TREASURY)


def case_money(balances_fen: Mapping[Account, int], *, ever_assessed: bool) -> CaseMoney:
    """Read a case's balances (debits less credits, fen)."""
    return CaseMoney(
        fine_owed_fen=balances_fen.get(Account.FINES_RECEIVABLE, 0),
        surcharge_owed_fen=balances_fen.get(Account.SURCHARGE_RECEIVABLE, 0),
        assessed_fen=-balances_fen.get(Account.FINES_ASSESSED, 0),
        surcharge_assessed_fen=-balances_fen.get(Account.SURCHARGE_ASSESSED, 0),
        paid_fen=sum(balances_fen.get(account, 0) for account in MONEY),
        refund_due_fen=-balances_fen.get(Account.REFUNDS_DUE, 0),
        ever_assessed=ever_assessed,
    )


def standing(entries: Iterable[Numbered]) -> list[Numbered]:
    """Return the entries that nobody has reversed, without the reversals themselves."""
    known = list(entries)
    undone = {entry.posting.reverses for entry in known}
    return [e for e in known if e.posting.kind is not EntryKind.REVERSED and e.number not in undone]


def revocation(entries: Sequence[Numbered], basis: Basis, reason: str | None = None) -> list[Posting]:
    """Return what takes a case's decisions back: each is reversed, and what was paid becomes a refund due.

    Afterwards nothing is assessed, owed, waived or served; what is left is money and the same sum owed back.
    """
    decided = [entry for entry in standing(entries) if entry.posting.kind in DECISIONS]
    undone = [reverse(e.posting, e.number, basis.officer, basis.at_ms, reason) for e in decided]
    return undone + overpaid([*(e.posting for e in entries), *undone], basis, reason)


def new_amount(entries: Sequence[Numbered], basis: Basis, amount_fen: int, reason: str) -> list[Posting]:
    """Return what puts another amount in the place of a fine, as a reconsideration or a court may.

    What was added for lateness rested on the old amount and falls with it. Payments stay paid; what was waived or
    served stands as far as something is still owed, so that nobody owes more by a fine that was lowered.
    """
    stood = standing(entries)
    undone = [
        reverse(e.posting, e.number, basis.officer, basis.at_ms, reason) for e in stood if e.posting.kind in DECISIONS
    ]
    changed = [*undone, post(EntryKind.ASSESSED, basis, amount_fen, reason=reason)]
    owed_fen = balances([*(e.posting for e in entries), *changed])[Account.FINES_RECEIVABLE]
    changed += _given_again(stood, basis, owed_fen)
    return [*changed, *overpaid([*(e.posting for e in entries), *changed], basis, reason)]


def _given_again(stood: Iterable[Numbered], basis: Basis, owed_fen: int) -> Iterator[Posting]:
    for given in (e.posting for e in stood if e.posting.kind in {EntryKind.WAIVED, EntryKind.SERVED_SOCIALLY}):
        part = min(given.amount_fen, max(owed_fen, 0))
        if part:
            yield post(given.kind, basis, part, reason=given.reason)
        owed_fen -= part


def overpaid(postings: Iterable[Posting], basis: Basis, reason: str | None) -> list[Posting]:
    """Return the refunds due for whatever was paid beyond what is owed."""
    now = balances(postings)
    owed = (
        (EntryKind.REFUND_DUE, Account.FINES_RECEIVABLE),
        (EntryKind.SURCHARGE_REFUND_DUE, Account.SURCHARGE_RECEIVABLE),
    )
    return [post(kind, basis, -now[account], reason=reason) for kind, account in owed if now[account] < 0]


def split_payment(money: CaseMoney, amount_fen: int) -> tuple[int, int]:
    """Return how much of a payment goes to the fine and how much to the surcharge: the fine first.

    Raises ValueError where more comes than is owed.
    """
    if not 0 < amount_fen <= money.owed_fen:
        raise ValueError(f"expected 1 to {money.owed_fen} fen, as much as is owed, found {amount_fen}")
    to_fine = min(amount_fen, money.fine_owed_fen)
    return to_fine, amount_fen - to_fine
