"""Brings the database to the newest migration; alembic needs no ini file of its own here."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from server.errors import PartAwayError


def alembic_config(engine: Engine) -> Config:
    """Return alembic's configuration for an open engine."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["engine"] = engine
    return config


def migrate(engine: Engine) -> None:
    """Run what is missing; of two processes that start at once, the second waits and finds it done.

    Raises PartAwayError if the database does not answer.
    """
    try:
        command.upgrade(alembic_config(engine), "head")
    except OperationalError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise PartAwayError(f"database {where}: {error.orig}. Is it running, and may this user reach it?") from error
