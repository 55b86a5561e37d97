"""Reads who issues the documents: the operator's own file, or the one beside this, which names nobody real."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from server.documents.pieces import Authority
from server.errors import SettingsProblemError

AUTHORITY_FILE: Final = Path(__file__).with_name("authority.toml")
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: Line
    prefix: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    address: Line
    phone: Line
    reconsideration_at: Line
    court: Line
    pay_at: Annotated[list[Line], Field(min_length=1, max_length=10)]
    verified: bool


def read_authority(path: Path = AUTHORITY_FILE) -> Authority:
    """Read and check the file. Raises SettingsProblemError with every problem."""
    try:
        said = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise SettingsProblemError("\n".join(lines)) from error
    except (OSError, ValueError) as error:
        raise SettingsProblemError(f"{path}: expected who issues documents (TOML): {error}") from error
    values = said.model_dump()
    return Authority(**values | {"pay_at": tuple(said.pay_at)})
