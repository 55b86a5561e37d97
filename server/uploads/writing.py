"""The beginning of one evidence file while somebody prolongs it: append, settle, compare, throw away."""

import errno
import os
from dataclasses import dataclass
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Final

from server.errors import NoRoomError

READ_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Key:
    """Whose beginning it is, and of which file. A device cannot spoil what another one has begun."""

    device_id: str
    sha256: str
    size_bytes: int


@dataclass(slots=True)
class Writing:
    """A beginning that this writer alone may prolong."""

    path: Path
    key: Key
    file: FileIO
    offset: int

    def append(self, data: bytes) -> None:
        """Write behind what is here. Raises NoRoomError: what was here before stays, and nothing of ``data``."""
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self.file.fileno(), left) :]
        except OSError as error:
            self.file.truncate(self.offset)
            self.file.seek(self.offset)
            raise no_room(error) from error
        self.offset += len(data)

    def settle(self) -> None:
        """Bring it to the disk: only then may its length be told. Raises NoRoomError."""
        try:
            os.fsync(self.file.fileno())
        except OSError as error:
            raise no_room(error) from error

    def restart(self) -> None:
        """Throw away what has come."""
        self.file.seek(0)
        self.file.truncate(0)
        self.offset = 0

    def is_whole(self) -> bool:
        """Tell whether every byte that was promised is here."""
        return self.offset == self.key.size_bytes

    def digest(self) -> str:
        """Return the SHA-256 of what is here, read back in pieces."""
        found = sha256()
        with self.path.open("rb") as content:
            while part := content.read(READ_BYTES):
                found.update(part)
        return found.hexdigest()

    def forget(self) -> None:
        """Remove it: it is whole in the store, or wrong."""
        self.path.unlink(missing_ok=True)


def no_room(error: OSError) -> Exception:
    """Return what is told of an error while evidence is written: that there is no room, or the error itself."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NoRoomError(f"the centre has no room for evidence now ({error.strerror}): try again later")
    return error
