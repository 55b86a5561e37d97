"""Which raw video leaves the disk, and why. Pure: what lies there comes in as values, what is to go comes out.

Raw video is kept for 30 days at least, then deleted if nothing needs it (公共安全视频图像信息系统管理条例 art. 17).
What shows an act stays until the act can be decided no more: two years (行政处罚法 art. 36).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge.civil_time import DAY_MS

ACT_DAYS: Final = 731
"""Two years, with the leap day that they may have."""
REFERENCE: Final = 30
"""Age counts from the thirtieth newest segment: a clock that leaps ahead for less than half an hour costs nothing."""


class Why(StrEnum):
    """Why a segment was purged."""

    AGE = "age"
    ACT_AGE = "act_age"
    BUDGET = "budget"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of raw video, and from when to when it reaches, ms since the Unix epoch.

    ``name`` is its path below the camera's folder. ``kept``: an act was seen in it.
    """

    name: str
    from_ms: int
    to_ms: int
    size_bytes: int
    kept: bool = False

    def overlaps(self, from_ms: int, to_ms: int) -> bool:
        """Tell whether it shows some of that span."""
        return self.from_ms <= to_ms and from_ms <= self.to_ms


@dataclass(frozen=True, slots=True)
class Limits:
    """How long raw video is kept, how much of the disk it may have, and how much of it must stay free."""

    keep_days: int = 30
    keep_act_days: int = ACT_DAYS
    budget_bytes: int | None = None
    free_bytes_min: int = 10 * 10**9


@dataclass(frozen=True, slots=True)
class Purge:
    """What is to go, oldest first, and whether there is room then for what comes."""

    segments: tuple[tuple[Segment, Why], ...]
    room: bool


def purge(segments: Sequence[Segment], limits: Limits, free_bytes: int, coming_bytes: int) -> Purge:
    """Decide what goes: by age first, then the oldest until budget and disk hold ``coming_bytes`` more.

    What shows an act goes by its own age alone: where nothing else is left to go, there is no room.
    """
    oldest_first = sorted(segments, key=lambda segment: segment.from_ms)
    aged = {segment: why for segment in oldest_first if (why := _aged(segment, limits, _reference_ms(oldest_first)))}
    staying = [segment for segment in oldest_first if segment not in aged]
    used_bytes = sum(segment.size_bytes for segment in staying) + coming_bytes
    free_bytes += sum(segment.size_bytes for segment in aged) - coming_bytes
    going = list(aged.items())
    for segment in [segment for segment in staying if not segment.kept]:
        why = _lacking(used_bytes, free_bytes, limits)
        if why is None:
            break
        going.append((segment, why))
        used_bytes, free_bytes = used_bytes - segment.size_bytes, free_bytes + segment.size_bytes
    return Purge(tuple(going), _lacking(used_bytes, free_bytes, limits) is None)


def _reference_ms(oldest_first: Sequence[Segment]) -> int:
    """Return the instant from which age counts; nothing is old where there is little."""
    return oldest_first[-REFERENCE].to_ms if len(oldest_first) >= REFERENCE else 0


def _aged(segment: Segment, limits: Limits, now_ms: int) -> Why | None:
    days, why = (limits.keep_act_days, Why.ACT_AGE) if segment.kept else (limits.keep_days, Why.AGE)
    return why if segment.to_ms < now_ms - days * DAY_MS else None


def _lacking(used_bytes: int, free_bytes: int, limits: Limits) -> Why | None:
    if limits.budget_bytes is not None and used_bytes > limits.budget_bytes:
        return Why.BUDGET
    return Why.DISK if free_bytes < limits.free_bytes_min else None
