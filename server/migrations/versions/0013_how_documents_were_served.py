"""How documents were served: appended only."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NO_CHANGE_SQLITE = """
CREATE TRIGGER document_services_no_{verb} BEFORE {verb} ON document_services
BEGIN SELECT RAISE(ABORT, 'document_services is appended only'); END
"""
NO_CHANGE_POSTGRESQL = """
CREATE TRIGGER document_services_no_{verb} BEFORE {verb} ON document_services
FOR EACH ROW EXECUTE FUNCTION appended_only()
"""
NO_TRUNCATE_POSTGRESQL = """
CREATE TRIGGER document_services_no_truncate BEFORE TRUNCATE ON document_services
FOR EACH STATEMENT EXECUTE FUNCTION appended_only()
"""


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "document_services",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("document_id", WHOLE, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_services_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_services")),
    )
    op.create_index(op.f("ix_document_services_document_id"), "document_services", ["document_id"])
    postgresql = op.get_bind().dialect.name == "postgresql"
    for verb in ("UPDATE", "DELETE"):
        op.execute((NO_CHANGE_POSTGRESQL if postgresql else NO_CHANGE_SQLITE).format(verb=verb))
    if postgresql:
        op.execute(NO_TRUNCATE_POSTGRESQL)


def downgrade() -> None:
    """Bring the database back. How documents were served is lost."""
    op.drop_table("document_services")
