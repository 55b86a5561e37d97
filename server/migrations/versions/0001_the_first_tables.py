"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPENDED = ("audit_log", "case_acts", "ledger_entries")
"""Tables whose rows are never changed or deleted; the database itself refuses."""
REFUSE_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is appended only'); END
"""
REFUSE_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION appended_only()
"""
REFUSE_TRUNCATE_POSTGRESQL = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION appended_only()
"""
"""TRUNCATE passes by the triggers of rows; SQLite has no such statement."""
FUNCTION_POSTGRESQL = """
CREATE FUNCTION appended_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is appended only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql
"""


def _refuse_changes() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(FUNCTION_POSTGRESQL)
    template = REFUSE_POSTGRESQL if postgresql else REFUSE_SQLITE
    for table in APPENDED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(template.format(table=table, verb=verb))
        if postgresql:
            op.execute(REFUSE_TRUNCATE_POSTGRESQL.format(table=table))


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "audit_log",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("enrolled_at_ms", WHOLE, nullable=False),
        sa.Column("last_heartbeat", sa.String(), nullable=True),
        sa.Column("last_heartbeat_ms", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_devices_token_sha256")),
    )
    op.create_table(
        "failed_logins",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_logins")),
    )
    with op.batch_alter_table("failed_logins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_logins_user_name"), ["user_name"], unique=False)

    op.create_table(
        "refused_events",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("payload_sha256", sa.String(), nullable=False),
        sa.Column("payload_bytes", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_events")),
    )
    op.create_table(
        "users",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "events",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_sha256", sa.String(), nullable=False),
        sa.Column("seen_at_ms", WHOLE, nullable=False),
        sa.Column("received_at_ms", WHOLE, nullable=False),
        sa.Column("evidence_complete_at_ms", WHOLE, nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_events_device_id_devices")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events")),
    )
    op.create_table(
        "logins",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("ends_at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["user_name"], ["users.name"], name=op.f("fk_logins_user_name_users")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_logins")),
    )
    op.create_table(
        "passages",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("camera_id", sa.String(), nullable=False),
        sa.Column("zone_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("lamp_at_entry", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("from_ms", WHOLE, nullable=False),
        sa.Column("to_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_passages_device_id_devices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passages")),
        sa.UniqueConstraint("device_id", "sequence", "position", name=op.f("uq_passages_device_id")),
    )
    op.create_table(
        "cases",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("site_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("entered_at_ms", WHOLE, nullable=False),
        sa.Column("created_at_ms", WHOLE, nullable=False),
        sa.Column("sanction", sa.String(), nullable=True),
        sa.Column("amount_fen", WHOLE, nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_cases_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("event_id", name=op.f("uq_cases_event_id")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_queue", ["state", "entered_at_ms"], unique=False)

    op.create_table(
        "event_files",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("stored_at_ms", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_event_files_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", "name", name=op.f("pk_event_files")),
    )
    with op.batch_alter_table("event_files", schema=None) as batch_op:
        batch_op.create_index("ix_event_files_sha256", ["sha256"], unique=False)

    op.create_table(
        "case_acts",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=False),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("amount_fen", WHOLE, nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_acts_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_acts")),
    )
    with op.batch_alter_table("case_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_acts_case_id"), ["case_id"], unique=False)

    op.create_table(
        "ledger_entries",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("debit", sa.String(), nullable=False),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("amount_fen", WHOLE, nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("evidence_sha256", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("reverses", WHOLE, nullable=True),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_ledger_entries_positive")),
        sa.CheckConstraint("debit != credit", name=op.f("ck_ledger_entries_two_accounts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ledger_entries_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["reverses"], ["ledger_entries.number"], name=op.f("fk_ledger_entries_reverses_ledger_entries")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_entries_hash")),
        sa.UniqueConstraint("previous", name=op.f("uq_ledger_entries_previous")),
        sa.UniqueConstraint("reverses", name=op.f("uq_ledger_entries_reverses")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entries_case_id"), ["case_id"], unique=False)

    op.create_table(
        "listings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("site_name", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("act_minute_ms", WHOLE, nullable=True),
        sa.Column("sanction", sa.String(), nullable=True),
        sa.Column("amount_fen", WHOLE, nullable=True),
        sa.Column("picture_sha256", sa.String(), nullable=True),
        sa.Column("published_at_ms", WHOLE, nullable=False),
        sa.Column("ends_at_ms", WHOLE, nullable=False),
        sa.Column("withdrawn_at_ms", WHOLE, nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_because", sa.String(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_listings_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
        sa.UniqueConstraint("case_id", name=op.f("uq_listings_case_id")),
    )
    op.create_table(
        "parties",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=False),
        sa.Column("identified_by", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_parties_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parties")),
        sa.UniqueConstraint("case_id", name=op.f("uq_parties_case_id")),
    )
    _refuse_changes()


def downgrade() -> None:
    """Bring the database back."""
    op.drop_table("parties")
    op.drop_table("listings")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entries_case_id"))

    op.drop_table("ledger_entries")
    with op.batch_alter_table("case_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_acts_case_id"))

    op.drop_table("case_acts")
    with op.batch_alter_table("event_files", schema=None) as batch_op:
        batch_op.drop_index("ix_event_files_sha256")

    op.drop_table("event_files")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_queue")

    op.drop_table("cases")
    op.drop_table("passages")
    op.drop_table("logins")
    op.drop_table("events")
    op.drop_table("users")
    op.drop_table("refused_events")
    with op.batch_alter_table("failed_logins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_failed_logins_user_name"))

    op.drop_table("failed_logins")
    op.drop_table("devices")
    op.drop_table("audit_log")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION appended_only()")
