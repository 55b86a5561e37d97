"""``video:`` of edge.yaml: how the cameras are filmed, and how long raw video stays on the box."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from edge.video.retention import ACT_DAYS
from edge.video.settings import Preset


class VideoConfig(BaseModel):
    """How each camera of the box is filmed. Sizes are in units of 10^9 bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fps_max: Annotated[float, Field(ge=2, le=60, description="pictures a second of clip and raw video at most")] = 12
    crf: Annotated[int, Field(ge=14, le=40, description="x264's quality: 18 near lossless, 28 coarse")] = 23
    preset: Preset = Field(default="ultrafast", description="x264's effort: slower ones make smaller files")
    keep_days: Annotated[int, Field(ge=0, le=3650, description="raw video is kept so long; 0: none is recorded")] = 30
    keep_act_days: Annotated[int, Field(ge=1, le=3650, description="the same, where it shows an act")] = ACT_DAYS
    budget_gb: Annotated[float | None, Field(gt=0, le=1e6, description="of raw video a camera; null: no limit")] = None
    free_gb_min: Annotated[float, Field(ge=0, le=1e6, description="so much of the disk stays free of raw video")] = 10

    @model_validator(mode="after")
    def _acts_last_longer(self) -> "VideoConfig":
        if self.keep_act_days < self.keep_days:
            raise ValueError("keep_act_days: expected at least keep_days")
        return self
