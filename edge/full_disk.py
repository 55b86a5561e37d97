"""Whether an error says that the disk has no room: then the box goes on with less, and with any other error it ends.

A little room is set aside while there is some (``disk.reserve``), so that a box can start on a full disk and deliver.
"""

import errno
import os
import sqlite3
from pathlib import Path
from typing import Final

ERRNOS: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
SQLITE_CODES: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
"""The write-ahead log's index grows by a write of its own, which says of a full disk only that it failed."""


def disk_full(error: BaseException) -> bool:
    """Tell whether an error of the file system or of SQLite means a full disk or a used-up quota."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in SQLITE_CODES
    return isinstance(error, OSError) and error.errno in ERRNOS


RESERVE: Final = "disk.reserve"
RESERVE_BYTES: Final = 1024 * 1024


def set_aside(data: Path) -> None:
    """Set the reserve aside where it is not. Raises OSError."""
    path = data / RESERVE
    if path.exists():
        return
    beside = path.with_name(f"{RESERVE}.part")
    with beside.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
    beside.rename(path)


def give_back(data: Path) -> bool:
    """Give the reserve to whoever cannot start without; return whether there was one."""
    try:
        (data / RESERVE).unlink()
    except FileNotFoundError:
        return False
    return True
