"""One act is one case: the sites, further reports of an act, and the vehicles that yielded."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "sites", sa.Column("id", sa.String(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f("pk_sites"))
    )
    op.execute("INSERT INTO sites (id) SELECT DISTINCT site_id FROM devices")
    op.create_index("ix_cases_site", "cases", ["site_id", "entered_at_ms"])
    op.create_table(
        "further_reports",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("linked_at_ms", WHOLE, nullable=False),
        sa.Column("parted_at_ms", WHOLE, nullable=True),
        sa.Column("parted_by", sa.String(), nullable=True),
        sa.Column("parted_because", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.event_id"], name=op.f("fk_further_reports_event_id_events")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_further_reports_case_id_cases")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_further_reports")),
    )
    op.create_index("ix_further_reports_case_id", "further_reports", ["case_id"])
    op.create_table(
        "yields",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("camera_id", sa.String(), nullable=False),
        sa.Column("zone_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("yielded", sa.Boolean(), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("from_ms", WHOLE, nullable=False),
        sa.Column("to_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_yields_device_id_devices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yields")),
        sa.UniqueConstraint("device_id", "sequence", "position", name=op.f("uq_yields_device_id")),
    )


def downgrade() -> None:
    """Bring the database back."""
    op.drop_table("yields")
    op.drop_table("further_reports")
    op.drop_index("ix_cases_site", "cases")
    op.drop_table("sites")
