"""The queue at a million cases: no period, one kind, and reports that came after a rejection, each from an index.

PostgreSQL takes a state and the lack of a period to be independent of each other. So it expected many undated cases of
any state, and walked the whole table by number to meet the first of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UNDATED = sa.text("next_due_ms IS NULL")
UNSEEN = sa.text("after_rejection AND parted_at_ms IS NULL")
THOSE_SO_FAR = """
UPDATE further_reports SET after_rejection = true WHERE EXISTS (
    SELECT 1 FROM case_acts
    WHERE case_acts.case_id = further_reports.case_id AND case_acts.to_state = 'rejected'
        AND case_acts.at_ms < further_reports.linked_at_ms)
"""


def upgrade() -> None:
    """Bring the database forward."""
    op.create_index("ix_cases_kind_due", "cases", ["kind", "state", "next_due_ms", "id"])
    op.create_index(
        "ix_cases_undated", "cases", ["state", "entered_at_ms", "id"], sqlite_where=UNDATED, postgresql_where=UNDATED
    )
    op.add_column("further_reports", sa.Column("after_rejection", sa.Boolean(), nullable=False, server_default="false"))
    op.execute(THOSE_SO_FAR)
    op.create_index(
        "ix_further_reports_unseen", "further_reports", ["linked_at_ms"], sqlite_where=UNSEEN, postgresql_where=UNSEEN
    )


def downgrade() -> None:
    """Bring the database back."""
    op.drop_index("ix_further_reports_unseen", "further_reports")
    op.drop_column("further_reports", "after_rejection")
    op.drop_index("ix_cases_undated", "cases")
    op.drop_index("ix_cases_kind_due", "cases")
