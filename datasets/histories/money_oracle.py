"""What must hold of the money: of each case by its history, and of the whole book by what was counted beside it. Pure.

Balances are summed up here from the entries alone, the tree is RFC 6962's own definition: nothing is the product's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Final

from datasets.histories.procedure_oracle import walked
from datasets.histories.values import BookSeen, CaseSeen, EntrySeen

RECEIVABLE: Final = ("fines_receivable", "surcharge_receivable")
ASSESSED: Final = ("fines_assessed", "surcharge_assessed")
MONEY: Final = ("bank", "epay", "cash_with_officer", "cash_with_unit", "treasury")
GROW_BY_CREDIT: Final = frozenset({*ASSESSED, "refunds_due", "unmatched"})
SETTLED: Final = frozenset({"paid", "archived"})
AWAITED: Final = frozenset({"served", "enforcement"})
"""Where a case waits for its money, and goes on by itself when nothing of its fine is owed any more."""
UNTOUCHED: Final = frozenset({"received", "second_review", "disputed", "rejected", "lapsed", "shelved"})
"""Where a case stands of which nothing was ever asked."""


def balances(entries: Iterable[EntrySeen]) -> Counter[str]:
    """Return debits less credits of each account, in fen."""
    found: Counter[str] = Counter()
    for entry in entries:
        found[entry.debit] += entry.amount_fen
        found[entry.credit] -= entry.amount_fen
    return found


def money_problems(case: CaseSeen) -> list[str]:
    """Return what is wrong with a case's account: in itself, and against its history."""
    has = balances(case.entries)
    stands_fen = walked(case)[0].stands_fen
    found = [
        *_entry_problems(case.entries),
        *_side_problems(has),
        *_against_history(case, has, stands_fen),
        *_ended_problems(case, has),
        *_row_problems(case, stands_fen),
    ]
    return [f"case {case.id}: {text}" for text in found]


def _against_history(case: CaseSeen, has: Counter[str], stands_fen: int | None) -> Iterator[str]:
    if -has["fines_assessed"] != (stands_fen or 0):
        yield f"{-has['fines_assessed']} fen are assessed, its history says {stands_fen}"
    if -has["surcharge_assessed"] > (stands_fen or 0):
        yield f"a surcharge of {-has['surcharge_assessed']} fen on a fine of {stands_fen} (行政处罚法 art. 72)"
    if case.state in UNTOUCHED and case.entries:
        yield f"{case.state}, and has entries"


def _ended_problems(case: CaseSeen, has: Counter[str]) -> Iterator[str]:
    owed, money = sum(has[account] for account in RECEIVABLE), sum(has[account] for account in MONEY)
    if case.state == "revoked" and any(has[a] for a in (*RECEIVABLE, *ASSESSED, "waived", "social_service")):
        yield f"revoked, and its account is {_told(has)}"
    if case.state == "revoked" and -has["refunds_due"] != money:
        yield f"revoked: {money} fen came and did not go back, {-has['refunds_due']} are due back"
    if case.state in SETTLED and owed:
        yield f"{case.state}, and owes {owed} fen"
    if case.state in AWAITED and not owed and any(entry.kind == "assessed" for entry in case.entries):
        yield f"{case.state}, owes nothing of its fine, and is not settled"


def _row_problems(case: CaseSeen, stands_fen: int | None) -> Iterator[str]:
    if case.sanction == "fine" and case.state != "revoked" and case.amount_fen != stands_fen:
        yield f"its row says {case.amount_fen} fen, its history {stands_fen}"
    if case.sanction not in {None, "fine"} and case.amount_fen is not None:
        yield f"{case.sanction}, and its row says {case.amount_fen} fen"


def _told(has: Counter[str]) -> str:
    return ", ".join(f"{account} {fen}" for account, fen in sorted(has.items()) if fen)


def _side_problems(has: Counter[str]) -> list[str]:
    return [
        f"{account} stands at {fen} fen, on its wrong side"
        for account, fen in has.items()
        if (-fen if account in GROW_BY_CREDIT else fen) < 0
    ]


def _entry_problems(entries: Sequence[EntrySeen]) -> list[str]:
    known, undone, found = {entry.number: entry for entry in entries}, Counter[int](), []
    for entry in entries:
        if entry.amount_fen <= 0 or entry.debit == entry.credit:
            found.append(f"entry {entry.number}: {entry.amount_fen} fen from {entry.credit} to {entry.debit}")
        if entry.reverses is None:
            continue
        undone[entry.reverses] += 1
        of = known.get(entry.reverses)
        opposite = of is not None and (of.credit, of.debit, of.amount_fen) == (
            entry.debit,
            entry.credit,
            entry.amount_fen,
        )
        if not opposite or undone[entry.reverses] > 1:
            found.append(f"entry {entry.number} is no single opposite of entry {entry.reverses}")
    return found


def book_problems(book: BookSeen) -> list[str]:
    """Return what is wrong with the whole book, its tree, its statements, and the money in it."""
    found, has = [], balances(book.entries)
    if [entry.number for entry in book.entries] != list(range(1, len(book.entries) + 1)):
        found.append("the entries are not numbered from 1 without a gap")
    if book.broken_at is not None:
        found.append(f"the chain is broken at entry {book.broken_at}")
    root = tree_root([bytes.fromhex(entry.hash) for entry in book.entries]).hex()
    found += [
        f"the {name} is {said}, reckoned from the entries {root}"
        for name, said in (("tree's root", book.root), ("head's root", book.head_root))
        if said != root
    ]
    if sum(book.trial_fen.values()):
        found.append(f"the trial balance is {sum(book.trial_fen.values())} fen and not zero")
    wanted = {
        "trial balance": (book.trial_fen, dict(has)),
        "debits": (book.debits_fen, _turnover(book.entries, "debit")),
        "credits": (book.credits_fen, _turnover(book.entries, "credit")),
    }
    for name, (said, reckoned) in wanted.items():
        differ = {account for account in {*said, *reckoned} if said.get(account, 0) != reckoned.get(account, 0)}
        found += [f"{name}: {a} is {said.get(a, 0)} fen, the entries say {reckoned.get(a, 0)}" for a in sorted(differ)]
    money = sum(has[account] for account in MONEY)
    if money != book.came_fen - book.went_fen:
        found.append(f"the book has {money} fen of money, {book.came_fen} came and {book.went_fen} went back")
    return [*found, *_suspense_problems(book.entries), *_side_problems(has)]


def _turnover(entries: Iterable[EntrySeen], side: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for entry in entries:
        found[getattr(entry, side)] += entry.amount_fen
    return dict(found)


def _suspense_problems(entries: Iterable[EntrySeen]) -> list[str]:
    by_reference: dict[str | None, list[EntrySeen]] = {}
    for entry in entries:
        if entry.case_id is None:
            by_reference.setdefault(entry.reference, []).append(entry)
    return [f"{name}: {text}" for name, own in by_reference.items() for text in _side_problems(balances(own))]


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash of RFC 6962, section 2.1, by its definition, level by level."""
    if not leaves:
        return sha256(b"").digest()
    level = [sha256(b"\0" + leaf).digest() for leaf in leaves]
    while len(level) > 1:  # a node without a neighbour goes up as it is: the same as splitting at a power of two
        pairs = [sha256(b"\1" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]
