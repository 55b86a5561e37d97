"""The database's migrations (alembic)."""
