"""Where fetched things are kept: the user's cache folder, or where LUKOU_CACHE says."""

import os
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder(name: str) -> Path:
    """Return the folder for one sort of thing; it need not exist yet."""
    said = os.environ.get("LUKOU_CACHE")
    return (Path(said) if said else user_cache_path("lukou")) / name
