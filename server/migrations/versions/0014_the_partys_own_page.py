"""The party's own page: visits by number and code, what a party sends, its files and answers, the queue of it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPENDED = ("own_page_messages", "own_page_files", "own_page_answers")
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


def upgrade() -> None:
    """Bring the database forward."""
    _visits()
    op.create_table(
        "own_page_messages",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("in_person", sa.Boolean(), nullable=False),
        sa.Column("statement_id", WHOLE, nullable=True),
        sa.Column("contact_id", WHOLE, nullable=True),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_own_page_messages_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["party_statements.id"], name=op.f("fk_own_page_messages_statement_id_party_statements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_page_messages")),
        sa.UniqueConstraint("case_id", "position", name=op.f("uq_own_page_messages_case_id")),
    )
    _of_messages()
    _refuse_changes()


def _visits() -> None:
    op.create_table(
        "own_page_visits",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("began_at_ms", WHOLE, nullable=False),
        sa.Column("ends_at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_own_page_visits_case_id_cases")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_own_page_visits")),
    )
    op.create_index(op.f("ix_own_page_visits_ends_at_ms"), "own_page_visits", ["ends_at_ms"])


def _of_messages() -> None:
    op.create_table(
        "own_page_files",
        sa.Column("message_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        _of_message("own_page_files"),
        sa.PrimaryKeyConstraint("message_id", "position", name=op.f("pk_own_page_files")),
    )
    op.create_table(
        "own_page_answers",
        sa.Column("message_id", WHOLE, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        _of_message("own_page_answers"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_own_page_answers")),
    )
    op.create_table(
        "own_page_unanswered",
        sa.Column("message_id", WHOLE, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        _of_message("own_page_unanswered"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_own_page_unanswered")),
    )
    op.create_index(op.f("ix_own_page_unanswered_at_ms"), "own_page_unanswered", ["at_ms"])


def _of_message(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_message_id_own_page_messages")
    return sa.ForeignKeyConstraint(["message_id"], ["own_page_messages.id"], name=name)


def _refuse_changes() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    template = REFUSE_POSTGRESQL if postgresql else REFUSE_SQLITE
    for table in APPENDED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(template.format(table=table, verb=verb))
        if postgresql:
            op.execute(REFUSE_TRUNCATE_POSTGRESQL.format(table=table))


def downgrade() -> None:
    """Bring the database back. What parties have sent is lost."""
    for table in ("own_page_unanswered", "own_page_answers", "own_page_files", "own_page_messages", "own_page_visits"):
        op.drop_table(table)
