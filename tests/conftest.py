"""What several houses' tests need: the fetched parts, and nothing that pretends."""

import os
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings
from seaweed import shared_s3
from shared_postgres import drop_database, empty_database, new_database, shared_cluster

from datasets.assets import assets, checks
from datasets.browser import BrowserLaunch, chromium
from datasets.cache import cache_folder
from datasets.errors import PartMissingError
from datasets.footage import footage
from models.npm import find_npm
from models.pull import cache_folder as model_cache
from models.pull import pull
from server.db import open_engine
from server.migrate import migrate

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


@pytest.fixture(scope="session")
def axe_script() -> str:
    """The source of axe-core, which looks at a page for whoever cannot see it, or has no mouse."""
    return (checks(cache_folder("checks"), find_npm(), print) / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def browser_launch() -> BrowserLaunch:
    """How to start a Chromium."""
    try:
        return chromium(cache_folder("chromium"), print)
    except PartMissingError as missing:
        if shutil.which("apt-get") is None:
            pytest.skip(f"NO BROWSER TEST: {missing}")
        raise


@pytest.fixture
def page(browser_launch, request):
    """A page of a real browser; whatever goes wrong in it fails the test.

    A browser tells of each answer of 4xx: a test of what is refused says so (``refusals``).
    """
    awaited = "the server responded with a status of 4" if request.node.get_closest_marker("refusals") else None
    sync_api = import_module("playwright.sync_api")  # here: the export's environment has none and needs none
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_launch.executable,
            args=list(browser_launch.arguments),
            env=browser_launch.environment,
        )
        shown = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="zh-CN")
        shown.set_default_timeout(15_000)
        problems: list[str] = []
        shown.on("pageerror", lambda error: problems.append(str(error)))
        shown.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        yield shown
        browser.close()
        assert [problem for problem in problems if awaited is None or awaited not in problem] == []


@pytest.fixture
def pictures(tmp_path) -> Path:
    """Where screenshots go: into the docs by `make pictures`, else nowhere that stays."""
    return Path(os.environ.get("LUKOU_PICTURES", tmp_path))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The URL of the run's PostgreSQL, to which a database's name is appended; the workers of one run share it."""
    with shared_cluster(_of_the_run(tmp_path_factory)) as url:
        yield url


@pytest.fixture(scope="session")
def s3_address(tmp_path_factory):
    """The address of the run's S3 server, which the workers of one run share."""
    with shared_s3(_of_the_run(tmp_path_factory)) as address:
        yield address


def _of_the_run(tmp_path_factory) -> Path:
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.process)]


@pytest.fixture
def new_postgres_url(postgres):
    """A database of PostgreSQL with all tables."""
    url = new_database(postgres)
    yield url
    drop_database(postgres, url)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory) -> Path:
    """A file of SQLite with all tables and nothing in them: to copy it takes a sixth of what it takes to migrate."""
    path = tmp_path_factory.mktemp("migrated") / "lukou.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()  # which folds the write-ahead log into the file
    return path


@pytest.fixture(params=DATABASES)
def database_url(request, tmp_path) -> str:
    """A database with all tables, on PostgreSQL and on SQLite."""
    if request.param == "sqlite":
        migrated, own = request.getfixturevalue("migrated_sqlite"), tmp_path / "lukou.sqlite"
        shutil.copyfile(migrated, own)
        return f"sqlite:///{own}"
    return request.getfixturevalue("new_postgres_url")


@pytest.fixture(params=DATABASES)
def empty_database_url(request, tmp_path):
    """A database without any table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server = request.getfixturevalue("postgres")
    url = empty_database(server)
    yield url
    drop_database(server, url)
