"""Legal holds; what was purged."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NO_CHANGE_SQLITE = """
CREATE TRIGGER purges_no_{verb} BEFORE {verb} ON purges
BEGIN SELECT RAISE(ABORT, 'purges is appended only'); END
"""
NO_CHANGE_POSTGRESQL = """
CREATE TRIGGER purges_no_{verb} BEFORE {verb} ON purges FOR EACH ROW EXECUTE FUNCTION appended_only()
"""


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "legal_holds",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.Column("released_because", sa.String(), nullable=True),
        sa.Column("released_at_ms", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_legal_holds_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(op.f("ix_legal_holds_case_id"), "legal_holds", ["case_id"])
    op.create_table(
        "purges",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("days", WHOLE, nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("files", WHOLE, nullable=False),
        sa.Column("bytes", WHOLE, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_purges_event_id_events")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_purges")),
    )
    op.create_table(
        "purged_files",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["purges.event_id"], name=op.f("fk_purged_files_event_id_purges")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_purged_files")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for verb in ("UPDATE", "DELETE"):
        op.execute((NO_CHANGE_POSTGRESQL if postgresql else NO_CHANGE_SQLITE).format(verb=verb))


def downgrade() -> None:
    """Bring the database back."""
    op.drop_table("purged_files")
    op.drop_table("purges")
    op.drop_index(op.f("ix_legal_holds_case_id"), "legal_holds")
    op.drop_table("legal_holds")
