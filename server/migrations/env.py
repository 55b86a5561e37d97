"""Alembic's way in: the engine comes from server.migrate, never from a file."""

from alembic import context
from sqlalchemy import text

from server.tables import all_tables

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        render_as_batch=True,
        transactional_ddl=True,  # SQLite's is, though alembic says no: else another process comes in between two steps
    )
    with context.begin_transaction():
        if engine.dialect.name == "postgresql":  # two processes that start at once: the second finds it done
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('lukou migrations', 0))"))
        context.run_migrations()
    connection.commit()
