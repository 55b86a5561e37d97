"""The book: what is rewritten, taken out or put in is found where it happened, and nothing is reversed twice."""

import pytest
from centre import NOW_MS, deliver, drop_trigger, make_act
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from server.db import unit_of_work
from server.errors import ConflictError
from server.ledger.book import LedgerEntry, append, broken_at, reverse_case
from server.ledger.postings import Account, Basis, EntryKind, Posting, assess

BASIS = Basis(1, "officer", "0" * 64, NOW_MS, demonstration=False)


@pytest.fixture
def three_fines(service):
    deliver(service, make_act(), files=False)
    with unit_of_work(service.sessions) as session:
        for amount_fen in (500, 1000, 2000):
            append(session, assess(BASIS, amount_fen))
    return service


@pytest.mark.parametrize(
    ("story", "sql", "found_at"),
    [
        ("untouched", "SELECT 1", None),
        ("the amount", "UPDATE ledger_entries SET amount_fen = 1 WHERE number = 2", 2),
        ("the officer", "UPDATE ledger_entries SET officer = 'x' WHERE number = 1", 1),
        ("the evidence", "UPDATE ledger_entries SET evidence_sha256 = 'x' WHERE number = 3", 3),
        ("the mark of a demonstration", "UPDATE ledger_entries SET demonstration = true WHERE number = 2", 2),
        ("the hash", "UPDATE ledger_entries SET hash = 'x' WHERE number = 1", 1),
        ("the link", "UPDATE ledger_entries SET previous = 'x' WHERE number = 3", 3),
        ("the first taken out", "DELETE FROM ledger_entries WHERE number = 1", 1),
        ("one taken out", "DELETE FROM ledger_entries WHERE number = 2", 2),
    ],
)
def test_what_is_done_behind_the_triggers_is_found(three_fines, story, sql, found_at):
    with unit_of_work(three_fines.sessions) as session:
        for verb in ("UPDATE", "DELETE"):
            drop_trigger(session, f"ledger_entries_no_{verb}")
        session.execute(text(sql))
        assert broken_at(session) == found_at


def test_what_stands_is_reversed_once(three_fines):
    with unit_of_work(three_fines.sessions) as session:
        made = reverse_case(session, 1, "officer", NOW_MS + 1)
        assert [(e.number, e.reverses, e.amount_fen) for e in made] == [(4, 1, 500), (5, 2, 1000), (6, 3, 2000)]
    with pytest.raises(ConflictError, match="reversed already"), unit_of_work(three_fines.sessions) as session:
        reverse_case(session, 1, "officer", NOW_MS + 2)
    with three_fines.sessions.reading() as session:
        assert len(session.scalars(select(LedgerEntry)).all()) == 6
        assert broken_at(session) is None


def test_a_case_without_money_has_nothing_to_reverse(service):
    with unit_of_work(service.sessions) as session:
        assert reverse_case(session, 1, "officer", NOW_MS) == []


@pytest.mark.parametrize("change", ["amount_fen = 0", "amount_fen = -1", "credit = debit"])
def test_the_database_itself_refuses_a_posting_that_is_none(three_fines, change):
    column, value = change.split(" = ")
    columns = "kind, case_id, debit, credit, amount_fen, officer, evidence_sha256, at_ms, demonstration"
    chosen = columns.replace(column, value)
    insert = f"INSERT INTO ledger_entries (number, previous, hash, {columns}) SELECT 9, 'p', 'h', {chosen}"
    with pytest.raises(DatabaseError, match=r"(?i)check"), unit_of_work(three_fines.sessions) as session:
        session.execute(text(f"{insert} FROM ledger_entries WHERE number = 1"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"amount_fen": 0}, "positive"), ({"amount_fen": -5}, "positive"), ({"credit": Account.FINES_RECEIVABLE}, "two")],
)
def test_a_posting_is_an_amount_from_one_account_to_another(changes, says):
    values = {
        "kind": EntryKind.ASSESSED,
        "case_id": 1,
        "debit": Account.FINES_RECEIVABLE,
        "credit": Account.FINES_ASSESSED,
        "amount_fen": 1,
        "officer": "o",
        "evidence_sha256": "0" * 64,
        "at_ms": 1,
        "demonstration": False,
    }
    with pytest.raises(ValueError, match=says):
        Posting(**values | changes)
