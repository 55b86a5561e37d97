"""A real centre's parts on a real database: engine, store, law, devices, an officer and an auditor; one press."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from centre import KEY, NOW_MS, PASSWORD, TOKEN
from officers import house_of

from server import devices
from server.access.models import User
from server.access.rights import Role
from server.db import open_engine, sessions, unit_of_work
from server.documents.press import FONT_NAME, Press
from server.evidence_store import EvidenceStore
from server.law.retention import read_retention
from server.metrics import Meter
from server.migrate import migrate
from server.secrets_box import SecretsBox
from server.service import Service
from server.settings import Settings

NAMED = {"officer": ("Li Wei", "010007"), "auditor": ("Wang Fang", "010008")}


@pytest.fixture(scope="session")
def password_hash() -> str:
    """PASSWORD's hash, reckoned once: argon2 is slow on purpose."""
    return PasswordHasher().hash(PASSWORD)


@pytest.fixture(scope="session")
def font(page_assets) -> Path:
    return page_assets / FONT_NAME


@pytest.fixture(scope="session")
def press(font) -> Press:
    """One for all tests of a worker."""
    return Press(font)


@pytest.fixture
def settings(tmp_path, database_url) -> Settings:
    return Settings(
        data_dir=tmp_path / "centre",
        database_url=database_url,
        mqtt_port=1,
        fining_codes=("3001",),
        assets_dir=tmp_path,
        second_factor=False,
    )


@pytest.fixture
def service(settings, password_hash):
    settings.data_dir.mkdir(parents=True)
    engine = open_engine(settings.database)
    migrate(engine)
    made = Service(
        settings=settings,
        sessions=sessions(engine),
        store=EvidenceStore.in_folder(settings.data_dir / "evidence"),
        house=house_of(settings),
        public_key=KEY.public_key(),
        retention=read_retention(),
        secrets_box=SecretsBox(settings.secrets_keys),
        now_ms=lambda: NOW_MS,
        ingest_connected=lambda: True,
        tell_boxes=lambda: None,
        meter=Meter(),
    )
    with unit_of_work(made.sessions) as session:
        devices.enrol(session, "box-1", "s-1", KEY.public_key(), TOKEN, NOW_MS)
        devices.enrol(session, "box-2", "s-2", KEY.public_key(), "u" * 43, NOW_MS)
        for name, role in (("officer", Role.SUPERVISOR), ("auditor", Role.AUDITOR)):
            named = dict(zip(("display_name", "police_number"), NAMED[name], strict=True))
            session.add(User(name=name, password_hash=password_hash, role=role, demonstration=False, **named))
    yield made
    engine.dispose()
