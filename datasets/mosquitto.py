"""A real Mosquitto, the machine's own or out of Debian's package without root: a broker that is not ours.

It can be killed, started again, and lose its disk.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from datasets.cache import cache_folder
from datasets.debian import fetch
from datasets.demo.broker import free_port
from datasets.errors import PartMissingError

START_S: Final = 15.0
END_S: Final = 10.0
OPEN: Final = "allow_anonymous true\n"
"""Whoever reaches it may speak to it."""
LISTENER: Final = "listener {port} {host}\nuser root\n"
KEPT: Final = """\
persistence true
persistence_location {folder}/
autosave_interval 1
autosave_on_changes true
max_queued_messages 20000
max_packet_size 268435
"""
"""What it has outlives it."""


def package() -> tuple[Path, Mapping[str, str]]:
    """Return where Debian's package lies, and the environment of its programs. Raises PartMissingError."""
    root = fetch(("mosquitto",), cache_folder("mosquitto"), print, closure=True)
    libraries = [str(path) for base in ("usr/lib", "lib") for path in (root / base).glob("*-linux-gnu*")]
    return root, os.environ | {"LD_LIBRARY_PATH": ":".join(libraries)}


def program() -> tuple[Path, Mapping[str, str]]:
    """Return the broker's program and the environment that it needs. Raises PartMissingError."""
    own = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if own is not None:
        return Path(own), os.environ
    root, environment = package()
    return root / "usr/sbin/mosquitto", environment


@dataclass(slots=True)
class Mosquitto:
    """A broker on ``host``. ``settings`` are the lines of mosquitto.conf beside its listener.

    ``config`` is the whole file instead, and ``command`` another program than this machine's.
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    settings: str = OPEN
    config: str | None = None
    command: tuple[Path, Mapping[str, str]] | None = None
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections. Raises PartMissingError with the end of its log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config, (command, environment) = self.folder / "mosquitto.conf", self.command or program()
        config.write_text(self.config or self._written())
        with (self.folder / "mosquitto.log").open("ab") as log:
            words: list[str | Path] = [command, "-c", config]
            self._process = subprocess.Popen(
                words, env=dict(environment), stdout=log, stderr=log, start_new_session=True
            )
        until_s = time.monotonic() + START_S
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > until_s:
                said = (self.folder / "mosquitto.log").read_text(errors="replace")[-500:]
                raise PartMissingError("mosquitto", said, "Does something else use the port?")
            time.sleep(0.02)

    def _written(self) -> str:
        return (LISTENER + self.settings).format(port=self.port, host=self.host, folder=self.folder)

    def stop(self) -> None:
        """End it as a service manager would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(END_S)

    def kill(self) -> None:
        """Kill it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def lose_disk(self) -> None:
        """Forget all that it had kept: its sessions and what was on its way. It must not be running."""
        for kept in self.folder.glob("mosquitto.db*"):
            kept.unlink()

    def answers(self) -> bool:
        """Tell whether it takes a connection."""
        try:
            socket.create_connection((self.host, self.port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def private_mosquitto(folder: Path, settings: str = OPEN) -> Iterator[int]:
    """Run it on a free port of loopback; yield the port. Raises PartMissingError."""
    broker = Mosquitto(folder, settings=settings)
    try:
        broker.start()
        yield broker.port
    finally:
        broker.kill()
