"""A Mosquitto that keeps what it has on disk, to be killed, started again, and to lose its disk."""

import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from datasets.demo.broker import free_port
from datasets.errors import PartMissingError
from datasets.mosquitto import program

START_S: Final = 15.0
CONFIG: Final = """\
listener {port} {host}
allow_anonymous true
user root
persistence true
persistence_location {folder}/
autosave_interval 1
autosave_on_changes true
max_queued_messages 20000
max_packet_size 268435
"""


@dataclass(slots=True)
class Mosquitto:
    """A broker on ``host``, open to whoever reaches it."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections. Raises PartMissingError with the end of its log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config, (command, environment) = self.folder / "mosquitto.conf", program()
        config.write_text(CONFIG.format(port=self.port, host=self.host, folder=self.folder))
        with (self.folder / "log").open("ab") as log:
            words: list[str | Path] = [command, "-c", config]
            self._process = subprocess.Popen(
                words, env=dict(environment), stdout=log, stderr=log, start_new_session=True
            )
        until_s = time.monotonic() + START_S
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > until_s:
                said = (self.folder / "log").read_text(errors="replace")[-500:]
                raise PartMissingError("mosquitto", said, "Does something else use the port?")
            time.sleep(0.02)

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
