"""The messages between a box and the centre, as the wire carries them. Times are ms since the Unix epoch, UTC.

A message is data only: nothing in here reads a clock, a key or a file.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contract.box import Celsius, DiskUse, Dropped
from contract.evidence import FILES_MAX, ClockProof, Crop, EvidenceFile, ModelUsed, RuleApplied, Still
from contract.fields import (
    ClockSource,
    Count,
    EpochMs,
    Identifier,
    Message,
    Metre,
    Part,
    Sequence,
    Sha256,
    Share,
    ShortText,
)
from contract.words import (
    CameraState,
    LampSource,
    LampState,
    PassageVerdict,
    ReceiptOutcome,
    RoadUserKind,
    ViolationKind,
    ZoneKind,
)


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


class ActReported(Message):
    """One act, seen by one camera: all that is known of it before its package is sealed."""

    event_id: UUID
    device_id: Identifier
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
    clock: ClockProof | None = Field(default=None, description="null: the box does not say, so it proves nothing")


class ViolationReported(ActReported):
    """One act with the hashes of its evidence, sealed. ``event_id`` is its idempotency key.

    ``sequence`` counts the device's violations without a gap; ``previous_manifest_sha256`` is the hash of the manifest
    of the violation before, so the centre holds the device's chain before any file has come.
    """

    sequence: Sequence
    previous_manifest_sha256: Sha256 | None = None
    evidence: Annotated[tuple[EvidenceFile, ...], Field(min_length=1, max_length=FILES_MAX)]


class PackagedAct(Message):
    """``act.json`` of an evidence package: what was reported, before it got its number."""

    act: ActReported
    stills: Annotated[tuple[Still, ...], Field(min_length=1, max_length=8)]
    crop: Crop | None = None


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
    """How a camera's process is, and the box that it runs on. Fields with a default are not known to older boxes.

    Of two heartbeats of a box the one with the higher ``start`` is the newer one, and of one start the one with the
    higher ``number``, whatever its clock said; where either is not told, the one with the later ``sent_at_ms``.
    """

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
    files_stuck: Count = Field(default=0, description="of files_waiting: not wanted by the centre, or not as sealed")
    signals: Annotated[tuple[SignalHealth, ...], Field(max_length=64)] = ()
    software_version: ShortText | None = None
    uptime_s: Count | None = Field(default=None, description="of the box's program")
    restarts: Count | None = Field(default=None, description="of this camera's process since the box began")
    oldest_waiting_ms: Count | None = Field(default=None, description="age of the oldest event that waits; null: none")
    dropped: Dropped = Dropped()
    clock: ClockProof | None = None
    disk: DiskUse | None = None
    temperature_c: Celsius | None = Field(default=None, description="the hottest of the machine; null: it says none")
    start: Sequence | None = Field(default=None, description="numbers the box's starts; up, but not by one")
    number: Sequence | None = Field(default=None, description="numbers heartbeats since that start; up, but not by one")


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
    sequence: Sequence
    from_ms: EpochMs
    to_ms: EpochMs
    counts: Annotated[tuple[PassageCount, ...], Field(max_length=500)]
    yields: Annotated[tuple[YieldCount, ...], Field(max_length=500)] = ()
