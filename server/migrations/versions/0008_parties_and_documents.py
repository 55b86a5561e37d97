"""Parties' identities under seal, contacts, consents, statements; the register of documents."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPENDED = ("documents", "party_statements", "service_consents", "statement_answers")
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
    op.create_table(
        "sealed_values",
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("of", name=op.f("pk_sealed_values")),
    )
    op.create_index("ix_sealed_values_case_id", "sealed_values", ["case_id"])
    op.create_index("ix_sealed_values_key_id", "sealed_values", ["key_id"])
    op.create_table(
        "party_digests",
        sa.Column("party_id", WHOLE, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_party_digests_party_id_parties")),
        sa.PrimaryKeyConstraint("party_id", name=op.f("pk_party_digests")),
    )
    op.create_index("ix_party_digests_digest", "party_digests", ["digest"])
    op.create_table(
        "party_contacts",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("party_id", WHOLE, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at_ms", WHOLE, nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("confirmed_how", sa.String(), nullable=True),
        sa.Column("confirmed_at_ms", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_party_contacts_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_contacts")),
    )
    op.create_index(op.f("ix_party_contacts_party_id"), "party_contacts", ["party_id"])
    op.create_table(
        "service_consents",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("party_id", WHOLE, nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("signed_at_ms", WHOLE, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_service_consents_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_consents")),
    )
    op.create_index(op.f("ix_service_consents_party_id"), "service_consents", ["party_id"])
    _statements()
    _documents()
    _refuse_changes()


def _statements() -> None:
    op.create_table(
        "party_statements",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("party_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("came_by", sa.String(), nullable=False),
        sa.Column("taken_by", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["parties.id"], name=op.f("fk_party_statements_party_id_parties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_statements")),
    )
    op.create_index(op.f("ix_party_statements_party_id"), "party_statements", ["party_id"])
    op.create_table(
        "statement_answers",
        sa.Column("statement_id", WHOLE, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["party_statements.id"], name=op.f("fk_statement_answers_statement_id_party_statements")
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statement_answers")),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("serial", WHOLE, nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=True),
        sa.Column("template_version", WHOLE, nullable=False),
        sa.Column("renderer", sa.String(), nullable=False),
        sa.Column("font_sha256", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("issued_at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_documents_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("kind", "year", "demonstration", "serial", name=op.f("uq_documents_kind")),
    )
    op.create_index(op.f("ix_documents_case_id"), "documents", ["case_id"])


def _refuse_changes() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    template = REFUSE_POSTGRESQL if postgresql else REFUSE_SQLITE
    for table in APPENDED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(template.format(table=table, verb=verb))
        if postgresql:
            op.execute(REFUSE_TRUNCATE_POSTGRESQL.format(table=table))


def downgrade() -> None:
    """Bring the database back. Personal data and the register of documents are lost."""
    for table in (
        "documents",
        "statement_answers",
        "party_statements",
        "service_consents",
        "party_contacts",
        "party_digests",
        "sealed_values",
    ):
        op.drop_table(table)
