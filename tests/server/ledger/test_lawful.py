"""What may be posted: by the code, and by the database itself against hand-written SQL."""

import pytest
from books import basis
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server.db import unit_of_work
from server.errors import ConflictError, WrongInputError
from server.ledger.accounts import ACCOUNTS, Account, Side
from server.ledger.book import append, append_all, broken_at, reverse_case
from server.ledger.kinds import PAIRS, EntryKind, lawful_pairs
from server.ledger.models import LedgerPair
from server.ledger.postings import AMOUNT_MAX_FEN, GENESIS, Basis, assess, entry_hash, post, reverse

K = EntryKind
INSERT = (
    "INSERT INTO ledger_entries (number, kind, case_id, debit, credit, amount_fen, officer, evidence_sha256, at_ms, "
    "demonstration, reverses, previous, hash) VALUES (:n, :k, :c, :d, :t, :f, 'o', 'e', 0, false, :r, :p, :h)"
)


def test_every_account_has_a_meaning_and_every_kind_but_the_reversal_a_pair():
    assert set(ACCOUNTS) == set(Account)
    assert set(PAIRS) == set(K) - {K.REVERSED}
    assert {account for pair in PAIRS.values() for account in pair} == set(Account)
    assert {account for account in Account if ACCOUNTS[account].side is Side.CREDIT} == {
        Account.FINES_ASSESSED, Account.SURCHARGE_ASSESSED, Account.REFUNDS_DUE, Account.UNMATCHED,
    }  # fmt: skip


def test_the_databases_table_is_the_codes(book_sessions):
    with book_sessions.reading() as session:
        rows = session.scalars(select(LedgerPair)).all()
    assert {(row.kind, row.debit, row.credit) for row in rows} == lawful_pairs()


ROWS = [
    # story, kind, case, debit, credit, fen, reverses
    ("an unlawful pair", "assessed", 1, "bank", "treasury", 1, None),
    ("a pair the wrong way", "paid_bank", 1, "fines_receivable", "bank", 1, None),
    ("an unknown kind", "gift", 1, "bank", "treasury", 1, None),
    ("no amount", "paid_bank", 1, "bank", "fines_receivable", 0, None),
    ("below nothing", "paid_bank", 1, "bank", "fines_receivable", -5, None),
    ("a payment of no case", "paid_bank", None, "bank", "fines_receivable", 5, None),
    ("suspense of a case", "suspense_bank", 1, "bank", "unmatched", 5, None),
    ("no such case", "paid_bank", 77, "bank", "fines_receivable", 5, None),
    ("a reversal of nothing", "reversed", 1, "fines_assessed", "fines_receivable", 5, None),
    ("a reversal of another amount", "reversed", 1, "fines_assessed", "fines_receivable", 5, 1),
    ("a reversal of another case", "reversed", 2, "fines_assessed", "fines_receivable", 1000, 1),
    ("a reversal by another pair", "reversed", 1, "fines_receivable", "bank", 1000, 1),
    ("a payment that reverses", "paid_bank", 1, "bank", "fines_receivable", 5, 1),
]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_hand_written_sql_posts_nothing_unlawful(book_sessions, row):
    _, kind, case_id, debit, credit, fen, reverses = row
    first = {"n": 1, "k": "assessed", "c": 1, "d": "fines_receivable", "t": "fines_assessed", "f": 1000, "r": None}
    second = {"n": 2, "k": kind, "c": case_id, "d": debit, "t": credit, "f": fen, "r": reverses}
    with unit_of_work(book_sessions) as session:
        session.execute(text(INSERT), first | {"p": "p", "h": "h"})
    with pytest.raises(DatabaseError), unit_of_work(book_sessions) as session:
        session.execute(text(INSERT), second | {"p": "h", "h": "i"})


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO ledger_pairs VALUES ('gift', 'bank', 'treasury')",
        "UPDATE ledger_pairs SET debit = 'treasury'",
        "DELETE FROM ledger_pairs WHERE kind = 'waived'",
    ],
)
def test_the_lawful_pairs_are_fixed(book_sessions, sql):
    with pytest.raises(DatabaseError, match="fixed"), unit_of_work(book_sessions) as session:
        session.execute(text(sql))


@pytest.mark.parametrize(
    "table", ["ledger_heads", "ledger_nodes", "bank_files", "payment_agreements", "agreement_dues"]
)
def test_what_was_published_or_granted_stays(book_sessions, table):
    rows = {
        "ledger_heads": "INSERT INTO ledger_heads VALUES ('2026-10-08', 0, 'r', 'c', 0, 's')",
        "ledger_nodes": "INSERT INTO ledger_nodes VALUES (9, 9, 'h')",
        "bank_files": "INSERT INTO bank_files (sha256, name, lines, imported_by, at_ms) VALUES ('s', 'n', 1, 'o', 0)",
        "payment_agreements": "INSERT INTO payment_agreements VALUES (9, 1, 5, 'o', 'r', 0)",
        "agreement_dues": "INSERT INTO agreement_dues VALUES (8, '2026-10-08', 5)",
    }
    with unit_of_work(book_sessions) as session:
        if table == "agreement_dues":
            session.execute(text("INSERT INTO payment_agreements VALUES (8, 1, 5, 'o', 'r', 0)"))
        session.execute(text(rows[table]))
    with pytest.raises(DatabaseError, match="appended only"), unit_of_work(book_sessions) as session:
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own words


