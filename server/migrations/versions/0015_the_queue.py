"""The queue of one site, from an index of its own: at a million cases it would walk all of a state's cases else."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database forward."""
    op.create_index("ix_cases_site_due", "cases", ["site_id", "state", "next_due_ms", "id"])


def downgrade() -> None:
    """Bring the database back."""
    op.drop_index("ix_cases_site_due", "cases")
