"""The beginnings of evidence files that have not come whole, as files in a folder that all server processes share.

``DEVICE/SHA256-SIZE`` holds the first bytes of a file; its length is the offset at which the device goes on. The name
promises the size, so the space of all that has begun is known before it comes. A writer holds the file's lock
(flock(2)), so two cannot mix. A beginning is worth nothing but time: whoever has sent it has the whole still.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from server.errors import ConflictError, NoRoomError
from server.uploads.writing import Key, Writing, no_room

NAMED: Final = re.compile(r"([0-9a-f]{64})-([1-9][0-9]{0,9})")
IDLE_S: Final = 3600
"""A beginning that nobody has gone on with for so long gives way where the budget is used up."""
ENDED: Final = "another upload of this file has just ended: ask for its offset"


@dataclass(frozen=True, slots=True)
class Room:
    """How much the beginnings may take. ``free_min_bytes`` of the disk stay free whatever the budget says."""

    budget_bytes: int
    free_min_bytes: int


@dataclass(frozen=True, slots=True)
class Begun:
    """One beginning: its size by now and when it last grew."""

    path: Path
    key: Key
    offset: int
    grown_at_ms: int


@dataclass(frozen=True, slots=True)
class Partials:
    """All beginnings below one folder."""

    folder: Path
    room: Room

    @contextmanager
    def writing(self, key: Key, now_ms: int) -> Iterator[Writing]:
        """Hold a file's beginning for writing; it is made where there is none.

        Raises:
            ConflictError: another writer holds it.
            NoRoomError: budget or disk have no room for the whole file.
        """
        path = self._path(key)
        if not path.exists():
            try:
                self._begin(path, key, now_ms)
            except OSError as error:
                raise no_room(error) from error
        with _locked(path) as file:
            yield Writing(path, key, file, file.seek(0, os.SEEK_END))

    def offset(self, key: Key) -> int:
        """Return how much of a file is here; whoever tells it settles it first."""
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            return 0

    def free_bytes(self) -> int:
        """Return how much room the disk has."""
        return shutil.disk_usage(self.folder).free

    def begun(self) -> Iterator[Begun]:
        """Yield every beginning."""
        for path in self.folder.glob("*/*"):
            named = NAMED.fullmatch(path.name)
            try:
                state = path.stat()
            except FileNotFoundError:  # whole, or thrown away meanwhile
                continue
            if named is not None:
                key = Key(path.parent.name, named[1], int(named[2]))
                yield Begun(path, key, state.st_size, state.st_mtime_ns // 1_000_000)

    def purge(self, older_than_ms: int) -> list[Begun]:
        """Remove what has not grown since then and is held by nobody; return it."""
        return [begun for begun in self.begun() if begun.grown_at_ms < older_than_ms and _removed(begun.path)]

    def _path(self, key: Key) -> Path:
        return self.folder / key.device_id / f"{key.sha256}-{key.size_bytes}"

    def _begin(self, path: Path, key: Key, now_ms: int) -> None:
        """Promise a file its room. One process at a time, so that two cannot be promised the same."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._has_room(key.size_bytes):
                self.purge(now_ms - IDLE_S * 1000)
                if not self._has_room(key.size_bytes):
                    raise NoRoomError("the centre has no room for evidence now: try again later")
            path.touch(mode=0o600)

    def _has_room(self, size_bytes: int) -> bool:
        begun = list(self.begun())
        promised = sum(each.key.size_bytes for each in begun)
        missing = sum(max(0, each.key.size_bytes - each.offset) for each in begun)
        within = promised + size_bytes <= self.room.budget_bytes
        return within and missing + size_bytes + self.room.free_min_bytes <= self.free_bytes()


@contextmanager
def _locked(path: Path) -> Iterator[FileIO]:
    """Open a beginning and hold its lock. Raises ConflictError where another has it, or has just finished it."""
    with _opened(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError("another upload of this file goes on: ask for its offset later") from error
        if os.fstat(file.fileno()).st_nlink == 0:
            raise ConflictError(ENDED)
        yield file


def _opened(path: Path) -> FileIO:
    try:
        return FileIO(path, "r+")
    except FileNotFoundError as error:
        raise ConflictError(ENDED) from error


def _removed(path: Path) -> bool:
    try:
        with _locked(path):
            path.unlink()
    except ConflictError:
        return False
    return True
