"""The database: engine, the base of all tables, and the unit of work. SQLite embedded, PostgreSQL for real."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar, Final

from sqlalchemy import (
    URL,
    BigInteger,
    Dialect,
    Engine,
    FromClause,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    func,
    literal,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from server.errors import SettingsProblemError

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


class Written(TypeDecorator[str]):
    """Text of any origin. PostgreSQL's holds no NUL, so U+FFFD stands for it, on SQLite as well: both say the same."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return what is stored, or looked for."""
        return value if value is None or "\0" not in value else value.replace("\0", "\ufffd")


POSTGRESQL_OPTIONS: Final = {
    "synchronous_commit": "on",  # a receipt says that it is on disk, whatever the server's own default
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",  # a worker that is cut off must not hold a site for hours
}


class Base(DeclarativeBase):
    """The base of all tables. Times are ms since the Unix epoch, money is integer fen."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {int: WHOLE, str: Written}


def open_engine(url: str) -> Engine:
    """Open the database; on SQLite with a write-ahead log, full syncs and foreign keys.

    Raises SettingsProblemError for a URL that names none.
    """
    try:
        known = make_url(url)
        if known.get_backend_name() != "sqlite":
            return _open_postgresql(known)
    except (ArgumentError, NoSuchModuleError) as error:
        expected = "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
        raise SettingsProblemError(f"LUKOU_DATABASE_URL: expected {expected}: {error}") from error
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _open_postgresql(url: URL) -> Engine:
    options = " ".join(f"-c {name}={value}" for name, value in POSTGRESQL_OPTIONS.items())
    arguments = {"connect_timeout": 10, "application_name": "lukou", "keepalives_idle": 30, "options": options}
    return create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED", connect_args=arguments)


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
    options: dict[str, Any] = {"reading": True}
    if engine.dialect.name == "postgresql":  # a reader sees one moment, as on SQLite, and can change nothing
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return Sessions(
        sessionmaker(engine, expire_on_commit=False),
        sessionmaker(engine.execution_options(**options), expire_on_commit=False),
    )


def hold(session: Session, what: str) -> None:
    """Hold a named thing until the unit of work ends; another that wants it waits (SQLite: a writer is alone anyway).

    Whoever reads after this reads what the one before has committed.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(sha256(what.encode("utf-8", "replace")).digest()[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


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


def rows_of(session: Session, rows: Sequence[Mapping[str, object]], like: Table, names: Sequence[str]) -> FromClause:
    """Return values as something to SELECT from, sent as one parameter: thousands of them cost one round and one parse.

    ``names`` are columns of the table ``like``, which gives their types.
    """
    told = bindparam("rows", json.dumps(rows, ensure_ascii=False, default=str), type_=Text())
    if session.get_bind().dialect.name == "postgresql":
        typed = [column(name, like.c[name].type) for name in names]
        recordset = func.json_to_recordset(cast(told, postgresql.JSON)).table_valued(*typed)
        return recordset.render_derived(name="told", with_types=True)
    each = func.json_each(told).table_valued("value")
    return select(*(func.json_extract(each.c.value, f"$.{name}").label(name) for name in names)).subquery("told")


def insert_from(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]
) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT of all rows in one statement, which takes ON CONFLICT on both databases. All name the same."""
    into, names = table_of(table), list(rows[0])
    told = rows_of(session, rows, into, names)
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    chosen = select(*(told.c[name] for name in names)).where(literal(1) == 1)  # without it SQLite misreads ON CONFLICT
    return make(into).from_select(names, chosen)


def table_of(mapped: type[Base]) -> Table:
    """Return the table behind a mapped class."""
    table = mapped.__table__
    if not isinstance(table, Table):
        raise TypeError(f"expected a table, found {table!r}")
    return table
