"""Alembic's way in: the engine comes from server.migrate, never from a file."""

from alembic import context
from sqlalchemy import Connection, text

from server.tables import all_tables


def run(connection: Connection) -> None:
    """Run what is missing in one transaction."""
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":  # two processes that start at once: the second finds it done
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('lukou migrations', 0))"))
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"the migration would leave rows without what they refer to: {broken[:10]}")
    connection.commit()


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        render_as_batch=True,
        transactional_ddl=True,  # SQLite's is, though alembic says no: else another process comes in between two steps
    )
    if engine.dialect.name == "postgresql":
        run(connection)
    else:
        # A table that others refer to is copied to be changed, which SQLite refuses with foreign keys on; outside a
        # transaction alone can they be switched (sqlite.org/lang_altertable, section 7).
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            run(connection)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")
