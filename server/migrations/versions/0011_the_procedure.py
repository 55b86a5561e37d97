"""Every case has its next legal day; acts may grant time; a case may turn out to be another party's."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the database forward; the next day of the cases that are here is reckoned by the service's own sweep."""
    op.add_column("cases", sa.Column("next_due_ms", WHOLE, nullable=True))
    op.add_column("case_acts", sa.Column("until_ms", WHOLE, nullable=True))
    op.create_index("ix_cases_due", "cases", ["state", "next_due_ms", "id"])
    with op.batch_alter_table("parties") as parties:
        parties.drop_constraint("uq_parties_case_id", type_="unique")
        parties.create_index(op.f("ix_parties_case_id"), ["case_id"])
    # Until now a case had no next day; the sweep (server/decisions/due.py) takes those whose day has gone by.
    op.execute("UPDATE cases SET next_due_ms = 0 WHERE state IN ('received', 'confirmed', 'identified', 'decided')")


def downgrade() -> None:
    """Take it back; a case that was somebody else's before cannot be told by the former tables."""
    with op.batch_alter_table("parties") as parties:
        parties.drop_index(op.f("ix_parties_case_id"))
        parties.create_unique_constraint("uq_parties_case_id", ["case_id"])
    op.drop_index("ix_cases_due", "cases")
    op.drop_column("case_acts", "until_ms")
    op.drop_column("cases", "next_due_ms")
