"""A centre whose documents are printed."""

from dataclasses import replace

import pytest
from papers import AUTHORITY

from server.documents.service import Office
from server.service import Service


@pytest.fixture
def service(service, press) -> Service:
    return replace(service, office=Office(press, service.secrets_box, AUTHORITY, demonstration=False))
