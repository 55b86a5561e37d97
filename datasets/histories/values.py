"""What is read of a case and of the book when its history is over, as plain words and numbers. Pure.

Times are ms since the Unix epoch, money is integer fen. Words are the database's own: nothing here is the product's.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActSeen:
    """One row of a case's history."""

    act: str
    before: str
    after: str
    actor: str
    at_ms: int
    amount_fen: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class EntrySeen:
    """One entry of the ledger; ``hash`` is what the tree is made of."""

    number: int
    kind: str
    case_id: int | None
    debit: str
    credit: str
    amount_fen: int
    at_ms: int
    hash: str
    reference: str | None = None
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case, its history and its entries.

    ``bands`` are the age bands of its parties, one for each act that names somebody. ``fined``: fining is on for its
    code, ``range_fen`` what it may cost, ``simple_max_fen`` the most of the simple procedure. ``due_ms`` is the queue's
    column, ``reckoned_ms`` the same reckoned afresh; ``seen_ms`` when. ``lined``: a line stands on the public list.
    """

    id: int
    state: str
    version: int
    entered_at_ms: int
    seen_ms: int
    fined: bool
    range_fen: tuple[int, int]
    simple_max_fen: int
    sanction: str | None = None
    amount_fen: int | None = None
    due_ms: int | None = None
    reckoned_ms: int | None = None
    lined: bool = False
    acts: tuple[ActSeen, ...] = ()
    bands: tuple[str, ...] = ()
    entries: tuple[EntrySeen, ...] = ()


@dataclass(frozen=True, slots=True)
class BookSeen:
    """The whole book, and what the product says of it.

    ``broken_at``: the first entry that its own walk finds wrong; ``root`` of its stored tree, ``head_root`` of the head
    that it published; ``trial_fen`` its trial balance, ``debits_fen`` and ``credits_fen`` its statement's turnover, all
    by account. ``came_fen`` and ``went_fen``: what payers and cashiers counted beside the book.
    """

    entries: tuple[EntrySeen, ...]
    broken_at: int | None
    root: str
    head_root: str
    trial_fen: dict[str, int]
    debits_fen: dict[str, int]
    credits_fen: dict[str, int]
    came_fen: int
    went_fen: int
