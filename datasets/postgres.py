"""A real PostgreSQL as a process of ours: the machine's own, else Debian's package without root.

PostgreSQL refuses to run as root; where we are root, it runs as ``nobody``, and all that it needs lies in a folder
which that user can reach. It trusts whoever reaches its address, so it is for tests and measurements alone.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from datasets.cache import cache_folder
from datasets.debian import Say, fetch
from datasets.demo.broker import free_port
from datasets.errors import PartMissingError

USER: Final = "lukou"
START_S: Final = 60.0
REMEDY: Final = "Is PostgreSQL whole on this machine?"


def programs(say: Say = print) -> Path:
    """Return the folder of initdb and postgres, the newest on this machine. Raises PartMissingError."""
    own = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if own:
        return max(own, key=lambda folder: int(folder.parent.name))
    if on_path is not None:
        return Path(on_path).resolve().parent
    root = fetch(("postgresql",), cache_folder("postgresql"), say, closure=True)
    return next((root / "usr/lib/postgresql").glob("*/bin"))


@dataclass(slots=True)
class Postgres:
    """A server on a free port of loopback. ``kill`` and ``start`` again are for what must survive a crash.

    ``fsync`` off is faster, and survives a killed server all the same, but no power cut.
    """

    programs: Path
    fsync: bool = True
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="lukou-postgres-")))
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def create(self) -> None:
        """Make the data folder. Raises PartMissingError with what initdb says."""
        self.folder.chmod(0o755)
        self._take_along()
        home = self.folder / "home"
        home.mkdir(mode=0o700)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(home, nobody.pw_uid, nobody.pw_gid)
        words = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--username={USER}"]
        command: list[str | Path] = [self.programs / "initdb", *words, f"--pgdata={home / 'data'}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_whom())
        if done.returncode != 0:
            raise PartMissingError("initdb", done.stderr.strip() or "it said nothing", REMEDY)

    def start(self, wait_s: float = START_S) -> None:
        """Start it and wait until it answers. Raises PartMissingError with the end of its log."""
        self.port = self.port or free_port()
        until_s = time.monotonic() + wait_s
        while not self.answers():
            if self._process is None or self._process.poll() is not None:  # also: the killed one's children still go
                self._run()
            if time.monotonic() > until_s:
                raise PartMissingError("postgres", (self.folder / "log").read_text()[-500:], REMEDY)
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill the server as a crash would; its children notice and go."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def remove(self) -> None:
        """End it and forget its data."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name: str) -> str:
        """Make an empty database; return SQLAlchemy's URL of it."""
        with psycopg.connect(self._connection(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # a name of ours
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{name}"

    def answers(self) -> bool:
        """Tell whether somebody can connect."""
        try:
            with psycopg.connect(f"{self._connection()} connect_timeout=3"):
                return True
        except psycopg.OperationalError:
            return False

    def _connection(self) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} dbname=postgres"

    def _run(self) -> None:
        flag = "on" if self.fsync else "off"
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": flag,
            "synchronous_commit": flag,
            "full_page_writes": flag,
            "shared_buffers": "32MB",
            "max_connections": "100",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        words = ["-D", str(self.folder / "home" / "data"), "-p", str(self.port), *options]
        with (self.folder / "log").open("ab") as log:
            command: list[str | Path] = [self.programs / "postgres", *words]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_whom())

    def _take_along(self) -> None:
        """Copy fetched programs to where the server's user can reach them: a cache is its owner's alone."""
        root = cache_folder("postgresql")
        if self.programs.is_relative_to(root) and os.geteuid() == 0:
            shutil.copytree(root, self.folder / "programs", symlinks=True)
            self.programs = self.folder / "programs" / self.programs.relative_to(root)

    def _as_whom(self) -> dict[str, Any]:
        words: dict[str, Any] = {"cwd": "/", "start_new_session": True}
        if not self.programs.is_relative_to("/usr"):
            root = self.programs.parents[4]  # usr/lib/postgresql/15/bin
            libraries = [str(path) for base in ("usr/lib", "lib") for path in (root / base).glob("*-linux-gnu*")]
            words["env"] = os.environ | {"LD_LIBRARY_PATH": ":".join(libraries)}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            words |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        return words
