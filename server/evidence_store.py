"""The evidence store: files by their SHA-256, in a folder or in an S3 bucket. What is whole is never overwritten.

Nothing leaves it unchecked. A part of a file is checked by the sums of its blocks, for which the file is read whole
once in the life of the process; so a clip of 64 MiB costs a few MiB of memory, and a browser can seek in it.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from server.durable import link, to_disk
from server.errors import PartAwayError
from server.evidence_blocks import BLOCK_BYTES, BlockSums, pieces, sum_up

SUMS_KEPT: Final = 1000
"""Files whose sums are remembered: 2 KiB each at the most."""


class EvidenceChangedError(Exception):
    """A stored file is not what its name says: it must be shown to nobody."""

    def __init__(self, digest: str) -> None:
        super().__init__(f"evidence {digest}: the stored bytes have been changed")


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """Content-addressed files over an obstore store. Any of these raises PartAwayError if the store does not answer.

    ``folder`` is set where the store is one: what is in it is then made to outlive a power cut.
    """

    store: LocalStore | S3Store
    folder: Path | None = None
    _sums: dict[str, BlockSums] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def in_folder(cls, folder: Path) -> "EvidenceStore":
        """Open a folder as a store."""
        return cls(LocalStore(str(folder), mkdir=True), folder)

    def put(self, data: bytes) -> bool:
        """Store bytes under their hash; return False if they were there already, whole.

        What lies there and is not what its name says (a crash of the machine, a disk's fault) gives way to these bytes.
        """
        digest = sha256(data).hexdigest()
        with _answering():
            try:
                self.store.put(_place(digest), data, mode="create", use_multipart=False)
                new = True
            except AlreadyExistsError:
                new = not self._is_whole(digest)
                if new:
                    self.store.put(_place(digest), data, mode="overwrite", use_multipart=False)
            if self.folder is not None:
                to_disk(self.folder, _place(digest))
        return new

    def has(self, digest: str) -> bool:
        """Tell whether a file is here; whether it is whole, only reading it tells."""
        with _answering(), suppress(FileNotFoundError):
            self.store.head(_place(digest))
            return True
        return False

    def delete(self, digest: str) -> bool:
        """Delete a file, for whoever keeps the retention; return False if it was not here."""
        if not self.has(digest):
            return False
        with _answering(), suppress(FileNotFoundError):  # somebody else was faster
            self.store.delete(_place(digest))
        with self._lock:
            self._sums.pop(digest, None)
        return True

    def put_file(self, path: Path, digest: str) -> bool:
        """Store a file whose bytes are known to have this hash; return False if it was there already, whole.

        In a folder no byte is copied on one disk; the file at ``path`` stays, and must not be written to any more.
        Raises OSError where the folder's disk is full.
        """
        if self.folder is None:
            return self.put(path.read_bytes())
        place = self.folder / _place(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            link(path, place)
        except FileExistsError:
            if self._is_whole(digest):
                return False
            place.unlink()
            link(path, place)
        to_disk(self.folder, _place(digest))
        return True

    def free_bytes(self) -> int | None:
        """Return how much room the store's disk has; None where nobody can say."""
        return None if self.folder is None else shutil.disk_usage(self.folder).free

    def read(self, digest: str) -> bytes:
        """Return a file after checking it again.

        Raises:
            FileNotFoundError: it is not here.
            EvidenceChangedError: its bytes are not those that were sealed.
        """
        with _answering():
            data = bytes(self.store.get(_place(digest)).bytes())
        if sha256(data).hexdigest() != digest:
            raise EvidenceChangedError(digest)
        return data

    def check(self, digest: str) -> None:
        """Read a file whole, a block in memory at a time, and keep nothing of it. Raises as ``read``."""
        self._summed_up(digest)

    def size_bytes(self, digest: str) -> int:
        """Return the size of a file that has been found whole. Raises as ``read``."""
        return self._sums_of(digest).size_bytes

    def stream(self, digest: str) -> Iterator[bytes]:
        """Return a file in blocks, each checked before it is given. Raises as ``read``, before the first block."""
        return self.read_range(digest, 0, self.size_bytes(digest))

    def read_range(self, digest: str, start: int, end: int) -> Iterator[bytes]:
        """Return the bytes from ``start`` up to and without ``end`` in pieces, each checked before it is given.

        Raises as ``read``, before the first piece; a file that is changed meanwhile ends the pieces with its error.
        """
        checked = self._checked(self._sums_of(digest), start, end)
        return chain([next(checked, b"")], checked)

    def _checked(self, sums: BlockSums, start: int, end: int) -> Iterator[bytes]:
        for piece in pieces(start, end, sums.size_bytes):
            with _answering():
                place = _place(sums.digest)
                block = bytes(self.store.get_range(place, start=piece.block_start, end=piece.block_end))
            if not sums.holds(piece.number, block):
                raise EvidenceChangedError(sums.digest)
            yield block[piece.wanted]

    def _sums_of(self, digest: str) -> BlockSums:
        known = self._sums.get(digest)
        if known is not None:
            return known
        found = self._summed_up(digest)
        with self._lock:
            while len(self._sums) >= SUMS_KEPT:
                self._sums.pop(next(iter(self._sums)))
            self._sums[digest] = found
        return found

    def _summed_up(self, digest: str) -> BlockSums:
        with _answering():
            found = sum_up(self.store.get(_place(digest)).stream(min_chunk_size=BLOCK_BYTES))
        if found.digest != digest:
            raise EvidenceChangedError(digest)
        return found

    def _is_whole(self, digest: str) -> bool:
        try:
            return sum_up(self.store.get(_place(digest)).stream(min_chunk_size=BLOCK_BYTES)).digest == digest
        except FileNotFoundError:  # two came at once and S3 has refused both, or somebody deletes it
            return False


def _place(digest: str) -> str:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise FileNotFoundError(f"expected a SHA-256 in hex, found {digest[:80]!r}")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        why = (str(error) or type(error).__name__).splitlines()[0]
        raise PartAwayError(f"the evidence store does not do what it should: {why}") from error
