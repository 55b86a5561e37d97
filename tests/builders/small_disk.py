"""A small disk for a test; where none can be mounted the test is skipped, and says so."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from datasets.errors import PartMissingError
from datasets.faults.tmpfs import SmallDisk


@contextmanager
def mounted(size_mb: int, folder: Path) -> Iterator[SmallDisk]:
    """Mount one of so many MB at ``folder``, which is made."""
    folder.mkdir()
    with ExitStack() as held:
        try:
            disk = held.enter_context(SmallDisk(size_mb, folder))
        except PartMissingError as missing:
            pytest.skip(f"NO TEST OF A FULL DISK: {missing}")
        yield disk
