"""The oracle of the money: a whole book passes; a posting dropped, doubled or turned around is told."""

from dataclasses import replace
from hashlib import sha256

import pytest
from histories import PAID

from datasets.histories.money_oracle import balances, book_problems, money_problems, tree_root
from datasets.histories.values import ActSeen, BookSeen, CaseSeen, EntrySeen
from server.ledger.tree import fold, grown, leaf_hash, peaks


def entry(number: int, kind: str, debit: str, credit: str, fen: int = 1000, **more) -> EntrySeen:
    values = {"case_id": 1, "at_ms": PAID.seen_ms, "hash": sha256(bytes([number])).hexdigest()} | more
    return EntrySeen(number=number, kind=kind, debit=debit, credit=credit, amount_fen=fen, **values)


ASSESSED = entry(1, "assessed", "fines_receivable", "fines_assessed")
CAME = entry(2, "paid_bank", "bank", "fines_receivable")
UNDONE = entry(3, "reversed", "fines_assessed", "fines_receivable", reverses=1)
OWED_BACK = entry(4, "refund_due", "fines_receivable", "refunds_due")
LATE = entry(3, "surcharge", "surcharge_receivable", "surcharge_assessed", 1001)
SETTLED = replace(PAID, entries=(ASSESSED, CAME))
REVOKED = replace(
    PAID,
    state="revoked",
    acts=(*PAID.acts, ActSeen("revoke", "paid", "revoked", "zhao", PAID.seen_ms)),
    entries=(ASSESSED, CAME, UNDONE, OWED_BACK),
)


@pytest.mark.parametrize("case", [SETTLED, REVOKED], ids=["paid", "revoked"])
def test_an_account_that_is_right_passes(case):
    assert money_problems(case) == []


BROKEN = [
    # story, case, what is said
    ("the fine was not posted", replace(SETTLED, entries=()), "0 fen are assessed, its history says 1000"),
    ("another fine was posted", replace(SETTLED, entries=(replace(ASSESSED, amount_fen=900), CAME)), "900 fen are"),
    ("settled without a payment", replace(SETTLED, entries=(ASSESSED,)), "paid, and owes 1000 fen"),
    ("paid, and still waiting for its money", replace(SETTLED, state="served"), "owes nothing of its fine"),
    ("a payment posted twice", replace(SETTLED, entries=(ASSESSED, CAME, CAME)), "on its wrong side"),
    ("revoked without a reversal", replace(REVOKED, entries=(ASSESSED, CAME)), "revoked, and its account is"),
    ("revoked, nothing owed back", replace(REVOKED, entries=(ASSESSED, CAME, UNDONE)), "0 are due back"),
    ("owed back and not", replace(REVOKED, entries=(*REVOKED.entries[:3], replace(OWED_BACK, amount_fen=999))),
     "999 are due back"),
    ("reversed twice", replace(REVOKED, entries=(*REVOKED.entries, replace(UNDONE, number=5))), "no single opposite"),
    ("reversed by another amount", replace(REVOKED, entries=(ASSESSED, CAME, replace(UNDONE, amount_fen=1), OWED_BACK)),
     "no single opposite"),
    ("more surcharge than fine",
     replace(SETTLED, entries=(ASSESSED, CAME, LATE)),
     "a surcharge of 1001 fen"),
    ("a case nobody believed", replace(PAID, state="rejected", entries=(ASSESSED,)), "rejected, and has entries"),
    ("its row says another amount", replace(SETTLED, amount_fen=999), "its row says 999 fen"),
    ("a warning with an amount", replace(SETTLED, sanction="warn"), "warn, and its row says 1000 fen"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "case", "says"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_is_broken_in_one_place_is_told(story, case: CaseSeen, says):
    assert any(says in problem for problem in money_problems(case))


ENTRIES = REVOKED.entries
ROOT = tree_root([bytes.fromhex(one.hash) for one in ENTRIES]).hex()


def turnover(side: str) -> dict[str, int]:
    return {name: sum(e.amount_fen for e in ENTRIES if getattr(e, side) == name) for name in
            {getattr(e, side) for e in ENTRIES}}  # fmt: skip


BOOK = BookSeen(
    entries=ENTRIES,
    broken_at=None,
    root=ROOT,
    head_root=ROOT,
    trial_fen=dict(balances(ENTRIES)),
    debits_fen=turnover("debit"),
    credits_fen=turnover("credit"),
    came_fen=1000,
    went_fen=0,
)
SUSPENDED = entry(5, "suspense_returned", "unmatched", "bank", 7, case_id=None, reference="bank:9")


def test_a_whole_book_passes():
    assert book_problems(BOOK) == []


@pytest.mark.parametrize(
    ("story", "changes", "says"),
    [
        ("a posting dropped", {"entries": ENTRIES[:3]}, "the tree's root is"),
        ("one dropped within", {"entries": (ENTRIES[0], *ENTRIES[2:])}, "not numbered from 1"),
        ("the chain broken", {"broken_at": 2}, "broken at entry 2"),
        ("another head", {"head_root": "00"}, "the head's root is 00"),
        ("no balance", {"trial_fen": {**BOOK.trial_fen, "bank": 1}}, "the trial balance is"),
        ("a statement that differs", {"debits_fen": {**BOOK.debits_fen, "bank": 1}}, "debits: bank is 1 fen"),
        ("money that nobody brought", {"came_fen": 900}, "900 came"),
        ("money that went unbooked", {"went_fen": 5}, "5 went back"),
        ("returned what never came", {"entries": (*ENTRIES, SUSPENDED)}, "bank:9: unmatched stands at 7 fen"),
    ],
)
def test_what_is_broken_in_the_book_is_told(story, changes, says):
    assert any(says in problem for problem in book_problems(replace(BOOK, **changes)))


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 7, 8, 13, 64, 100])
def test_the_tree_is_the_one_of_the_ledger(size):
    leaves = [sha256(bytes([at])).digest() for at in range(size)]
    nodes = dict(grown(0, [], [leaf_hash(leaf) for leaf in leaves]))
    nodes |= {(0, at): leaf_hash(leaf) for at, leaf in enumerate(leaves)}
    assert tree_root(leaves) == fold([nodes[node] for node in peaks(0, size)])
