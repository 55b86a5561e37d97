"""The evidence package on the wire: its files by hash, what its pictures show, and the manifest that seals them.

``manifest.json`` is a sealed message (contract.seal) whose body is a ``Manifest``: the hash of the device's manifest
before it stands in it, so nothing can be taken out, put in or exchanged later without breaking the chain.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from contract.fields import (
    ClockSource,
    EpochMs,
    FileName,
    Identifier,
    Message,
    Part,
    Pixel,
    Sequence,
    Sha256,
    ShortText,
)
from contract.identity import PublicKey
from contract.words import ClockReference, ClockStatus, RoadUserKind, StillRole, ViolationKind

FILE_BYTES_MAX = 64 * 1024 * 1024
FILES_MAX = 24
MANIFEST = "manifest.json"
CLOCK_OFF_MAX_MS = 1000.0
"""GA/T 832-2014: a clock that is further off Beijing time proves nothing."""
MediaType = Literal["image/jpeg", "application/json", "video/mp4", "text/csv", "application/yaml"]
Offset = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False, description="ms")]


class EvidenceFile(Part):
    """One file of an evidence package, addressed by what is in it."""

    name: FileName
    sha256: Sha256
    size_bytes: Annotated[int, Field(gt=0, le=FILE_BYTES_MAX)]
    media_type: MediaType


class RuleApplied(Part):
    """The rule that was met, with the thresholds in force (metres and seconds)."""

    name: ViolationKind
    version: Annotated[int, Field(ge=1)]
    parameters: dict[str, Annotated[float, Field(allow_inf_nan=False)]]


class ModelUsed(Part):
    """The detector that saw the road user."""

    name: ShortText
    sha256: Sha256


class ClockProof(Part):
    """How far the box's clock could be believed when the act was seen (GA/T 832: at most 1.0 s off Beijing time).

    ``offset_ms`` is the box's clock minus the reference at the last synchronisation; ``uncertainty_ms`` is what it may
    be off at the act: that offset, the reference's own doubt, and the drift since then.
    """

    status: ClockStatus
    reason: ShortText | None = Field(default=None, description="why it is invalid; null where it is valid")
    source: ClockReference
    offset_ms: Offset | None = None
    uncertainty_ms: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] | None = None
    synchronised_at_ms: EpochMs | None = Field(default=None, description="null: never")
    camera_offset_ms: Offset | None = Field(
        default=None, description="a camera's own clock minus the box's; null where the box's clock times the pictures"
    )

    @model_validator(mode="after")
    def _says_why(self) -> "ClockProof":
        if (self.status is ClockStatus.INVALID) != (self.reason is not None):
            raise ValueError("a clock that is invalid needs a reason, a valid one has none")
        return self


class RoadUserInPicture(Part):
    """Where a road user stands in a still; the centre masks heads and plates by these boxes."""

    track_id: Annotated[int, Field(ge=0)] | None
    kind: RoadUserKind
    box_xyxy_px: tuple[Pixel, Pixel, Pixel, Pixel]


class Still(Part):
    """One moment of the act: the stamped picture, the untouched one, and who is in it."""

    role: StillRole
    captured_at_ms: EpochMs
    stamped: FileName
    original: FileName
    width_px: Annotated[int, Field(ge=1, le=20_000)]
    height_px: Annotated[int, Field(ge=1, le=20_000)]
    road_users: Annotated[tuple[RoadUserInPicture, ...], Field(max_length=1000)]


class Crop(Part):
    """The road user alone, cut out of an untouched still at the camera's full resolution."""

    name: FileName
    of: StillRole
    box_xyxy_px: tuple[Pixel, Pixel, Pixel, Pixel]


class Versions(Part):
    """With what it was seen and judged."""

    software: ShortText
    scene_sha256: Sha256
    rule: RuleApplied
    model: ModelUsed


class Manifest(Message):
    """The body of ``manifest.json``: every other file of the package by its hash, and what the pictures show.

    ``sequence`` counts the device's packages, and is its event's; ``previous_sha256`` is the hash of the file
    ``manifest.json`` with the number before, null for the first one under this key. ``public_key`` is the key that
    seals (its 32 bytes in base64), so that a package alone can be checked; whose it is, the centre's register says.
    """

    event_id: UUID
    device_id: Identifier
    sequence: Sequence
    previous_sha256: Sha256 | None
    public_key: PublicKey
    sealed_at_ms: EpochMs
    camera_id: Identifier
    kind: ViolationKind
    track_id: Annotated[int, Field(ge=0)]
    clock_source: ClockSource
    clock: ClockProof
    versions: Versions
    files: Annotated[tuple[EvidenceFile, ...], Field(min_length=1, max_length=FILES_MAX)]
    stills: Annotated[tuple[Still, ...], Field(min_length=1, max_length=8)]
    crop: Crop | None = None

    @model_validator(mode="after")
    def _begins_once(self) -> "Manifest":
        if (self.sequence == 1) != (self.previous_sha256 is None):
            raise ValueError("the first manifest of a key, and no other, has none before it")
        return self
