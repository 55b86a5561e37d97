"""A program as a process group of our own: started, killed as by a power cut, started again; its log is kept."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

END_S: Final = 10.0


@dataclass(slots=True)
class Piece:
    """One program of the chain. ``groups`` are all process groups that it ever had."""

    name: str
    words: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    groups: list[int] = field(default_factory=list)
    starts: int = 0

    def start(self) -> None:
        """Start it in a group of its own."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words, stdout=log, stderr=log, env=dict(self.environment), start_new_session=True
            )
        self.groups.append(self.process.pid)
        self.starts += 1

    def status(self) -> int | None:
        """Return how it ended: None while it runs."""
        return None if self.process is None else self.process.poll()

    def runs(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """Kill the whole group as a power cut would."""
        if self.process is not None:
            kill_group(self.process.pid)
            self.process.wait()

    def kill_alone(self) -> None:
        """Kill the first process of the group alone: its children have to notice."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def kill_child(self) -> bool:
        """Kill one child that was spawned to watch a camera; return whether there was one."""
        spawned = [pid for pid in self.children() if b"spawn_main" in _command(pid)]
        for pid in spawned[:1]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return bool(spawned)

    def children(self) -> list[int]:
        """Return the processes that the first one has started."""
        if self.process is None or self.process.poll() is not None:
            return []
        with contextlib.suppress(OSError):
            listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
            return [int(word) for word in listed.split()]
        return []

    def strays(self) -> list[int]:
        """Return what still runs of groups whose first process is gone."""
        now = self.process.pid if self.process is not None and self.process.poll() is None else None
        return [pid for group in self.groups if group != now for pid in in_group(group)]

    def end(self) -> None:
        """End it and all that it ever started: politely first."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(END_S)
        for group in self.groups:
            kill_group(group)
        if self.process is not None:
            self.process.wait()


def kill_group(group: int) -> None:
    """Kill a process group; one that is gone is no matter."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def in_group(group: int) -> list[int]:
    """Return the living processes of a group."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                state, _, its_group = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(its_group) == group and state != "Z":
                    found.append(int(entry.name))
    return found


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""
