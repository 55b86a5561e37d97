"""What a box says of itself beside its acts: parts of the heartbeat, its status with last will, and its prompts."""

from typing import Annotated

from pydantic import Field, model_validator

from contract.fields import Count, EpochMs, Identifier, Message, Part, Sequence, ShortText
from contract.words import BoxStatus, DiskState, ViolationKind

Celsius = Annotated[float, Field(ge=-100, le=300, allow_inf_nan=False)]


class DiskUse(Part):
    """How full the box's disk is. ``budget_bytes`` is what the box may use in all; null where nothing is said."""

    state: DiskState
    evidence_bytes: Count
    video_bytes: Count
    outbox_bytes: Count
    free_bytes: Count
    budget_bytes: Count | None = None


class Dropped(Part):
    """What one camera could not keep or say since its process began. Frames are counted in the heartbeat itself."""

    clip_frames: Count = Field(default=0, description="judged, but not in the clip: the encoder was too slow for them")
    events_disk_full: Count = Field(default=0, description="violations without a package, since the disk was full")
    prompts: Count = Field(default=0, description="prompts that could not be sent at once, so not at all")


class StatusTold(Message):
    """Whether a box can be reached. Retained; ``offline`` is sealed at the connection and left as its last will.

    Of two words the one with the higher ``connection`` is the newer one, and of one connection the ``offline``: so an
    old will that somebody plays again changes nothing.
    """

    device_id: Identifier
    site_id: Identifier
    connection: Sequence = Field(description="numbers the box's connections; up, but not by one")
    state: BoxStatus
    since_ms: EpochMs | None = Field(description="null in a last will: it was sealed before it was true")
    cameras: Annotated[tuple[Identifier, ...], Field(min_length=1, max_length=64)]

    @model_validator(mode="after")
    def _knows_since_when(self) -> "StatusTold":
        if self.state is BoxStatus.ONLINE and self.since_ms is None:
            raise ValueError("a box that is online knows since when")
        return self


class Prompted(Message):
    """Words for a screen or loudspeaker at the crossing, at once. They name nobody: no picture, no track, no event."""

    device_id: Identifier
    site_id: Identifier
    camera_id: Identifier
    kind: ViolationKind
    zone_id: Identifier
    at_ms: EpochMs = Field(description="capture time of the frame by which the rule was met")
    text_zh: ShortText
    text_en: ShortText
