"""What several houses' tests need: the fetched parts, and nothing that pretends."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from datasets.assets import assets
from datasets.cache import cache_folder
from datasets.footage import footage
from models.npm import find_npm
from models.pull import cache_folder as model_cache
from models.pull import pull

settings.register_profile("lukou", deadline=None)  # the machine's speed is no property of the code
settings.load_profile("lukou")


@pytest.fixture(scope="session")
def footage_path() -> Path:
    """The real footage."""
    return footage(cache_folder("footage"), print)


@pytest.fixture(scope="session")
def default_model() -> Path:
    """The default detector."""
    return pull("nanodet-g", model_cache(os.environ), lambda *_: None)


@pytest.fixture(scope="session")
def page_assets() -> Path:
    """The pages' script and the stamps' font."""
    return assets(cache_folder("assets"), find_npm(), print)
