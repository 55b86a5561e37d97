"""Debian packages without root and without touching the system: fetched into folders of our own and unpacked there.

apt's own lists, state and cache lie below the given folder; the machine's sources and keys are only read. What is
installed already counts as there, so a closure of dependencies is only what is missing (apt-get(8), apt.conf(5)).
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from datasets.errors import PartMissingError

Say = Callable[[str], None]
STAMP: Final = ".unpacked"
REMEDY: Final = "Debian or Ubuntu with a reachable package mirror is needed"


@dataclass(frozen=True, slots=True)
class Apt:
    """apt-get over folders of our own. ``command`` is the program, so that a test can bring its own."""

    folder: Path
    command: str = "apt-get"

    def run(self, *words: str, cwd: Path | None = None) -> None:
        """Run apt-get. Raises PartMissingError with its last line."""
        try:
            done = subprocess.run(
                [self.command, *self._options(), *words],
                cwd=cwd,
                env=os.environ | {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise PartMissingError(self.command, "it is not on this machine", REMEDY) from error
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.startswith("E:")] or [done.stderr.strip()]
            raise PartMissingError(f"{self.command} {words[0]}", f"it failed: {lines[-1]}", REMEDY)

    def _options(self) -> list[str]:
        settings = {
            "Dir::State": self.folder / "state",
            "Dir::State::lists": self.folder / "lists",
            "Dir::State::status": "/var/lib/dpkg/status",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "root",
            "Debug::NoLocking": "1",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
        }
        return ["-q", "-y", "--no-install-recommends", *(f"-o={name}={value}" for name, value in settings.items())]


def fetch(packages: Sequence[str], into: Path, say: Say, *, closure: bool = False, command: str = "apt-get") -> Path:
    """Unpack packages into a folder; if that was done before, return at once.

    Args:
        packages: their names.
        into: the folder that will hold ``usr/...``; it appears whole or not at all.
        say: told what is going on.
        closure: also what they depend on and the machine lacks.
        command: the apt-get to use.

    Raises:
        PartMissingError: no apt, no mirror, no such package.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    with (into.parent / f".{into.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that want the same wait for each other; the second finds it
        if not ((into / STAMP).is_file() and (into / STAMP).read_text().split() == sorted(packages)):
            _bring(packages, into, say, closure=closure, command=command)
    return into


def _bring(packages: Sequence[str], into: Path, say: Say, *, closure: bool, command: str) -> None:
    work = into.with_name(f".{into.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    for folder in ("state/lists/partial", "lists/partial", "cache/archives/partial", "debs", "root"):
        (work / folder).mkdir(parents=True)
    apt = Apt(work, command)
    say("reading Debian's package lists")
    apt.run("update")
    say(f"downloading {' '.join(packages)}")
    if closure:
        apt.run("install", "--download-only", *packages)
        archives = work / "cache" / "archives"
    else:
        apt.run("download", *packages, cwd=work / "debs")
        archives = work / "debs"
    _unpack(sorted(archives.glob("*.deb")), work / "root", say)
    (work / "root" / STAMP).write_text("\n".join(sorted(packages)))
    shutil.rmtree(into, ignore_errors=True)
    (work / "root").rename(into)
    shutil.rmtree(work)


def _unpack(archives: Sequence[Path], into: Path, say: Say) -> None:
    for number, archive in enumerate(archives, start=1):
        say(f"unpacking {number} of {len(archives)}: {archive.name.split('_')[0]}")
        done = subprocess.run(["dpkg", "-x", str(archive), str(into)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PartMissingError("dpkg", f"{archive.name} cannot be unpacked: {done.stderr.strip()}", REMEDY)
