"""An office on the database of a test."""

import pytest
from papers import AUTHORITY

from server.documents.service import Office
from server.secrets_box import SecretsBox


@pytest.fixture
def office(press, settings) -> Office:
    return Office(press, SecretsBox(settings.secrets_keys), AUTHORITY, demonstration=True)
