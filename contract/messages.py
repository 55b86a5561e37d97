"""The messages between a box and the centre, as the wire carries them. Times are ms since the Unix epoch, UTC.

A message is data only: nothing in here reads a clock, a key or a file. Unknown fields are refused, so that a
message means the same on both sides; a change of meaning raises ``schema_version``.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from contract.words import (
    CameraState,
    LampSource,
    LampState,
    PassageVerdict,
    ReceiptOutcome,
    RoadUserKind,
    StillRole,
    ViolationKind,
    ZoneKind,
)

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A site, camera, device, zone or signal: safe inside a topic, a path and a page."""
ClockSource = Literal["footage", "arrival", "stream"]
"""Whose clock tells a capture time: a video file's, the box's at the arrival, or the camera's in its stream."""
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}\.(jpg|json|mp4|csv|yaml)$")]
EpochMs = Annotated[int, Field(ge=0, le=4_102_444_800_000, description="ms since 1970-01-01T00:00:00Z, up to 2100")]
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
Pixel = Annotated[float, Field(allow_inf_nan=False, ge=-1e5, le=1e5)]
Metre = Annotated[float, Field(allow_inf_nan=False, ge=-1e5, le=1e5)]
Share = Annotated[float, Field(allow_inf_nan=False, ge=-1, le=1)]
FILE_BYTES_MAX = 64 * 1024 * 1024
FILES_MAX = 16


class Message(BaseModel):
    """The base of all that crosses the wire: frozen, and nothing in it that is not named."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    schema_version: Literal[1] = 1


class Part(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EvidenceFile(Part):
    """One file of an evidence package, addressed by what is in it."""

    name: FileName
    sha256: Sha256
    size_bytes: Annotated[int, Field(gt=0, le=FILE_BYTES_MAX)]
    media_type: Literal["image/jpeg", "application/json", "video/mp4", "text/csv", "application/yaml"]


class SourceSaid(Part):
    """What one source said of a signal when the road user came in, and how old its last word was by then."""

    source: LampSource
    state: LampState
    since_ms: EpochMs | None = Field(description="since when, as the source has it; null where it does not say")
    age_ms: Count | None = Field(description="null where it had said nothing; a plan or a file is 0 ms old")


class LampAtEntry(Part):
    """What the signal showed when the road user came in, since when, and what each source said."""

    state: LampState
    since_ms: EpochMs | None
    sources: Annotated[tuple[SourceSaid, ...], Field(min_length=1, max_length=len(LampSource))]


class RuleApplied(Part):
    """The rule that was met, with the thresholds in force (metres and seconds)."""

    name: ViolationKind
    version: Annotated[int, Field(ge=1)]
    parameters: dict[str, Annotated[float, Field(allow_inf_nan=False)]]


class ModelUsed(Part):
    """The detector that saw the road user."""

    name: ShortText
    sha256: Sha256


class ViolationReported(Message):
    """One act, seen by one camera, with the hashes of its evidence. ``event_id`` is its idempotency key."""

    event_id: UUID
    device_id: Identifier
    sequence: Annotated[int, Field(ge=1, le=2**53 - 1, description="counts up by one per device, without a gap")]
    site_id: Identifier
    site_name: ShortText
    camera_id: Identifier
    direction: ShortText
    kind: ViolationKind
    user: RoadUserKind
    track_id: Annotated[int, Field(ge=0, le=2**53 - 1)]
    zone_id: Identifier
    signal_id: Identifier | None
    entered_at_ms: EpochMs
    confirmed_at_ms: EpochMs
    entered_at_m: tuple[Metre, Metre] | None = Field(
        default=None, description="where, on the ground plane that all cameras of the site share"
    )
    heading: tuple[Share, Share] | None = Field(
        default=None, description="wrong way: the unit vector against the lane's direction, on the same plane"
    )
    measure: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False, description="m on red, m wrong way, or s")]
    rule: RuleApplied
    lamp: LampAtEntry | None
    model: ModelUsed
    scene_sha256: Sha256
    software_version: ShortText
    clock_source: ClockSource
    seen_at_ms: EpochMs = Field(description="the box's clock when the confirming frame came from the camera")
    demonstration: bool = Field(description="true when the crossing or its signal is not a real one")
    evidence: Annotated[tuple[EvidenceFile, ...], Field(min_length=1, max_length=FILES_MAX)]


class Receipt(Message):
    """The centre's answer. Only this, signed by the centre, takes an event out of the box's outbox."""

    event_id: UUID
    device_id: Identifier
    outcome: ReceiptOutcome
    reason: Annotated[str, StringConstraints(max_length=500)] | None = None
    committed_at_ms: EpochMs


class SignalHealth(Part):
    """For how long one signal was known since the camera's process began, and for how long and why it was not.

    Silent: a source never spoke. Stale: one spoke too long ago. Unsure: one said that it did not know. Disagreeing:
    sources contradicted each other for longer than a change takes to reach all of them.
    """

    signal_id: Identifier
    known_s: Count
    silent_s: Count
    stale_s: Count
    unsure_s: Count
    disagreeing_s: Count
    disagreements: Count


class Heartbeat(Message):
    """How a camera's process is."""

    device_id: Identifier
    site_id: Identifier
    camera_id: Identifier
    sent_at_ms: EpochMs
    frames_processed: Count
    frames_dropped: Count = Field(description="came, but the box was too slow for them")
    reconnections: Count = Field(description="how often the stream was opened again")
    camera_state: CameraState
    camera_state_since_ms: EpochMs
    frames_per_second: Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
    events_waiting: Count
    files_waiting: Count
    events_refused: Count
    signals: Annotated[tuple[SignalHealth, ...], Field(max_length=64)] = ()


class PassageCount(Part):
    """How many passages over one crosswalk, lane or stop line ended with one verdict."""

    zone_kind: ZoneKind = ZoneKind.CROSSWALK
    zone_id: Identifier
    user: RoadUserKind
    lamp_at_entry: LampState
    verdict: PassageVerdict
    count: Annotated[int, Field(ge=1, le=1_000_000)]


class YieldCount(Part):
    """How many vehicles that met somebody on or entering one crosswalk yielded, or did not."""

    zone_id: Identifier
    user: Literal[RoadUserKind.CAR, RoadUserKind.BUS, RoadUserKind.TRUCK]
    yielded: bool
    count: Annotated[int, Field(ge=1, le=1_000_000)]


class PassageCounts(Message):
    """The passages that ended in one span of time, and the vehicles that met somebody in it.

    ``device_id`` and ``sequence`` are its idempotency key.
    """

    device_id: Identifier
    site_id: Identifier
    camera_id: Identifier
    sequence: Annotated[int, Field(ge=1, le=2**53 - 1)]
    from_ms: EpochMs
    to_ms: EpochMs
    counts: Annotated[tuple[PassageCount, ...], Field(max_length=500)]
    yields: Annotated[tuple[YieldCount, ...], Field(max_length=500)] = ()


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


class Manifest(Message):
    """``manifest.json`` of an evidence package: every file but itself by its hash, and what the stills show."""

    event_id: UUID
    device_id: Identifier
    camera_id: Identifier
    kind: ViolationKind
    track_id: Annotated[int, Field(ge=0)]
    clock_source: ClockSource
    files: Annotated[tuple[EvidenceFile, ...], Field(min_length=1, max_length=FILES_MAX)]
    stills: Annotated[tuple[Still, ...], Field(min_length=1, max_length=8)]
