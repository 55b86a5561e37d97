"""The evidence store: files by their SHA-256, in a folder now and in any object store later. Nothing is overwritten."""

import errno
import os
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore


class EvidenceChangedError(Exception):
    """A stored file is not what its name says: it must be shown to nobody."""


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """Content-addressed files over an obstore store."""

    store: LocalStore

    @classmethod
    def in_folder(cls, folder: Path) -> "EvidenceStore":
        """Open a folder as a store."""
        return cls(LocalStore(str(folder), mkdir=True))

    def put(self, data: bytes) -> bool:
        """Store bytes under their hash, on the disk; return False if they were there already."""
        place = _place(sha256(data).hexdigest())
        try:
            self.store.put(place, data, mode="create")
        except AlreadyExistsError:
            return False
        self._settle(self._folder() / place)
        return True

    def put_file(self, path: Path, digest: str) -> bool:
        """Store a file whose bytes are known to have this hash, on the disk; return False if it was there already.

        No byte is copied on one disk. The file at ``path`` stays, and must not be written to any more. Raises OSError.
        """
        place = self._folder() / _place(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            _link(path, place)
        except FileExistsError:
            return False
        self._settle(place)
        return True

    def free_bytes(self) -> int | None:
        """Return how much room the store's disk has; None where nobody can say."""
        return shutil.disk_usage(self._folder()).free

    def _folder(self) -> Path:
        return Path(str(self.store.prefix))

    def _settle(self, place: Path) -> None:
        """Bring a file and the names that lead to it to the disk (fsync(2))."""
        for path in (place, place.parent, place.parent.parent, self._folder()):
            handle = os.open(path, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def read(self, digest: str) -> bytes:
        """Return a file after checking it again.

        Raises:
            FileNotFoundError: it is not here.
            EvidenceChangedError: its bytes are not those that were sealed.
        """
        data = bytes(self.store.get(_place(digest)).bytes())
        if sha256(data).hexdigest() != digest:
            raise EvidenceChangedError(f"evidence {digest}: the stored bytes have been changed")
        return data


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _link(path: Path, place: Path) -> None:
    """Give a file a second name; on another disk it is copied first. Raises FileExistsError where there is one."""
    try:
        os.link(path, place)
    except OSError as error:
        if error.errno not in {errno.EXDEV, errno.EPERM, errno.ENOTSUP}:
            raise
        beside = place.with_name(f"{place.name}.{os.getpid()}.part")
        try:
            shutil.copyfile(path, beside)
            os.link(beside, place)
        finally:
            beside.unlink(missing_ok=True)