@pytest.mark.parametrize(
    ("story", "make", "says"),
    [
        ("nothing", lambda: assess(basis(), 0), "positive"),
        ("more than any", lambda: assess(basis(), AMOUNT_MAX_FEN + 1), "positive"),
        ("cash without a receipt", lambda: post(K.PAID_CASH, basis(), 1), "needs a reference"),
        ("a payment of nobody", lambda: post(K.PAID_BANK, basis(None), 1, "bank:1"), "suspense"),
        ("suspense of a case", lambda: post(K.SUSPENSE_BANK, basis(1), 1, "bank:1"), "suspense"),
        ("a bare reversal", lambda: post(K.REVERSED, basis(), 1), "use `reverse`"),
        ("a control character", lambda: post(K.WAIVED, basis(), 1, reason="a\x00b"), "reason: expected plain text"),
        ("an empty reason", lambda: post(K.WAIVED, basis(), 1, reason=""), "reason: expected text or nothing"),
        ("an essay", lambda: post(K.WAIVED, basis(), 1, reason="x" * 501), "at most 500"),
        ("a reversal's reversal", lambda: reverse(reverse(assess(basis(), 1), 1, "o", 1), 2, "o", 1), "is a reversal"),
    ],
)
def test_what_is_no_posting(story, make, says):
    with pytest.raises(ValueError, match=says):
        make()


OWES_1000 = assess(basis(), 1000)
SIDES = [
    ("paid more than owed", [OWES_1000, post(K.PAID_BANK, basis(), 1001, "bank:1")], "fines_receivable would be 1 fen"),
    ("paid without a fine", [post(K.PAID_BANK, basis(), 5, "bank:1")], "fines_receivable would be 5"),
    ("waived more than owed", [OWES_1000, post(K.WAIVED, basis(), 1001)], "fines_receivable would be 1"),
    ("handed in what nobody took", [post(K.CASH_HANDED_IN, basis(), 5, "receipt:1")], "cash_with_officer would be 5"),
    ("to the treasury what is not there", [post(K.TO_TREASURY, basis(), 5)], "bank would be 5"),
    ("paid back what is not due", [post(K.REFUNDED, basis(), 5)], "refunds_due would be 5"),
    ("paid more than owed and due back",
     [OWES_1000, post(K.REFUND_DUE, basis(), 5), post(K.PAID_BANK, basis(), 1006, "bank:1")],
     "fines_receivable would be 1"),
    ("matched what never came", [post(K.MATCHED_BANK, basis(None), 5, "bank:1")], "bank:1, in suspense: unmatched"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "postings", "says"), SIDES, ids=[row[0] for row in SIDES])
def test_no_account_of_a_case_stands_on_its_wrong_side(book_sessions, story, postings, says):
    with pytest.raises(WrongInputError, match=says), unit_of_work(book_sessions) as session:
        append_all(session, postings)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("wrong\nperson", "wrong person"), ("a\x00b", "ab"), (" \n", None), (None, None), ("x" * 600, "x" * 500)],
)
def test_what_a_person_wrote_is_kept_as_one_plain_line(book_sessions, said, kept):
    with unit_of_work(book_sessions) as session:
        append(session, OWES_1000)
        (made,) = reverse_case(session, 1, "o", OWES_1000.at_ms, said)
        assert made.reason == kept
    with book_sessions.reading() as session:
        assert broken_at(session) is None


def test_nothing_is_reversed_twice(book_sessions):
    with unit_of_work(book_sessions) as session:
        append(session, OWES_1000)
        append(session, reverse(OWES_1000, 1, "o", OWES_1000.at_ms))
    with pytest.raises(ConflictError, match="reversed already"), unit_of_work(book_sessions) as session:
        append(session, reverse(OWES_1000, 1, "o", OWES_1000.at_ms))
    with pytest.raises(ConflictError, match="reversed already"), unit_of_work(book_sessions) as session:
        reverse_case(session, 1, "o", OWES_1000.at_ms)


def test_entries_of_before_keep_their_hash():
    """What the version before reckoned for this posting: it knew neither reference nor reason."""
    old = assess(Basis(1, "officer", "a" * 64, 1, demonstration=False), 1000)
    assert entry_hash(GENESIS, 1, old) == "185eda9479e4e3e7a8105ff1c1d1f965aacfe925ca72db859fdacf0722a62555"
