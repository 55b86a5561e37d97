"""The database: engine, the base of all tables, and the unit of work. SQLite embedded, PostgreSQL for real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Engine, Integer, MetaData, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a migration can name it on any database."""


WHOLE = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number: ms since the epoch need more than 4 bytes; SQLite counts up only an INTEGER, which holds 8."""


class Base(DeclarativeBase):
    """The base of all tables. Times are ms since the Unix epoch, money is integer fen."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {int: WHOLE}


def open_engine(url: str) -> Engine:
    """Open the database; on SQLite with a write-ahead log, full syncs and foreign keys."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no type
    connection.isolation_level = None  # SQLAlchemy begins; the driver's own guesses would begin too late
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's event passes its connection
    """A writer takes the lock at once: a reader that turns writer half-way would fail instead of waiting."""
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@dataclass(frozen=True, slots=True)
class Sessions:
    """The two ways into the database: to change it, and only to read it."""

    writing: sessionmaker[Session]
    reading: sessionmaker[Session]


def sessions(engine: Engine) -> Sessions:
    """Return the factories of sessions; what was read stays readable after the end."""
    return Sessions(
        sessionmaker(engine, expire_on_commit=False),
        sessionmaker(engine.execution_options(reading=True), expire_on_commit=False),
    )


@contextmanager
def unit_of_work(make: Sessions) -> Iterator[Session]:
    """Open a session that is committed when the block ends well, and else rolled back."""
    with make.writing() as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def insert_unless_there(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, which the two databases spell alike and SQLAlchemy does not."""
    rows = table.__table__
    if not isinstance(rows, Table):
        raise TypeError(f"expected a table, found {rows!r}")
    return postgresql.insert(rows) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(rows)
