"""Money that came: bank and e-payments in one table, payers under seal, e-payments sent back, checks of the chain.

A payer's name that was kept in the clear is erased: it cannot be sealed without the key, which no migration has.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW_KIND = "suspense_epay_returned"
BEFORE = "'matched_bank', 'matched_epay', 'suspense_bank', 'suspense_epay', 'suspense_returned'"
AFTER = (
    "'matched_bank', 'matched_epay', 'suspense_bank', 'suspense_epay', 'suspense_epay_returned', 'suspense_returned'"
)
RULE = "kind = 'reversed' OR (case_id IS NULL) = (kind IN ({kinds}))"
CHECK = "ck_ledger_entries_suspense"
ONCE_BEFORE = sa.text("kind IN ('paid_cash', 'paid_epay')")
ONCE = sa.text("kind = 'paid_cash'")
WAITS = sa.text("waits")
WAITING = (
    "no_reference", "several_references", "unknown_case", "never_fined", "revoked", "paid_already", "partial", "over"
)  # fmt: skip
FIXED_SQLITE = """
CREATE TRIGGER ledger_pairs_no_{verb} BEFORE {verb} ON ledger_pairs
BEGIN SELECT RAISE(ABORT, 'the lawful pairs are fixed'); END
"""
FIXED_POSTGRESQL = """
CREATE TRIGGER ledger_pairs_fixed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_pairs
FOR EACH STATEMENT EXECUTE FUNCTION ledger_pairs_fixed()
"""
NO_CHANGE_SQLITE = """
CREATE TRIGGER ledger_checks_no_{verb} BEFORE {verb} ON ledger_checks
BEGIN SELECT RAISE(ABORT, 'ledger_checks is appended only'); END
"""
NO_CHANGE_POSTGRESQL = """
CREATE TRIGGER ledger_checks_no_{verb} BEFORE {verb} ON ledger_checks FOR EACH ROW EXECUTE FUNCTION appended_only()
"""
NO_TRUNCATE_POSTGRESQL = """
CREATE TRIGGER ledger_checks_no_truncate BEFORE TRUNCATE ON ledger_checks
FOR EACH STATEMENT EXECUTE FUNCTION appended_only()
"""


def upgrade() -> None:
    """Bring the database forward."""
    pair = f"INSERT INTO ledger_pairs (kind, debit, credit) VALUES ('{NEW_KIND}', 'unmatched', 'epay')"  # noqa: S608
    _in_fixed_pairs(pair)
    _suspense_check(AFTER)
    op.drop_index("ix_ledger_entries_once", "ledger_entries")
    _index("ix_ledger_entries_once", "ledger_entries", ["kind", "reference"], ONCE, unique=True)
    op.add_column("bank_files", sa.Column("source", sa.String(), nullable=False, server_default="bank"))
    _incoming()
    _open_cash()
    _checks()


def downgrade() -> None:
    """Bring the database back. It refuses where the older book could not say what is posted."""
    many = "SELECT reference FROM ledger_entries WHERE kind = 'paid_epay' GROUP BY reference HAVING count(*) > 1"
    beyond = (
        f"SELECT count(*) FROM ledger_entries WHERE kind = '{NEW_KIND}' OR reference IN ({many})",  # noqa: S608
        "SELECT count(*) FROM incoming_payments WHERE reference NOT LIKE 'bank:%'",
    )
    if any(op.get_bind().scalar(sa.text(count)) for count in beyond):
        raise RuntimeError("the ledger has e-payments that the version before cannot read: it is not brought back")
    op.drop_table("open_cash")
    op.drop_table("ledger_checks")
    _lines_back()
    op.drop_column("bank_files", "source")
    op.drop_index("ix_ledger_entries_once", "ledger_entries")
    _index("ix_ledger_entries_once", "ledger_entries", ["kind", "reference"], ONCE_BEFORE, unique=True)
    _suspense_check(BEFORE)
    _in_fixed_pairs(f"DELETE FROM ledger_pairs WHERE kind = '{NEW_KIND}'")  # noqa: S608 - our own words


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _index(name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _in_fixed_pairs(change: str) -> None:
    """Change the table of pairs, which its triggers keep from everybody else."""
    if _postgresql():
        op.execute("DROP TRIGGER ledger_pairs_fixed ON ledger_pairs")
        op.execute(change)
        op.execute(FIXED_POSTGRESQL)
        return
    for verb in ("INSERT", "UPDATE", "DELETE"):
        op.execute(f"DROP TRIGGER ledger_pairs_no_{verb}")
    op.execute(change)
    for verb in ("INSERT", "UPDATE", "DELETE"):
        op.execute(FIXED_SQLITE.format(verb=verb))


def _suspense_check(kinds: str) -> None:
    """Let other kinds be without a case. SQLite changes no rule of a table: it is copied."""
    rule = RULE.format(kinds=kinds)
    if _postgresql():
        op.drop_constraint(op.f(CHECK), "ledger_entries", type_="check")
        op.create_check_constraint(op.f(CHECK), "ledger_entries", rule)
        return
    said = sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = 'ledger_entries' AND sql IS NOT NULL")
    parts = op.get_bind().execute(said).all()
    (table,) = (sql for kind, sql in parts if kind == "table")
    old = RULE.format(kinds=BEFORE if kinds == AFTER else AFTER)
    if old not in table:
        raise RuntimeError(f"ledger_entries: expected the rule {old}")
    op.execute("ALTER TABLE ledger_entries RENAME TO ledger_entries_before")
    _as_it_is(table.replace(old, rule))
    op.execute("INSERT INTO ledger_entries SELECT * FROM ledger_entries_before ORDER BY number")
    op.execute("DROP TABLE ledger_entries_before")
    for kind, sql in parts:
        if kind != "table":
            _as_it_is(sql)


def _as_it_is(sql: str) -> None:
    """Run what SQLite keeps of itself: a colon in it names no parameter."""
    op.get_bind().exec_driver_sql(sql)


def _incoming() -> None:
    op.create_table(
        "incoming_payments",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", WHOLE, nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_incoming_payments_positive")),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["bank_files.sha256"], name=op.f("fk_incoming_payments_file_sha256_bank_files")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_incoming_payments_case_id_cases")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_incoming_payments")),
    )
    waiting = ", ".join(f"'{word}'" for word in WAITING)
    names = "file_sha256, booked_on, amount_fen, remark, outcome"
    op.execute(
        f"INSERT INTO incoming_payments (reference, {names}, waits, case_id) "  # noqa: S608 - our own words
        f"SELECT 'bank:' || bank_id, {names}, outcome IN ({waiting}), case_id FROM bank_lines"
    )
    op.drop_table("bank_lines")
    op.create_index("ix_incoming_payments_file_sha256", "incoming_payments", ["file_sha256", "outcome", "reference"])
    _index("ix_incoming_payments_waits", "incoming_payments", ["booked_on", "reference"], WAITS)


def _lines_back() -> None:
    op.create_table(
        "bank_lines",
        sa.Column("bank_id", sa.String(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", WHOLE, nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.Column("payer_name", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_bank_lines_positive")),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["bank_files.sha256"], name=op.f("fk_bank_lines_file_sha256_bank_files")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_bank_lines_case_id_cases")),
        sa.PrimaryKeyConstraint("bank_id", name=op.f("pk_bank_lines")),
    )
    names = "file_sha256, booked_on, amount_fen, remark, outcome, case_id"
    op.execute(
        f"INSERT INTO bank_lines (bank_id, {names}) "  # noqa: S608 - our own words
        f"SELECT substr(reference, 6), {names} FROM incoming_payments"
    )
    op.drop_table("incoming_payments")
    op.create_index(op.f("ix_bank_lines_file_sha256"), "bank_lines", ["file_sha256"])
    op.create_index(op.f("ix_bank_lines_outcome"), "bank_lines", ["outcome"])


def _open_cash() -> None:
    reference = sa.Column("reference", sa.String(), nullable=False)
    op.create_table("open_cash", reference, sa.PrimaryKeyConstraint("reference", name=op.f("pk_open_cash")))
    op.execute(
        "INSERT INTO open_cash (reference) SELECT reference FROM ledger_entries WHERE kind = 'paid_cash' "
        "AND reference NOT IN (SELECT reference FROM ledger_entries WHERE kind = 'cash_banked')"
    )


def _checks() -> None:
    op.create_table(
        "ledger_checks",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("broken_at", WHOLE, nullable=True),
        sa.Column("fits_head", sa.Boolean(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("took_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_checks")),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute((NO_CHANGE_POSTGRESQL if _postgresql() else NO_CHANGE_SQLITE).format(verb=verb))
    if _postgresql():
        op.execute(NO_TRUNCATE_POSTGRESQL)
