"""Reads how long evidence is kept: dated data beside the offences (server/law/retention.toml)."""

from pathlib import Path
from typing import Final

from server.law.files import LawFile, read
from server.law.periods import Retention

RETENTION: Final = LawFile("retention.toml", Retention)


def read_retention(law_dir: Path | None = None) -> Retention:
    """Read and check the data, with the operator's over it. Raises SettingsProblemError."""
    return read(RETENTION, law_dir)
