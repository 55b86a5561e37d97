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
    ingest_workers: Annotated[int, Field(ge=0, le=16)] = Field(
        default=1, description="workers of this process that take messages in; 0 where `lukou ingest` runs beside"
    )
    mqtt_shared: bool = Field(
        default=True, description="false for a broker without shared subscriptions: then one worker in all may run"
    )
    metrics_token: str | None = Field(
        default=None, repr=False, description="/metrics asks for it as a Bearer token; none: only this machine may ask"
    )
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=0, description="where `lukou ingest` answers /metrics on loopback; 0: nowhere"
    )
    assets_dir: Path | None = Field(default=None, description="folder with htmx.min.js; default: the user's cache")
    demonstration: bool = Field(default=False, description="everything decided here is marked as a demonstration")
    fining_codes: tuple[str, ...] = Field(default=(), description="codes for which fining is switched on (JSON list)")
    session_s: Annotated[int, Field(ge=60, le=86_400)] = Field(default=28_800, description="a login lasts so long")
    listing_days: Annotated[int, Field(ge=1, le=30)] = Field(default=7, description="a listing ends after so many days")
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
