"""A small disk in memory that can be filled and emptied at will (tmpfs(5)). It needs root."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from datasets.errors import PartMissingError

BALLAST: Final = ".ballast"
PIECE_BYTES: Final = 1024 * 1024


@dataclass(slots=True)
class SmallDisk:
    """A file system of so many MB; a context."""

    size_mb: int
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="lukou-small-disk-")))

    def __enter__(self) -> "SmallDisk":
        words = ["mount", "-t", "tmpfs", "-o", f"size={self.size_mb}m,mode=755", "tmpfs", str(self.folder)]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.folder.rmdir()
            raise PartMissingError("tmpfs", done.stderr.strip(), "Mounting a small disk needs root")
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self, leave_bytes: int = 0) -> None:
        """Take all the room that is left, but so much."""
        zeros = bytes(PIECE_BYTES)
        with (self.folder / BALLAST).open("ab", buffering=0) as ballast:
            for piece in (PIECE_BYTES, 4096):
                try:
                    while True:
                        if ballast.write(zeros[:piece]) < piece:
                            break
                except OSError:
                    continue
            ballast.truncate(ballast.tell() - leave_bytes)

    def empty(self) -> None:
        """Give the room back."""
        (self.folder / BALLAST).unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Return what is left."""
        state = os.statvfs(self.folder)
        return state.f_bavail * state.f_frsize
