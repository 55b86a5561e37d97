"""The ledger grown: lawful pairs, money in suspense, the tree, daily sums, heads, bank files, agreements.

Entries of before keep their number and hash; tree and sums are made of them here.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PAIRS = (
    ("assessed", "fines_receivable", "fines_assessed"),
    ("surcharge", "surcharge_receivable", "surcharge_assessed"),
    ("paid_bank", "bank", "fines_receivable"),
    ("paid_epay", "epay", "fines_receivable"),
    ("paid_cash", "cash_with_officer", "fines_receivable"),
    ("surcharge_paid_bank", "bank", "surcharge_receivable"),
    ("surcharge_paid_epay", "epay", "surcharge_receivable"),
    ("cash_handed_in", "cash_with_unit", "cash_with_officer"),
    ("cash_banked", "bank", "cash_with_unit"),
    ("epay_settled", "bank", "epay"),
    ("to_treasury", "treasury", "bank"),
    ("waived", "waived", "fines_receivable"),
    ("surcharge_waived", "waived", "surcharge_receivable"),
    ("served_socially", "social_service", "fines_receivable"),
    ("refund_due", "fines_receivable", "refunds_due"),
    ("surcharge_refund_due", "surcharge_receivable", "refunds_due"),
    ("refunded", "refunds_due", "bank"),
    ("refunded_by_treasury", "refunds_due", "treasury"),
    ("suspense_bank", "bank", "unmatched"),
    ("suspense_epay", "epay", "unmatched"),
    ("matched_bank", "unmatched", "bank"),
    ("matched_epay", "unmatched", "epay"),
    ("suspense_returned", "unmatched", "bank"),
)
SUSPENSE = "'matched_bank', 'matched_epay', 'suspense_bank', 'suspense_epay', 'suspense_returned'"
KEPT = (
    "number, kind, case_id, debit, credit, amount_fen, officer, evidence_sha256, at_ms, demonstration, reverses, "
    "previous, hash"
)
CHECKS = {
    "reversal": "(kind = 'reversed') = (reverses IS NOT NULL)",
    "suspense": f"kind = 'reversed' OR (case_id IS NULL) = (kind IN ({SUSPENSE}))",
}
ONCE = sa.text("kind IN ('paid_cash', 'paid_epay')")
REFERRED = sa.text("reference IS NOT NULL")
APPENDED = ("agreement_dues", "bank_files", "ledger_heads", "ledger_nodes", "payment_agreements")
NO_CHANGE_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is appended only'); END
"""
NO_CHANGE_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION appended_only()
"""
NO_TRUNCATE_POSTGRESQL = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION appended_only()
"""
OPPOSITE = """
SELECT 1 FROM ledger_entries e WHERE e.number = NEW.reverses AND e.kind <> 'reversed' AND e.debit = NEW.credit
AND e.credit = NEW.debit AND e.amount_fen = NEW.amount_fen AND coalesce(e.case_id, 0) = coalesce(NEW.case_id, 0)
"""
SAID = "a reversal is the opposite of the entry that it reverses"
REVERSAL_SQLITE = f"""
CREATE TRIGGER ledger_entries_reversal BEFORE INSERT ON ledger_entries WHEN NEW.reverses IS NOT NULL
BEGIN SELECT RAISE(ABORT, '{SAID}') WHERE NOT EXISTS ({OPPOSITE}); END
"""
REVERSAL_POSTGRESQL = (
    f"""
CREATE FUNCTION ledger_reversal() RETURNS trigger AS $$
BEGIN IF NOT EXISTS ({OPPOSITE}) THEN RAISE EXCEPTION '{SAID}'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql
""",
    """
CREATE TRIGGER ledger_entries_reversal BEFORE INSERT ON ledger_entries FOR EACH ROW
WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION ledger_reversal()
""",
)
FIXED_SQLITE = """
CREATE TRIGGER ledger_pairs_no_{verb} BEFORE {verb} ON ledger_pairs
BEGIN SELECT RAISE(ABORT, 'the lawful pairs are fixed'); END
"""
FIXED_POSTGRESQL = (
    """
CREATE FUNCTION ledger_pairs_fixed() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the lawful pairs are fixed'; END $$ LANGUAGE plpgsql
""",
    """
CREATE TRIGGER ledger_pairs_fixed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_pairs
FOR EACH STATEMENT EXECUTE FUNCTION ledger_pairs_fixed()
""",
)
AT_ONCE = 5_000


def upgrade() -> None:
    """Bring the database forward."""
    _pairs()
    _entries()
    _new_tables()
    _carry_over()
    _triggers()


