"""Verdicts by site, sites that are suspended for a spike of rejections, cases with a known answer."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SITES = ("site_verdicts", "site_suspensions", "site_liftings")
KNOWN = ("known_answers", "known_answer_shows", "known_answer_verdicts")
NO_CHANGE_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is appended only'); END
"""
NO_CHANGE_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION appended_only()
"""
NO_TRUNCATE_POSTGRESQL = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION appended_only()
"""
VERDICTS_SO_FAR = """
INSERT INTO site_verdicts (act_id, site_id, case_id, actor, reason)
SELECT case_acts.id, cases.site_id, cases.id, case_acts.actor,
       CASE WHEN case_acts.act = 'reject' THEN case_acts.reason END
FROM case_acts JOIN cases ON cases.id = case_acts.case_id WHERE case_acts.act IN ('confirm', 'reject')
"""


def upgrade() -> None:
    """Bring the database forward; the verdicts that are here are counted by their sites."""
    op.create_index("ix_cases_site_state", "cases", ["site_id", "state", "id"])
    op.create_table(
        "site_verdicts",
        sa.Column("act_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("seen_ms", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["case_acts.id"], name=op.f("fk_site_verdicts_act_id_case_acts")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_site_verdicts")),
    )
    op.create_index("ix_site_verdicts_site", "site_verdicts", ["site_id", "act_id"])
    op.create_index("ix_site_verdicts_actor", "site_verdicts", ["actor", "act_id"])
    op.create_table(
        "site_suspensions",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("site_id", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("first_act_id", WHOLE, nullable=False),
        sa.Column("act_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_suspensions_site_id_sites")),
        sa.ForeignKeyConstraint(["act_id"], ["case_acts.id"], name=op.f("fk_site_suspensions_act_id_case_acts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_suspensions")),
    )
    op.create_index("ix_site_suspensions_site", "site_suspensions", ["site_id", "id"])
    op.create_table(
        "site_liftings",
        sa.Column("suspension_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("act_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["suspension_id"], ["site_suspensions.id"], name=op.f("fk_site_liftings_suspension_id_site_suspensions")
        ),
        sa.PrimaryKeyConstraint("suspension_id", name=op.f("pk_site_liftings")),
    )
    op.execute(VERDICTS_SO_FAR)
    _create_known()
    _appended_only(SITES + KNOWN)


def _create_known() -> None:
    op.create_table(
        "known_answers",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("seeded_by", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_known_answers_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_answers")),
        sa.UniqueConstraint("case_id", name=op.f("uq_known_answers_case_id")),
    )
    op.create_table(
        "known_answer_shows",
        sa.Column("id", WHOLE, autoincrement=True, nullable=False),
        sa.Column("known_id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["known_id"], ["known_answers.id"], name=op.f("fk_known_answer_shows_known_id_known_answers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_answer_shows")),
    )
    op.create_index("ix_known_answer_shows_reviewer", "known_answer_shows", ["reviewer", "case_id"], unique=True)
    op.create_table(
        "known_answer_verdicts",
        sa.Column("show_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("seen_ms", WHOLE, nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["show_id"], ["known_answer_shows.id"], name=op.f("fk_known_answer_verdicts_show_id_known_answer_shows")
        ),
        sa.PrimaryKeyConstraint("show_id", name=op.f("pk_known_answer_verdicts")),
    )
    op.create_index(op.f("ix_known_answer_verdicts_reviewer"), "known_answer_verdicts", ["reviewer"])


def _appended_only(tables: tuple[str, ...]) -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            op.execute((NO_CHANGE_POSTGRESQL if postgresql else NO_CHANGE_SQLITE).format(table=table, verb=verb))
        if postgresql:
            op.execute(NO_TRUNCATE_POSTGRESQL.format(table=table))


def downgrade() -> None:
    """Bring the database back. What was suspended is believed again."""
    for table in (*reversed(KNOWN), *reversed(SITES)):
        op.drop_table(table)
    op.drop_index("ix_cases_site_state", "cases")
