"""A real PostgreSQL of one's own: the machine's, else Debian's package without root.

PostgreSQL refuses to run as root; whoever is root runs it as ``nobody``, and all that it needs lies in a
folder which that user can reach. Trust on loopback alone: whoever is on this machine may look at its data.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from datasets.cache import cache_folder
from datasets.debian import fetch
from datasets.demo.broker import free_port
from datasets.errors import PartMissingError

USER = "lukou"
START_S = 60.0
SHARED_BUFFERS = "32MB"
WITH_US = ("setpriv", "--pdeathsig", "QUIT") if shutil.which("setpriv") else ()
"""The server goes with whoever started it, also if that one is killed (prctl(2), PR_SET_PDEATHSIG)."""
REMEDY = "Is PostgreSQL whole on this machine?"


def programs() -> Path:
    """Return the folder of initdb and postgres, the newest on this machine. Raises PartMissingError."""
    own = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    found = sorted(own, key=lambda folder: int(folder.parent.name)) or (
        [Path(on_path).resolve().parent] if on_path else []
    )
    if found:
        return found[-1]
    root = fetch(("postgresql",), cache_folder("postgresql"), print, closure=True)
    return next((root / "usr/lib/postgresql").glob("*/bin"))


@dataclass
class Cluster:
    """A PostgreSQL server on a free port of loopback. ``kill`` and ``start`` are for tests of what survives.

    ``fsync`` off is faster and survives a killed server all the same, but no power cut.
    """

    programs: Path
    fsync: bool = False
    shared_buffers: str = SHARED_BUFFERS
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="lukou-postgres-")))
    port: int = 0
    _process: subprocess.Popen[Any] | None = None

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
        done = subprocess.run(
            [self.programs / "initdb", *words, f"--pgdata={home / 'data'}"],
            capture_output=True,
            text=True,
            check=False,
            **self._as_whom(),
        )
        if done.returncode != 0:
            raise PartMissingError("initdb", done.stderr.strip() or "it said nothing", REMEDY)

    def start(self) -> None:
        """Start it and wait until it answers. Raises PartMissingError with the end of its log."""
        self.port = self.port or free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "on" if self.fsync else "off",
            "synchronous_commit": "on" if self.fsync else "off",
            "full_page_writes": "on" if self.fsync else "off",
            "shared_buffers": self.shared_buffers,
            "max_connections": "100",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        until_s = time.monotonic() + START_S
        while not self._answers():
            if self._process is None or self._process.poll() is not None:  # also: the killed one's children still go
                self._run(["-D", str(self.folder / "home" / "data"), "-p", str(self.port), *options])
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
            try:
                self._process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        """Return SQLAlchemy's URL of a database."""
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.port}/{database}"

    def _run(self, words: list[str]) -> None:
        with (self.folder / "log").open("ab") as log:
            command = [*WITH_US, str(self.programs / "postgres"), *words]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_whom())

    def _answers(self) -> bool:
        try:
            with psycopg.connect(f"host=127.0.0.1 port={self.port} user={USER} dbname=postgres connect_timeout=3"):
                return True
        except psycopg.OperationalError:
            return False

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


@contextmanager
def cluster(programs: Path, *, fsync: bool = True, shared_buffers: str = SHARED_BUFFERS) -> Iterator[Cluster]:
    """Run a server of one's own, to kill and to start again."""
    made = Cluster(programs, fsync, shared_buffers)
    try:
        made.create()
        made.start()
        yield made
    finally:
        made.remove()
