"""A book of before the migration: its entries keep number and hash, and get tree, sums and triggers."""

from datetime import date

import pytest
from alembic import command
from books import at, basis, make_cases
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server.db import open_engine, sessions, unit_of_work
from server.ledger import book, forest, statements
from server.ledger.accounts import Account
from server.ledger.postings import GENESIS, assess, entry_hash, reverse
from server.migrate import alembic_config, migrate

T0 = at("2026-10-08")
COLUMNS = "number, kind, case_id, debit, credit, amount_fen, officer, evidence_sha256, at_ms, demonstration, reverses"


def test_what_was_posted_before_stands_in_the_new_book_and_goes_back_unharmed(empty_database_url):
    engine = open_engine(empty_database_url)
    command.upgrade(alembic_config(engine), "0008")
    factory = sessions(engine)
    make_cases(factory, 3)
    fines = [assess(basis(case, "o", T0), 1000) for case in (1, 2, 3)]
    previous = GENESIS
    with unit_of_work(factory) as session:
        for number, posting in enumerate([*fines, reverse(fines[0], 1, "o", T0)], start=1):
            row = {name: getattr(posting, name) for name in posting.__dataclass_fields__}
            row |= {"number": number, "previous": previous, "hash": entry_hash(previous, number, posting)}
            names = f"{COLUMNS}, previous, hash"
            places = ", ".join(f":{name.strip()}" for name in names.split(","))
            session.execute(text(f"INSERT INTO ledger_entries ({names}) VALUES ({places})"), row)  # noqa: S608
            previous = row["hash"]
    for _ in range(2):
        migrate(engine)
        with unit_of_work(factory) as session:
            assert book.broken_at(session) is None
            assert forest.proof_for(session, 2).root() == forest.root_of(session, 4)
            lines = {line.account: line for line in statements.trial_balance(session, date(2026, 10, 8))}
            assert lines[Account.FINES_RECEIVABLE].closing_fen == 2000
        for change in ("UPDATE ledger_entries SET amount_fen = 1", "DELETE FROM ledger_entries"):
            with pytest.raises(DatabaseError, match="appended only"), unit_of_work(factory) as session:
                session.execute(text(change))
        command.downgrade(alembic_config(engine), "0008")
        with pytest.raises(DatabaseError, match="appended only"), unit_of_work(factory) as session:
            session.execute(text("DELETE FROM ledger_entries"))
    migrate(engine)
    with unit_of_work(factory) as session:
        book.reverse_case(session, 2, "o", T0, "why")
    with pytest.raises(RuntimeError, match="cannot read"):
        command.downgrade(alembic_config(engine), "0008")
    engine.dispose()


def test_money_that_came_before_waits_as_before_without_the_payers_name_in_the_clear(empty_database_url):
    engine = open_engine(empty_database_url)
    command.upgrade(alembic_config(engine), "0010")
    lines = [("B1", "matched"), ("B2", "over"), ("B3", "returned")]
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO bank_files VALUES ('s', 'b.csv', 3, 'c', 0)"))
        for bank_id, outcome in lines:
            values = f"'{bank_id}', 's', '2026-10-08', 1000, 'r', '王五', '{outcome}', NULL"
            connection.execute(text(f"INSERT INTO bank_lines VALUES ({values})"))  # noqa: S608 - our own words
    migrate(engine)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT reference, outcome, waits FROM incoming_payments ORDER BY reference"))
        assert [(row.reference, row.outcome, bool(row.waits)) for row in rows] == [
            ("bank:B1", "matched", False),
            ("bank:B2", "over", True),
            ("bank:B3", "returned", False),
        ]
        assert connection.scalar(text("SELECT source FROM bank_files")) == "bank"
    command.downgrade(alembic_config(engine), "0010")
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT payer_name FROM bank_lines")).all() == [None, None, None]
    engine.dispose()
