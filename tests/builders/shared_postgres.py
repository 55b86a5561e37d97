"""One PostgreSQL for all tests of one run, with a migrated template of which every test gets a copy."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from kept import keep, kept
from postgres import programs_or_skip

from datasets.postgres import cluster
from server.db import open_engine
from server.migrate import migrate

TEMPLATE = "lukou_template"


def shared_cluster(folder: Path) -> AbstractContextManager[str]:
    """Use the server of a run's folder; gives its URL, which ends where a database's name begins."""
    return kept(folder, __file__, [str(programs_or_skip())], _make_template)


def new_database(url: str) -> str:
    """Copy the migrated template; return the copy's URL."""
    name = f"t_{uuid4().hex}"
    _tell(url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    return f"{url}{name}"


def empty_database(url: str) -> str:
    """Make a database without any table; return its URL."""
    name = f"e_{uuid4().hex}"
    _tell(url, f"CREATE DATABASE {name}")
    return f"{url}{name}"


def drop_database(url: str, database_url: str) -> None:
    """Forget a database, whoever still looks at it."""
    _tell(url, f"DROP DATABASE {database_url.removeprefix(url)} WITH (FORCE)")


def _make_template(url: str) -> None:
    _tell(url, f"CREATE DATABASE {TEMPLATE}")
    engine = open_engine(f"{url}{TEMPLATE}")
    migrate(engine)
    engine.dispose()


def _tell(url: str, statement: str) -> None:
    with psycopg.connect(f"{url.replace('+psycopg', '')}postgres", autocommit=True) as connection:
        connection.execute(statement)


@contextmanager
def _running(programs: Path) -> Iterator[str]:
    with cluster(programs, fsync=False) as made:
        yield made.url("")


if __name__ == "__main__":
    keep(Path(sys.argv[1]), _running(Path(sys.argv[2])))
