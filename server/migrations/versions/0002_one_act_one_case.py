"""One act is one case; the vehicles that yielded; the hand-off switch."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


NO_CHANGE_SQLITE = """
CREATE TRIGGER hand_offs_no_{verb} BEFORE {verb} ON hand_offs
BEGIN SELECT RAISE(ABORT, 'hand_offs is appended only'); END
"""
NO_CHANGE_POSTGRESQL = """
CREATE TRIGGER hand_offs_no_{verb} BEFORE {verb} ON hand_offs FOR EACH ROW EXECUTE FUNCTION appended_only()
"""
NO_TRUNCATE_POSTGRESQL = """
CREATE TRIGGER hand_offs_no_truncate BEFORE TRUNCATE ON hand_offs FOR EACH STATEMENT EXECUTE FUNCTION appended_only()
"""


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "sites", sa.Column("id", sa.String(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f("pk_sites"))
    )
    op.execute("INSERT INTO sites (id) SELECT DISTINCT site_id FROM devices")
    op.add_column("passages", sa.Column("zone_kind", sa.String(), nullable=False, server_default="crosswalk"))
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
    op.create_table(
        "hand_offs",
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("sequence", WHOLE, autoincrement=False, nullable=False),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("until_ms", WHOLE, nullable=True),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_hand_offs_site_id_sites")),
        sa.PrimaryKeyConstraint("site_id", "sequence", name=op.f("pk_hand_offs")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    template = NO_CHANGE_POSTGRESQL if postgresql else NO_CHANGE_SQLITE
    for verb in ("UPDATE", "DELETE"):
        op.execute(template.format(verb=verb))
    if postgresql:
        op.execute(NO_TRUNCATE_POSTGRESQL)
    op.create_table(
        "hand_offs_held",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("sequence", WHOLE, nullable=False),
        sa.Column("is_set", sa.Boolean(), nullable=False),
        sa.Column("said_at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_hand_offs_held_device_id_devices")),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_hand_offs_held")),
    )


def downgrade() -> None:
    """Bring the database back."""
    op.drop_table("hand_offs_held")
    op.drop_table("hand_offs")
    op.drop_table("yields")
    op.drop_table("further_reports")
    op.drop_index("ix_cases_site", "cases")
    with op.batch_alter_table("passages") as batch_op:
        batch_op.drop_column("zone_kind")
    op.drop_table("sites")
