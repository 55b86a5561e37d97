"""The settings of the central service: LUKOU_* in the environment. Nothing is read at import."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from server.errors import SettingsProblemError


class Settings(BaseSettings):
    """Every setting, with its unit and range."""

    model_config = SettingsConfigDict(env_prefix="LUKOU_", extra="forbid", frozen=True)

    data_dir: Path = Field(default=Path("var/server"), description="database, evidence and keys lie here")
    database_url: str | None = Field(
        default=None, repr=False, description="SQLAlchemy URL; default: SQLite in data_dir"
    )
    evidence_url: str | None = Field(default=None, description="s3://BUCKET/PREFIX; default: a folder in data_dir")
    evidence_endpoint: str | None = Field(default=None, description="the S3 service's https address; default: AWS")
    evidence_region: str = "us-east-1"
    evidence_key_id: str | None = None
    evidence_secret: str | None = Field(default=None, repr=False)
    evidence_secret_file: Path | None = Field(default=None, description="a file that holds the secret, instead of it")
    evidence_allow_http: bool = Field(default=False, description="true lets evidence and names cross the wire unsealed")
    http_host: str = Field(default="127.0.0.1", description="address that the pages listen on")
    http_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    mqtt_host: str = Field(default="127.0.0.1", description="the MQTT 5 broker")
    mqtt_port: Annotated[int, Field(ge=1, le=65535)] = 1883
    mqtt_username: str | None = None
    mqtt_password: str | None = Field(default=None, repr=False)
    mqtt_ca_file: Path | None = Field(default=None, description="speak TLS to the broker, and believe this CA alone")
    boxes_mqtt_host: str | None = Field(default=None, description="where boxes find the broker; default: as the centre")
    boxes_mqtt_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    boxes_mqtt_tls: bool = Field(default=False, description="whether boxes speak TLS to the broker")
    broker_access: Literal["none", "dynsec"] = Field(
        default="none", description="dynsec: the centre itself opens the broker to its boxes (docs/devices.md)"
    )
    tls_cert_file: Path | None = Field(
        default=None, description="the pages' certificate, PEM; with tls_key_file: HTTPS"
    )
    tls_key_file: Path | None = None
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
    law_dir: Path | None = Field(default=None, description="the operator's data of the law, over ours (docs/law.md)")
    session_s: Annotated[int, Field(ge=60, le=86_400)] = Field(default=28_800, description="a login lasts so long")
    idle_s: Annotated[int, Field(ge=60, le=86_400)] = Field(
        default=1_800, description="a login that is not used for so long is over"
    )
    second_factor: bool = Field(
        default=True, description="false, in a demonstration alone: a password of whatever age is enough to come in"
    )
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
    secrets_key_file: Path | None = Field(
        default=None,
        description="keys that seal what is secret; default: data_dir/secrets-key.txt, made at first start",
    )
    authority_file: Path | None = Field(
        default=None, description="TOML that says who issues documents; default: nobody real (docs/documents.md)"
    )
    social_service: bool = Field(
        default=False, description="true where social service may stand for a fine (文明行为促进条例 art. 61)"
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https://[^/?#@\s]+|http://127\.0\.0\.1(:\d+)?|)$",
        max_length=200,
        description="https address by which parties reach the centre, as documents print it",
    )
    purge_every_s: Annotated[int, Field(ge=0, le=86_400)] = Field(
        default=3600, description="how often evidence whose time is over is purged; 0: only by `lukou serve purge`"
    )
    secure_cookies: bool = Field(default=False, description="true behind HTTPS, as it must be outside one machine")

    @property
    def database(self) -> str:
        """Return the database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'lukou.sqlite'}"

    @property
    def address_of_parties(self) -> str:
        """Return the address that documents print; without LUKOU_PUBLIC_URL that of this machine."""
        return self.public_url or f"http://127.0.0.1:{self.http_port}"

    @property
    def secrets_keys(self) -> Path:
        """Return the file with the keys that seal personal data."""
        return self.secrets_key_file or self.data_dir / "secrets-key.txt"

    @property
    def cookies_by_https_alone(self) -> bool:
        """Tell whether a browser may send the session's cookie over HTTPS alone."""
        return self.secure_cookies or self.tls_cert_file is not None

    @model_validator(mode="after")
    def _tls_is_whole(self) -> "Settings":
        if (self.tls_cert_file is None) != (self.tls_key_file is None):
            raise ValueError("LUKOU_TLS_CERT_FILE and LUKOU_TLS_KEY_FILE go together")
        return self

    @model_validator(mode="after")
    def _broker_access_has_a_name(self) -> "Settings":
        if self.broker_access == "dynsec" and (self.mqtt_username is None or self.mqtt_password is None):
            raise ValueError("LUKOU_BROKER_ACCESS=dynsec needs LUKOU_MQTT_USERNAME and LUKOU_MQTT_PASSWORD")
        return self


def read_settings() -> Settings:
    """Read the environment. Raises SettingsProblemError with every problem."""
    try:
        settings = Settings()
    except ValidationError as error:
        lines = [f"LUKOU_{'_'.join(map(str, e['loc'])).upper() or '*'}: {e['msg']}" for e in error.errors()]
        raise SettingsProblemError("\n".join(lines)) from error
    problems = [*_tls_problems(settings), *_entrance_problems(settings)]
    if problems:
        raise SettingsProblemError("\n".join(problems))
    return settings


def _entrance_problems(settings: Settings) -> Iterator[str]:
    if not settings.second_factor and not settings.demonstration:
        yield "LUKOU_SECOND_FACTOR: expected true; false is for a demonstration alone (LUKOU_DEMONSTRATION=true)"


def _tls_problems(settings: Settings) -> Iterator[str]:
    """Yield what TLS could not begin with."""
    ca, certificate, key = settings.mqtt_ca_file, settings.tls_cert_file, settings.tls_key_file
    try:
        if ca is not None:
            ssl.create_default_context(cafile=ca)
    except OSError as error:  # ssl.SSLError is one
        yield f"LUKOU_MQTT_CA_FILE: {ca}: expected a CA's certificate (PEM): {error.strerror}"
    try:
        if certificate is not None and key is not None:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except OSError as error:
        yield f"LUKOU_TLS_CERT_FILE: {certificate}: expected a certificate and in {key} its key (PEM): {error.strerror}"
