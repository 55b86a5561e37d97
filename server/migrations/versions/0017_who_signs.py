"""Users get the name and police number that stand on documents; a receipt says of which payment it is.

Nobody's is known yet: what documents do without them stands in docs/documents.md.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database forward."""
    op.add_column("users", sa.Column("display_name", sa.String(), nullable=True))
    op.add_column("users", sa.Column("police_number", sa.String(), nullable=True))
    op.create_index("ix_users_police_number", "users", ["police_number"], unique=True)
    op.add_column("documents", sa.Column("about", sa.String(), nullable=True))


def downgrade() -> None:
    """Bring the database back. The documents that were issued keep the names that they were issued with."""
    op.drop_column("documents", "about")
    op.drop_index("ix_users_police_number", "users")
    op.drop_column("users", "police_number")
    op.drop_column("users", "display_name")
