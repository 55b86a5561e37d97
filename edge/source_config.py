"""edge.yaml's ``inputs`` and ``signals``: from where it is heard what each signal shows (docs/signals.md)."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from contract.fields import Identifier

Port = Annotated[int, Field(ge=1, le=65535)]
Host = Annotated[str, StringConstraints(min_length=1, max_length=253)]
AgeMaxS = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False, description="seconds after which a word is stale")]
Topic = Annotated[str, StringConstraints(pattern=r"^[^+#\x00]{1,200}$")]
Channel = Annotated[str, StringConstraints(pattern=r"^([A-Za-z][A-Za-z0-9_]{0,15}|[1-9][0-9]?)$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MqttInput(_Part):
    """A topic of a broker: the centre's where no host is given."""

    topic: Topic
    host: Host | None = None
    port: Port = 1883
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None


class HttpInput(_Part):
    """An address on this box to which the controller posts. Beyond loopback it belongs behind a closed network."""

    port: Port
    bind: Host = "127.0.0.1"
    token_file: Path = Field(description="what a push must bear: Authorization: Bearer TOKEN")


class TcpInput(_Part):
    """A detector, or its serial converter, that listens on the network."""

    host: Host
    port: Port


class SerialInput(_Part):
    """A detector at a serial port of this box: 8 data bits, no parity, 1 stop bit."""

    path: Path
    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600


class InputConfig(_Part):
    """One input: a feed (mqtt or http) or a wire (tcp or serial)."""

    mqtt: MqttInput | None = None
    http: HttpInput | None = None
    tcp: TcpInput | None = None
    serial: SerialInput | None = None
    lit: Literal[0, 1] = Field(default=1, description="a wire's: what a channel says whose lamp is lit")

    @model_validator(mode="after")
    def _one(self) -> "InputConfig":
        if sum(part is not None for part in (self.mqtt, self.http, self.tcp, self.serial)) != 1:
            raise ValueError("needs one of mqtt, http, tcp, serial")
        return self

    @property
    def kind(self) -> Literal["feed", "wire"]:
        """Return which sources can hear it."""
        return "feed" if self.mqtt is not None or self.http is not None else "wire"


class LampSourceConfig(_Part):
    """The lamp that the scene draws, read from the camera's pictures."""

    source: Literal["lamp"]
    age_max_s: AgeMaxS = 1.0


class FeedSourceConfig(_Part):
    """The controller's feed. ``name`` is what it calls the signal: the scene's id where it says nothing else."""

    source: Literal["feed"]
    input: Identifier
    name: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    age_max_s: AgeMaxS = 1.0


class WireSourceConfig(_Part):
    """A detector's channels."""

    source: Literal["wire"]
    input: Identifier
    red: Channel
    green: Channel
    yellow: Channel | None = None
    age_max_s: AgeMaxS = 1.0

    @field_validator("red", "green", "yellow", mode="before")
    @classmethod
    def _number(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _apart(self) -> "WireSourceConfig":
        channels = [channel for channel in (self.red, self.yellow, self.green) if channel is not None]
        if len(set(channels)) != len(channels):
            raise ValueError(f"red, yellow, green: expected different channels, found {', '.join(channels)}")
        return self


class PlanSourceConfig(_Part):
    """The scene's fixed-time plan."""

    source: Literal["plan"]


SourceConfig = Annotated[
    LampSourceConfig | FeedSourceConfig | WireSourceConfig | PlanSourceConfig, Field(discriminator="source")
]
Sources = Annotated[tuple[SourceConfig, ...], Field(min_length=1, max_length=4)]
Inputs = dict[Identifier, InputConfig]
SignalSources = dict[Identifier, Sources]
