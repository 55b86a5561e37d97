"""Alembic's way in: the engine comes from server.migrate, never from a file."""

from alembic import context

from server.tables import all_tables

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=all_tables(), render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
