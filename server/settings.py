"""The settings of the central service: LUKOU_* in the environment. Nothing is read at import."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.errors import SettingsProblemError


class Settings(BaseSettings):
    """Every setting, with its unit and range."""

    model_config = SettingsConfigDict(env_prefix="LUKOU_", extra="forbid", frozen=True)

    data_dir: Path = Field(default=Path("var/server"), description="database, evidence and keys lie here")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; default: SQLite in data_dir")
    http_host: str = Field(default="127.0.0.1", description="address that the pages listen on")
    http_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    mqtt_host: str = Field(default="127.0.0.1", description="the MQTT 5 broker")
    mqtt_port: Annotated[int, Field(ge=1, le=65535)] = 1883
    mqtt_username: str | None = None
    mqtt_password: str | None = Field(default=None, repr=False)
    assets_dir: Path | None = Field(default=None, description="folder with htmx.min.js; default: the user's cache")
    demonstration: bool = Field(default=False, description="everything decided here is marked as a demonstration")
    fining_codes: tuple[str, ...] = Field(default=(), description="codes for which fining is switched on (JSON list)")
    session_s: Annotated[int, Field(ge=60, le=86_400)] = Field(default=28_800, description="a login lasts so long")
    listing_days: Annotated[int, Field(ge=1, le=30)] = Field(default=7, description="a listing ends after so many days")
    partial_dir: Path | None = Field(
        default=None, description="beginnings of evidence files, shared by all processes; default: data_dir/partial"
    )
    partial_budget_mb: Annotated[int, Field(ge=64, le=10_000_000)] = Field(
        default=4096, description="so much the files that have begun may take, whole"
    )
    partial_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=7, description="a beginning that has not grown for so long is purged"
    )
    free_min_mb: Annotated[int, Field(ge=0, le=10_000_000)] = Field(
        default=512, description="no evidence is taken when less of the disk would stay free"
    )
    secure_cookies: bool = Field(default=False, description="true behind HTTPS, as it must be outside one machine")

    @property
    def database(self) -> str:
        """Return the database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'lukou.sqlite'}"


def read_settings() -> Settings:
    """Read the environment. Raises SettingsProblemError with every problem."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"LUKOU_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()]
        raise SettingsProblemError("\n".join(lines)) from error
