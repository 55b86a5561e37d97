"""``centre:`` of edge.yaml: where the central service and its broker are, and by what they are known."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from edge.broker import BrokerAddress
from edge.keys import read_secret, trusted


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BrokerConfig(_Part):
    """Where the MQTT broker is."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 1883
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    tls: bool = Field(default=False, description="TLS by the machine's own CAs; ca_file: TLS by that CA alone")


class CentreConfig(_Part):
    """Where the central service is, and how its receipts are known."""

    url: str
    public_key_file: Path = Field(description="the centre's Ed25519 public key, PEM")
    ca_file: Path | None = None
    upload_kbps: Annotated[int, Field(ge=64, le=10_000_000)] | None = Field(
        default=None, description="evidence goes up no faster than so many kilobits a second"
    )
    broker: BrokerConfig = BrokerConfig()


def broker_address(broker: BrokerConfig) -> BrokerAddress:
    """Return the broker's address with its password. Raises InputProblemError."""
    if broker.ca_file is not None:
        trusted(broker.ca_file)
    password = None if broker.password_file is None else read_secret(broker.password_file)
    return BrokerAddress(broker.host, broker.port, broker.username, password, broker.ca_file, broker.tls)


def centre_below(config: CentreConfig, folder: Path) -> CentreConfig:
    """Return the same with every path absolute."""
    broker = config.broker.model_copy(
        update={
            name: folder / given
            for name in ("password_file", "ca_file")
            if (given := getattr(config.broker, name)) is not None
        }
    )
    paths = {"public_key_file": folder / config.public_key_file, "broker": broker}
    return config.model_copy(update=paths | ({"ca_file": folder / config.ca_file} if config.ca_file else {}))
