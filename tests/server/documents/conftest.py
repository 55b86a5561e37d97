"""One press for all tests of a worker, and an office on the database of a test."""

from pathlib import Path

import pytest
from papers import AUTHORITY

from server.documents.press import FONT_NAME, Press
from server.documents.service import Office
from server.secrets_box import SecretsBox


@pytest.fixture(scope="session")
def font(page_assets) -> Path:
    return page_assets / FONT_NAME


@pytest.fixture(scope="session")
def press(font) -> Press:
    return Press(font)


@pytest.fixture
def office(press, settings) -> Office:
    return Office(press, SecretsBox(settings.secrets_keys), AUTHORITY, demonstration=True)
