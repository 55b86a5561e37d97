"""A book on a real database, SQLite and PostgreSQL, with five cases."""

import pytest
from books import open_book


@pytest.fixture
def book_sessions(database_url):
    engine, factory = open_book(database_url)
    yield factory
    engine.dispose()
