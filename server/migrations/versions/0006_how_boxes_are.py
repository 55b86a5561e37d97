"""How each camera and box is; why a site's switch is set."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "cameras_heard",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("camera_id", sa.String(), nullable=False),
        sa.Column("sent_at_ms", WHOLE, nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_cameras_heard_device_id_devices")),
        sa.PrimaryKeyConstraint("device_id", "camera_id", name=op.f("pk_cameras_heard")),
    )
    op.create_table(
        "box_presences",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("connection", WHOLE, nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("since_ms", WHOLE, nullable=False),
        sa.Column("by_itself", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_box_presences_device_id_devices")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_box_presences")),
    )
    op.add_column("hand_offs", sa.Column("cause", sa.String(), nullable=False, server_default="directed"))


def downgrade() -> None:
    """Bring the database back."""
    op.drop_column("hand_offs", "cause")
    op.drop_table("box_presences")
    op.drop_table("cameras_heard")
