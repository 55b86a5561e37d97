"""A heartbeat is kept once, beside its camera: the register's own two columns go."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database forward."""
    op.drop_column("devices", "last_heartbeat")
    op.drop_column("devices", "last_heartbeat_ms")


def downgrade() -> None:
    """Bring it back; a box is heard again within a minute."""
    op.add_column("devices", sa.Column("last_heartbeat", sa.String(), nullable=True))
    op.add_column("devices", sa.Column("last_heartbeat_ms", sa.BigInteger(), nullable=True))