def downgrade() -> None:
    """Bring the database back. It refuses where something is posted that the older book could not say."""
    connection = op.get_bind()
    postgresql = connection.dialect.name == "postgresql"
    new = "kind NOT IN ('assessed', 'reversed') OR reason IS NOT NULL OR reference IS NOT NULL"
    beyond = sa.text(f"SELECT count(*) FROM ledger_entries WHERE {new}")  # noqa: S608 - our own words
    if connection.scalar(beyond):
        raise RuntimeError("the ledger has entries that the version before cannot read: it is not brought back")
    for table in ("agreement_dues", "payment_agreements", "bank_lines", "bank_files", "ledger_heads"):
        op.drop_table(table)
    op.drop_table("ledger_day_sums")
    op.drop_table("ledger_nodes")
    _entries_back()
    op.drop_table("ledger_pairs")
    if postgresql:
        op.execute("DROP FUNCTION ledger_pairs_fixed()")


def _pairs() -> None:
    names = [sa.Column(name, sa.String(), nullable=False) for name in ("kind", "debit", "credit")]
    pairs = op.create_table(
        "ledger_pairs", *names, sa.PrimaryKeyConstraint("kind", "debit", "credit", name=op.f("pk_ledger_pairs"))
    )
    rows = [*PAIRS, *(("reversed", credit, debit) for _, debit, credit in sorted(set(PAIRS)))]
    unique = list(dict.fromkeys(rows))
    op.bulk_insert(pairs, [{"kind": kind, "debit": debit, "credit": credit} for kind, debit, credit in unique])


def _entries() -> None:
    if op.get_bind().dialect.name != "postgresql":
        _copied_sqlite(beyond_0008=True)
    else:
        op.alter_column("ledger_entries", "case_id", nullable=True)
        op.add_column("ledger_entries", sa.Column("reference", sa.String(), nullable=True))
        op.add_column("ledger_entries", sa.Column("reason", sa.String(), nullable=True))
        for name, rule in CHECKS.items():
            op.create_check_constraint(op.f(f"ck_ledger_entries_{name}"), "ledger_entries", rule)
        pair = ["kind", "debit", "credit"]
        op.create_foreign_key(op.f("fk_ledger_entries_kind_ledger_pairs"), "ledger_entries", "ledger_pairs", pair, pair)
    name, of = "ix_ledger_entries_reference", ["reference"]
    op.create_index(name, "ledger_entries", of, sqlite_where=REFERRED, postgresql_where=REFERRED)
    name, of = "ix_ledger_entries_once", ["kind", "reference"]
    op.create_index(name, "ledger_entries", of, unique=True, sqlite_where=ONCE, postgresql_where=ONCE)


def _entries_back() -> None:
    if op.get_bind().dialect.name != "postgresql":
        _copied_sqlite(beyond_0008=False)
        _entries_appended_only_sqlite()
        return
    op.execute("DROP TRIGGER ledger_entries_reversal ON ledger_entries")
    op.execute("DROP FUNCTION ledger_reversal()")
    op.drop_index("ix_ledger_entries_once", "ledger_entries")
    op.drop_index("ix_ledger_entries_reference", "ledger_entries")
    op.drop_constraint(op.f("fk_ledger_entries_kind_ledger_pairs"), "ledger_entries", type_="foreignkey")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_ledger_entries_{name}"), "ledger_entries", type_="check")
    op.drop_column("ledger_entries", "reason")
    op.drop_column("ledger_entries", "reference")
    op.alter_column("ledger_entries", "case_id", nullable=False)


def _copied_sqlite(*, beyond_0008: bool) -> None:
    """Copy the table into one of the other shape; the old one steps aside first, or the copy would refer to it.

    Its triggers go with the old one.
    """
    op.drop_index("ix_ledger_entries_case_id", "ledger_entries")
    op.execute("ALTER TABLE ledger_entries RENAME TO ledger_entries_before")
    more = [sa.Column(name, sa.String(), nullable=True) for name in ("reference", "reason")] if beyond_0008 else []
    held: list[sa.schema.SchemaItem] = []
    if beyond_0008:
        pair = ["kind", "debit", "credit"]
        held += [sa.CheckConstraint(rule, name=op.f(f"ck_ledger_entries_{name}")) for name, rule in CHECKS.items()]
        held += [
            sa.ForeignKeyConstraint(
                pair, [f"ledger_pairs.{name}" for name in pair], name=op.f("fk_ledger_entries_kind_ledger_pairs")
            )
        ]
    op.create_table(
        "ledger_entries",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=beyond_0008),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("debit", "credit")),
        sa.Column("amount_fen", WHOLE, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("officer", "evidence_sha256")),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("reverses", WHOLE, nullable=True),
        *more,
        *(sa.Column(name, sa.String(), nullable=False) for name in ("previous", "hash")),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_ledger_entries_positive")),
        sa.CheckConstraint("debit != credit", name=op.f("ck_ledger_entries_two_accounts")),
        *held,
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ledger_entries_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["reverses"], ["ledger_entries.number"], name=op.f("fk_ledger_entries_reverses_ledger_entries")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_entries")),
        *(
            sa.UniqueConstraint(name, name=op.f(f"uq_ledger_entries_{name}"))
            for name in ("hash", "previous", "reverses")
        ),
    )
    op.execute(
        f"INSERT INTO ledger_entries ({KEPT}) SELECT {KEPT} FROM ledger_entries_before ORDER BY number"  # noqa: S608
    )
    op.execute("DROP TABLE ledger_entries_before")
    op.create_index(op.f("ix_ledger_entries_case_id"), "ledger_entries", ["case_id"])


