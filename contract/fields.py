"""The fields that every message is made of: names, hashes, times, places. Data only, and no behaviour.

Unknown fields are refused, so that a message means the same on both sides; a change of meaning raises
``schema_version``.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A site, camera, device, zone or signal: safe inside a topic, a path and a page."""
ClockSource = Literal["footage", "arrival", "stream"]
"""Whose clock tells a capture time: a video file's, the box's at the arrival, or the camera's in its stream."""
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line of text: no control characters, which PostgreSQL (NUL), logs and pages take amiss."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}\.(jpg|json|mp4|csv|yaml)$")]
EpochMs = Annotated[int, Field(ge=0, le=4_102_444_800_000, description="ms since 1970-01-01T00:00:00Z, up to 2100")]
Sequence = Annotated[int, Field(ge=1, le=2**53 - 1)]
"""A running number: up by one, without a gap."""
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Pixel = Annotated[float, Field(allow_inf_nan=False, ge=-1e5, le=1e5)]
Metre = Annotated[float, Field(allow_inf_nan=False, ge=-1e5, le=1e5)]
Share = Annotated[float, Field(allow_inf_nan=False, ge=-1, le=1)]


class Message(BaseModel):
    """The base of all that crosses the wire: frozen, and nothing in it that is not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_version: Literal[1] = 1


class Part(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(frozen=True, extra="forbid")
