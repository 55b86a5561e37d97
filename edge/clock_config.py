"""edge.yaml's ``clock``: by what the box knows how far its clock is off (docs/clock.md)."""

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from contract.words import ClockReference
from edge.clock import DRIFT_PPM

NTP_PORT: Final = 123
PORT_MAX: Final = 65535
EVERY_S: Final = 64.0


class ClockConfig(BaseModel):
    """By what, how often, and how much the quartz may gain or lose meanwhile."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: ClockReference = ClockReference.KERNEL
    server: Annotated[str, StringConstraints(min_length=1, max_length=260)] | None = Field(
        default=None, description="of sntp: host, host:port or [IPv6]:port"
    )
    every_s: Annotated[
        float, Field(ge=1, le=3600, allow_inf_nan=False, description="seconds from one measurement to the next")
    ] = EVERY_S
    drift_ppm: Annotated[float, Field(gt=0, le=500, allow_inf_nan=False, description="0.086 s a day each")] = DRIFT_PPM

    @model_validator(mode="after")
    def _fits(self) -> "ClockConfig":
        if (self.source is ClockReference.SNTP) != (self.server is not None):
            raise ValueError("server: is needed by source sntp, and by no other")
        if self.server is not None:
            self.address()
        return self

    def address(self) -> tuple[str, int]:
        """Return host and port of the server. Raises ValueError where there is none."""
        given = self.server or ""
        host, port = given, str(NTP_PORT)
        if given.startswith("["):
            host, _, rest = given[1:].partition("]")
            port = rest.removeprefix(":") if rest else port
        elif given.count(":") == 1:
            host, port = given.split(":")
        if not host or not port.isascii() or not port.isdecimal() or not 1 <= int(port) <= PORT_MAX:
            raise ValueError(f"server: expected host, host:port or [IPv6]:port, found {given!r}")
        return host, int(port)
