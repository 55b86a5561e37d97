"""Reads how long evidence is kept: dated data beside the offences (server/law/retention.toml)."""

import tomllib
from pathlib import Path
from typing import Final

from server.law.periods import Retention

RETENTION_FILE: Final = Path(__file__).with_name("retention.toml")


def read_retention(path: Path = RETENTION_FILE) -> Retention:
    """Read and check the data."""
    return Retention.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