def _new_tables() -> None:
    op.create_table(
        "ledger_nodes",
        sa.Column("level", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_ledger_nodes")),
    )
    op.create_table(
        "ledger_day_sums",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("kind", "debit", "credit")),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("entries", WHOLE, nullable=False),
        sa.Column("amount_fen", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("day", "kind", "debit", "credit", "demonstration", name=op.f("pk_ledger_day_sums")),
    )
    op.create_table(
        "ledger_heads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("size", WHOLE, nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("made_at_ms", WHOLE, nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_heads")),
    )
    op.create_table(
        "bank_files",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lines", WHOLE, nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_bank_files")),
    )
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
    op.create_index(op.f("ix_bank_lines_file_sha256"), "bank_lines", ["file_sha256"])
    op.create_index(op.f("ix_bank_lines_outcome"), "bank_lines", ["outcome"])
    _agreements()


def _agreements() -> None:
    op.create_table(
        "payment_agreements",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("total_fen", WHOLE, nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_payment_agreements_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_agreements")),
    )
    op.create_index(op.f("ix_payment_agreements_case_id"), "payment_agreements", ["case_id"])
    op.create_table(
        "agreement_dues",
        sa.Column("agreement_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", WHOLE, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_agreement_dues_positive")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["payment_agreements.id"], name=op.f("fk_agreement_dues_agreement_id_payment_agreements")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "due_on", name=op.f("pk_agreement_dues")),
    )


def _carry_over() -> None:
    """Make tree and sums of the entries that are here."""
    connection = op.get_bind()
    columns = "number, hash, at_ms, kind, debit, credit, demonstration, amount_fen"
    said = sa.text(f"SELECT {columns} FROM ledger_entries ORDER BY number")  # noqa: S608 - our own words
    rows = connection.execute(said, execution_options={"yield_per": AT_ONCE})
    stack: list[bytes] = []
    nodes: list[dict[str, object]] = []
    entries: Counter[tuple[object, ...]] = Counter()
    amounts: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        day = (datetime.fromtimestamp(row.at_ms / 1000, UTC) + timedelta(hours=8)).date()
        key = (day, row.kind, row.debit, row.credit, bool(row.demonstration))
        entries[key] += 1
        amounts[key] += row.amount_fen
        stack.append(sha256(b"\0" + bytes.fromhex(row.hash)).digest())
        level, index = 0, row.number - 1
        while index & 1:
            right, left = stack.pop(), stack.pop()
            level, index = level + 1, index >> 1
            stack.append(sha256(b"\1" + left + right).digest())
            nodes.append({"level": level, "position": index, "hash": stack[-1].hex()})
    names = ("day", "kind", "debit", "credit", "demonstration")
    sums = [dict(zip(names, k, strict=True)) | {"entries": entries[k], "amount_fen": amounts[k]} for k in entries]
    for name, found in (("ledger_nodes", nodes), ("ledger_day_sums", sums)):
        table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        for at in range(0, len(found), AT_ONCE):
            op.bulk_insert(table, found[at : at + AT_ONCE])


def _triggers() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPENDED:
            for verb in ("UPDATE", "DELETE"):
                op.execute(NO_CHANGE_POSTGRESQL.format(table=table, verb=verb))
            op.execute(NO_TRUNCATE_POSTGRESQL.format(table=table))
        for statement in (*REVERSAL_POSTGRESQL, *FIXED_POSTGRESQL):
            op.execute(statement)
        return
    _entries_appended_only_sqlite()
    for verb in ("UPDATE", "DELETE"):
        for table in APPENDED:
            op.execute(NO_CHANGE_SQLITE.format(table=table, verb=verb))
    for verb in ("INSERT", "UPDATE", "DELETE"):
        op.execute(FIXED_SQLITE.format(verb=verb))
    op.execute(REVERSAL_SQLITE)


def _entries_appended_only_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(NO_CHANGE_SQLITE.format(table="ledger_entries", verb=verb))
