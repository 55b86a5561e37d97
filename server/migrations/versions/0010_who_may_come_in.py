"""Six roles, a second factor, sessions that end; the audit log can be searched, and its days are sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLES = {"officer": "reviewer", "admin": "administrator"}
NO_CHANGE_SQLITE = """
CREATE TRIGGER audit_heads_no_{verb} BEFORE {verb} ON audit_heads
BEGIN SELECT RAISE(ABORT, 'audit_heads is appended only'); END
"""
NO_CHANGE_POSTGRESQL = """
CREATE TRIGGER audit_heads_no_{verb} BEFORE {verb} ON audit_heads FOR EACH ROW EXECUTE FUNCTION appended_only()
"""
NO_TRUNCATE_POSTGRESQL = """
CREATE TRIGGER audit_heads_no_truncate BEFORE TRUNCATE ON audit_heads
FOR EACH STATEMENT EXECUTE FUNCTION appended_only()
"""
AUDIT = {
    "ix_audit_log_at": ["at_ms", "id"],
    "ix_audit_log_who": ["who", "at_ms", "id"],
    "ix_audit_log_what": ["what", "at_ms", "id"],
    "ix_audit_log_case": ["case_id", "at_ms", "id"],
}


def upgrade() -> None:
    """Bring the database forward. Whoever is logged in logs in again."""
    _rename(ROLES)
    op.add_column("users", sa.Column("must_change_password", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("users", sa.Column("totp_at_ms", WHOLE, nullable=True))
    op.add_column("users", sa.Column("totp_step", WHOLE, nullable=False, server_default="0"))
    op.execute("DELETE FROM logins")
    op.add_column("logins", sa.Column("stage", sa.String(), nullable=False, server_default="whole"))
    op.add_column("logins", sa.Column("began_at_ms", WHOLE, nullable=False, server_default="0"))
    op.add_column("logins", sa.Column("seen_at_ms", WHOLE, nullable=False, server_default="0"))
    op.add_column("logins", sa.Column("address", sa.String(), nullable=False, server_default=""))
    op.add_column("logins", sa.Column("offered_sealed", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_logins_user_name"), "logins", ["user_name"])
    op.add_column("failed_logins", sa.Column("kind", sa.String(), nullable=False, server_default="password"))
    op.add_column("failed_logins", sa.Column("address", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_failed_logins_address", "failed_logins", ["address", "at_ms"])
    op.create_table(
        "recovery_codes",
        sa.Column("code_sha256", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("used_at_ms", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["user_name"], ["users.name"], name=op.f("fk_recovery_codes_user_name_users")),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_user_name"), "recovery_codes", ["user_name"])
    for name, columns in AUDIT.items():
        op.create_index(name, "audit_log", columns)
    _create_heads()


def _create_heads() -> None:
    op.create_table(
        "audit_heads",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("entries", WHOLE, nullable=False),
        sa.Column("head_sha256", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("sealed_at_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_audit_heads")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    for verb in ("UPDATE", "DELETE"):
        op.execute((NO_CHANGE_POSTGRESQL if postgresql else NO_CHANGE_SQLITE).format(verb=verb))
    if postgresql:
        op.execute(NO_TRUNCATE_POSTGRESQL)


def downgrade() -> None:
    """Bring the database back. The new roles have no former word: they read only."""
    op.drop_table("audit_heads")
    for name in AUDIT:
        op.drop_index(name, "audit_log")
    op.drop_table("recovery_codes")
    op.execute("DELETE FROM logins")
    op.drop_index("ix_failed_logins_address", "failed_logins")
    op.drop_index(op.f("ix_logins_user_name"), "logins")
    for table, columns in {
        "failed_logins": ("kind", "address"),
        "logins": ("stage", "began_at_ms", "seen_at_ms", "address", "offered_sealed"),
        "users": ("must_change_password", "totp_at_ms", "totp_step"),
    }.items():
        for column in columns:
            op.drop_column(table, column)
    _rename({"supervisor": "officer", "legal": "auditor", "cashier": "auditor"} | {v: k for k, v in ROLES.items()})


def _rename(roles: dict[str, str]) -> None:
    users = sa.table("users", sa.column("role", sa.String()))
    for old, new in roles.items():
        op.execute(users.update().where(users.c.role == old).values(role=new))
