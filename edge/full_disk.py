"""Whether an error says that the disk has no room: then the box goes on with less, and with any other error it ends."""

import errno
import sqlite3
from typing import Final

ERRNOS: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
SQLITE_CODES: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
"""The write-ahead log's index grows by a write of its own, which says of a full disk only that it failed."""


def disk_full(error: BaseException) -> bool:
    """Tell whether an error of the file system or of SQLite means a full disk or a used-up quota."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in SQLITE_CODES
    return isinstance(error, OSError) and error.errno in ERRNOS
