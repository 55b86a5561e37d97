"""Files that outlive a power cut, get a second name instead of being copied, or are their owner's alone."""

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


def to_disk(folder: Path, place: str) -> None:
    """Let a file and its folders' entries outlive a power cut: a box forgets what the centre has taken (fsync(2))."""
    file = folder / place
    for path in (file, *list(file.parents)[:3]):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def link(path: Path, place: Path) -> None:
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


def make_private(path: Path, data: bytes) -> None:
    """Make a file that its owner alone can read. Of two who make it at once one does, and nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # readable by its owner alone
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)
    with suppress(FileExistsError):
        os.link(name, path)
    Path(name).unlink()
