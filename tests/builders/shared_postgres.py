"""One PostgreSQL for all tests of one run, whoever runs them; it ends with its last user.

The first user starts a keeper, which runs the server and waits for an exclusive lock on the file of which every user
holds a shared one. The kernel frees the lock of a killed user as well, so no server is left behind.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_SH, flock
from pathlib import Path
from uuid import uuid4

import psycopg
from postgres import REMEDY, START_S, cluster, programs_or_skip

from datasets.errors import PartMissingError
from server.db import open_engine
from server.migrate import migrate

URL, USERS, LOCK = "postgres.url", "postgres.users", "postgres.lock"
TEMPLATE = "lukou_template"


@contextmanager
def shared_cluster(folder: Path) -> Iterator[str]:
    """Use the server that all share who name this folder; yield its URL, which ends where a database's name begins."""
    programs = programs_or_skip()
    with (folder / USERS).open("w") as users:
        with (folder / LOCK).open("w") as lock:
            flock(lock, LOCK_EX)
            flock(users, LOCK_SH)  # waits while a keeper without users clears up
            if not (folder / URL).exists():
                _start_keeper(folder, programs)
                _make_template((folder / URL).read_text())
        yield (folder / URL).read_text()


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


def _start_keeper(folder: Path, programs: Path) -> None:
    root, log = Path(__file__).parent.parent.parent, folder / "postgres.log"
    known = filter(None, [str(root), os.environ.get("PYTHONPATH")])
    keeper = os.posix_spawn(  # no Popen: it outlives whoever starts it
        sys.executable,
        [sys.executable, __file__, str(folder), str(programs)],
        os.environ | {"PYTHONPATH": os.pathsep.join(known)},
        file_actions=[(os.POSIX_SPAWN_OPEN, n, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) for n in (1, 2)],
        setsid=True,
    )
    until_s = time.monotonic() + 2 * START_S
    while not (folder / URL).exists():
        if os.waitpid(keeper, os.WNOHANG) != (0, 0) or time.monotonic() > until_s:
            raise PartMissingError("PostgreSQL", log.read_text()[-1000:], REMEDY)
        time.sleep(0.02)


def keep(folder: Path, programs: Path) -> None:
    """Run a server for as long as anybody holds the lock."""
    with cluster(programs, fsync=False) as made, (folder / USERS).open("w") as users:
        part = folder / f"{URL}.part"
        part.write_text(made.url(""))
        part.rename(folder / URL)
        flock(users, LOCK_EX)
        (folder / URL).unlink()
        made.remove()  # before the lock is free: whoever comes next starts a new one


if __name__ == "__main__":
    keep(Path(sys.argv[1]), Path(sys.argv[2]))
