"""Devices enrol by a one-time code and are revoked; what was refused is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REASONS = (
    "malformed",
    "bad_proof",
    "unknown_code",
    "code_withdrawn",
    "code_over",
    "code_used",
    "key_lost",
    "too_many",
)
"""A row each from the beginning, so that two workers never both make it."""


def upgrade() -> None:
    """Bring the database forward."""
    op.add_column("devices", sa.Column("cameras", sa.String(), nullable=False, server_default="[]"))
    op.add_column("devices", sa.Column("revoked_at_ms", WHOLE, nullable=True))
    op.add_column("devices", sa.Column("revoked_by", sa.String(), nullable=True))
    op.add_column("devices", sa.Column("revoked_because", sa.String(), nullable=True))
    op.create_table(
        "enrolment_codes",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("code_sha256", sa.String(), nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("cameras", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at_ms", WHOLE, nullable=False),
        sa.Column("ends_at_ms", WHOLE, nullable=False),
        sa.Column("used_by_key", sa.String(), nullable=True),
        sa.Column("withdrawn_at_ms", WHOLE, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_codes")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_enrolment_codes_code_sha256")),
    )
    op.create_table(
        "refused_enrolments",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_enrolments")),
    )
    op.create_index("ix_refused_enrolments_at_ms", "refused_enrolments", ["at_ms"])
    counts = op.create_table(
        "enrolment_refusal_counts",
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("reason", name=op.f("pk_enrolment_refusal_counts")),
    )
    op.bulk_insert(counts, [{"reason": reason, "count": 0} for reason in REASONS])


def downgrade() -> None:
    """Bring the database back."""
    op.drop_table("enrolment_refusal_counts")
    op.drop_index("ix_refused_enrolments_at_ms", "refused_enrolments")
    op.drop_table("refused_enrolments")
    op.drop_table("enrolment_codes")
    for column in ("revoked_because", "revoked_by", "revoked_at_ms", "cameras"):
        op.drop_column("devices", column)  # not by a copy of the table, which others refer to
