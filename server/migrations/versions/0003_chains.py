"""Numbered and chained events, what is held back, every key that a device has had, and how much of a chain is here."""

import base64
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HELD = sa.text("held_because IS NOT NULL")
WORDS = ("chain", "manifest_sha256", "previous_manifest_sha256", "clock_status", "held_because", "held_detail")


def upgrade() -> None:
    """Bring the database forward. Events of before have no chain, and stay as they are."""
    for word in WORDS:  # column by column: SQLite cannot rebuild a table that others refer to
        op.add_column("events", sa.Column(word, sa.String(), nullable=True))
    op.create_index("ix_events_number", "events", ["device_id", "chain", "sequence"], unique=True)
    op.create_index("ix_events_held", "events", ["received_at_ms"], sqlite_where=HELD, postgresql_where=HELD)
    for table in ("passages", "yields"):
        with op.batch_alter_table(table) as counts:
            counts.add_column(sa.Column("chain", sa.String(), nullable=False, server_default=""))
            counts.drop_constraint(op.f(f"uq_{table}_device_id"), type_="unique")
            counts.create_unique_constraint(
                op.f(f"uq_{table}_device_id"), ["device_id", "chain", "sequence", "position"]
            )
    op.create_table(
        "chain_counts",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("highest", WHOLE, nullable=False),
        sa.Column("here", WHOLE, nullable=False),
        sa.Column("came_again", WHOLE, nullable=False),
        sa.Column("last_at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_chain_counts_device_id_devices")),
        sa.PrimaryKeyConstraint("device_id", "chain", name=op.f("pk_chain_counts")),
    )
    keys = op.create_table(
        "device_keys",
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("from_ms", WHOLE, nullable=False),
        sa.Column("until_ms", WHOLE, nullable=True),
        sa.Column("compromised_at_ms", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_keys_device_id_devices")),
        sa.PrimaryKeyConstraint("device_id", "chain", name=op.f("pk_device_keys")),
    )
    known = op.get_bind().execute(sa.text("SELECT id, public_key, enrolled_at_ms FROM devices")).all()
    chains = [(device, _chain(key), key, from_ms) for device, key, from_ms in known]
    op.bulk_insert(
        keys,
        [
            {"device_id": device, "chain": chain, "public_key": key, "from_ms": from_ms}
            for device, chain, key, from_ms in chains
            if chain is not None
        ],
    )


def _chain(public_key: str) -> str | None:
    """Return the chain's name (contract.identity, as it was then); None for what is no key, and so seals nothing."""
    try:
        return sha256(base64.b64decode(public_key, validate=True)).hexdigest()[:16]
    except ValueError:
        return None


def downgrade() -> None:
    """Bring the database back. Passages of a device's second key that bear a number of its first go."""
    op.drop_table("device_keys")
    op.drop_table("chain_counts")
    for table in ("passages", "yields"):
        op.execute(
            f"DELETE FROM {table} WHERE id NOT IN "  # noqa: S608 - our own words
            f"(SELECT min(id) FROM {table} GROUP BY device_id, sequence, position)"
        )
        with op.batch_alter_table(table) as counts:
            counts.drop_constraint(op.f(f"uq_{table}_device_id"), type_="unique")
            counts.create_unique_constraint(op.f(f"uq_{table}_device_id"), ["device_id", "sequence", "position"])
            counts.drop_column("chain")
    op.drop_index("ix_events_held", "events")
    op.drop_index("ix_events_number", "events")
    for word in WORDS:
        op.drop_column("events", word)
