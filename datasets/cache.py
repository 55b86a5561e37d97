"""Where fetched things are kept: beside the models, below the user's cache folder or where LUKOU_CACHE says."""

import os
from pathlib import Path

from models.pull import cache_root


def cache_folder(name: str) -> Path:
    """Return the folder for one sort of thing; it need not exist yet."""
    return cache_root(os.environ) / name
