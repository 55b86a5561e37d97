"""What edge.yaml says of the box's disk."""

import shutil
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from edge.civil_time import DAY_MS
from edge.disk_policy import Limits

GB: Final = 10**9
SHARE_OF_THE_DISK: Final = 0.8


class DiskConfig(BaseModel):
    """How much the box's data may take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    budget_gb: Annotated[float, Field(gt=0, le=1e6)] | None = Field(
        default=None, description="of evidence, outbox and all but raw video; else 80 % of the file system"
    )
    free_min_gb: Annotated[float, Field(ge=0, le=1e6)] = Field(
        default=1.0, description="no new package is kept when less of the disk is free"
    )
    keep_delivered_days: Annotated[float, Field(ge=0, le=3650)] = Field(
        default=7.0, description="so long what the centre has whole stays on the box as well; its manifest always does"
    )


def limits_of(config: DiskConfig, data: Path) -> Limits:
    """Return the limits in bytes, of the disk on which the data lie."""
    data.mkdir(parents=True, exist_ok=True)
    total_bytes = shutil.disk_usage(data).total
    budget_bytes = total_bytes * SHARE_OF_THE_DISK if config.budget_gb is None else config.budget_gb * GB
    return Limits(round(budget_bytes), round(config.free_min_gb * GB), round(config.keep_delivered_days * DAY_MS))
