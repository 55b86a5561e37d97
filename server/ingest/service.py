"""The intake of one process: its workers, and the names by which the broker tells them from all others."""

import fcntl
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

from server.broker_access.place import Broker
from server.errors import SettingsProblemError
from server.ingest.desk import Desk
from server.ingest.mqtt import CLIENT_ID
from server.ingest.worker import Worker

WORKERS_MAX: Final = 64


@dataclass(slots=True)
class Ingest:
    """Any number of workers, which share one subscription with those of all other processes.

    ``names_in`` is a folder where each worker holds a lock on its name: a process that starts again takes up the
    sessions of the one before it, and two on one machine never bear the same name.
    """

    broker: Broker
    desk: Desk
    names_in: Path
    workers: int = 1
    shared: bool = True
    _running: list[Worker] = field(init=False, default_factory=list)
    _names: list[TextIO] = field(init=False, default_factory=list)

    def start(self) -> None:
        """Take names and begin. Raises SettingsProblemError where all names are taken."""
        for _ in range(self.workers):
            number = self._number()
            name = f"{CLIENT_ID}-{machine(socket.gethostname())}-{number}"
            worker = Worker(name, self.broker, self.desk, self.shared, is_first=number == 0)
            worker.start()
            self._running.append(worker)
        self.desk.meter.broker_connected.set_function(lambda: sum(worker.connected() for worker in self._running))

    def stop(self) -> None:
        """End all of them, and give their names back."""
        for worker in self._running:
            worker.stop()
        for name in self._names:
            name.close()
        self._running.clear()
        self._names.clear()

    def connected(self) -> bool:
        """Tell whether messages can come."""
        return any(worker.connected() for worker in self._running)

    def _number(self) -> int:
        """Take the lowest number that no other worker on this machine holds."""
        self.names_in.mkdir(parents=True, exist_ok=True)
        for number in range(WORKERS_MAX):
            place = (self.names_in / f"ingest-{number}.lock").open("w")
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                place.close()
                continue
            self._names.append(place)
            return number
        raise SettingsProblemError(f"{self.names_in}: expected at most {WORKERS_MAX} workers on one machine")


def machine(name: str) -> str:
    """Return a machine's name as a client id may hold it: no slash, which stops some brokers."""
    kept: Sequence[str] = [letter if letter.isalnum() and letter.isascii() else "-" for letter in name[:40]]
    return "".join(kept)
