"""Brings the database to the newest migration; alembic needs no ini file of its own here."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def alembic_config(engine: Engine) -> Config:
    """Return alembic's configuration for an open engine."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine) -> None:
    """Run what is missing."""
    command.upgrade(alembic_config(engine), "head")
