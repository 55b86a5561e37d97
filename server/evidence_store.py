"""The evidence store: files by their SHA-256, in a folder now and in any object store later. Nothing is overwritten."""

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
        """Store bytes under their hash; return False if they were there already."""
        try:
            self.store.put(_place(sha256(data).hexdigest()), data, mode="create")
        except AlreadyExistsError:
            return False
        return True

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
