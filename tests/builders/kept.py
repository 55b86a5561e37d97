"""A server that the tests of one run share, whoever runs them; it ends with its last user, and none is left behind.

The first user starts a keeper: a process that runs the server and waits for an exclusive lock on the file of which
every user holds a shared one. The kernel frees the lock of a killed user as well.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, LOCK_SH, flock
from pathlib import Path

from datasets.errors import PartMissingError

START_S = 120.0


@contextmanager
def kept(folder: Path, program: str, words: Sequence[str], first: Callable[[str], object]) -> Iterator[str]:
    """Use the server that all share who name this folder; yield its address.

    Args:
        folder: of the run; all files about the server lie in it.
        program: the Python file whose ``keep`` is run, if nobody has yet.
        words: what it is told.
        first: called once with the address, before anybody uses it.
    """
    address = folder / f"{Path(program).stem}.address"
    with _users(address).open("w") as users:
        with address.with_suffix(".lock").open("w") as lock:
            flock(lock, LOCK_EX)
            flock(users, LOCK_SH)  # waits while a keeper without users clears up
            if not address.exists():
                _start(address, [program, str(address), *words])
                first(address.read_text())
        yield address.read_text()


def keep(address: Path, running: AbstractContextManager[str]) -> None:
    """Run a server for as long as anybody uses it."""
    with _users(address).open("w") as users, running as told:
        part = address.with_suffix(".part")
        part.write_text(told)
        part.rename(address)
        flock(users, LOCK_EX)  # it is free again when the server is gone: whoever comes next starts a new one
        address.unlink()


def _users(address: Path) -> Path:
    return address.with_suffix(".users")


def _start(address: Path, words: list[str]) -> None:
    root, log = Path(__file__).parent.parent.parent, address.with_suffix(".log")
    known = filter(None, [str(root), os.environ.get("PYTHONPATH")])
    keeper = os.posix_spawn(  # no Popen: it outlives whoever starts it
        sys.executable,
        [sys.executable, *words],
        os.environ | {"PYTHONPATH": os.pathsep.join(known)},
        file_actions=[(os.POSIX_SPAWN_OPEN, n, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644) for n in (1, 2)],
        setsid=True,
    )
    until_s = time.monotonic() + START_S
    while not address.exists():
        if os.waitpid(keeper, os.WNOHANG) != (0, 0) or time.monotonic() > until_s:
            raise PartMissingError(Path(words[0]).stem, log.read_text()[-1000:], "See above for what it said")
        time.sleep(0.02)
