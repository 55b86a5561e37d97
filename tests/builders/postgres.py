"""A real PostgreSQL for the tests (datasets.postgres), or a loud skip where there can be none."""

import shutil
from pathlib import Path

import pytest

from datasets.errors import PartMissingError
from datasets.postgres import programs


def programs_or_skip() -> Path:
    """Return the folder of the programs; skip the test, loudly, where there is neither PostgreSQL nor apt."""
    try:
        return programs()
    except PartMissingError as missing:
        if shutil.which("apt-get") is None:
            pytest.skip(f"NO POSTGRESQL TEST: {missing}")
        raise
