"""What a box still keeps when its disk fills, and what may leave it. Pure: sizes and ages come in, decisions go out.

Nothing that the centre does not have ever leaves. At 80 % of the budget the clips go that the centre has, and those of
refused events, the oldest first. At 90 % no new clip is kept, at 98 % or where too little of the disk is free no new
package. What was delivered whole may leave after some days; its manifest stays, since the chain needs it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contract.words import DiskState
from edge.civil_time import DAY_MS

CLIP_SUFFIX: Final = ".mp4"
PURGE_SHARE: Final = 0.80
CLIPS_STOP_SHARE: Final = 0.90
PACKAGES_STOP_SHARE: Final = 0.98
BACK_SHARE: Final = 0.02
"""So far below a mark the use must fall before what was stopped is kept again: a state must not flicker."""


class Why(StrEnum):
    """Why something left the box."""

    DELIVERED = "delivered"
    CLIP_DELIVERED = "disk: clip delivered"
    CLIP_REFUSED = "disk: clip of a refused event"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the box's data may take, how much of the disk must stay free, how long what was delivered is kept.

    Raw video has a budget of its own: it is not counted, and gives way where the disk itself fills.
    """

    budget_bytes: int
    free_min_bytes: int
    keep_delivered_ms: int = 7 * DAY_MS


@dataclass(frozen=True, slots=True)
class Use:
    """What the box's data take, what raw video takes beside them, and what of the disk is free."""

    used_bytes: int
    video_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a package that is on the box. ``uploaded``: the centre has it."""

    name: str
    size_bytes: int
    uploaded: bool


@dataclass(frozen=True, slots=True)
class Stored:
    """One package. ``done_at_ms``: since when the centre has all of it, or refuses it; None where it waits."""

    event_id: str
    refused: bool
    done_at_ms: int | None
    files: tuple[Kept, ...]

    @property
    def delivered(self) -> bool:
        """Tell whether the centre has accepted the event and has every file."""
        return self.done_at_ms is not None and not self.refused and all(file.uploaded for file in self.files)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file that may leave the box, and why."""

    event_id: str
    file: Kept
    why: Why


def share(use: Use, limits: Limits) -> float:
    """Return how much of what the data may take is taken; 1 and more: there is nothing left."""
    room = min(limits.budget_bytes, use.used_bytes + use.video_bytes + use.free_bytes - limits.free_min_bytes)
    return use.used_bytes / room if room > 0 else 1.0


def state_of(use: Use, limits: Limits, before: DiskState = DiskState.OK) -> DiskState:
    """Return what is still kept, knowing what was kept before."""
    if use.free_bytes <= limits.free_min_bytes:
        return DiskState.FULL
    taken = share(use, limits)
    full_at = PACKAGES_STOP_SHARE - (BACK_SHARE if before is DiskState.FULL else 0)
    if taken >= full_at:
        return DiskState.FULL
    stop_at = CLIPS_STOP_SHARE - (BACK_SHARE if before is not DiskState.OK else 0)
    return DiskState.CLIPS_STOPPED if taken >= stop_at else DiskState.OK


def leaving(use: Use, limits: Limits, stored: Sequence[Stored], now_ms: int, manifest: str) -> tuple[Leaving, ...]:
    """Return what is to leave, in this order. ``stored`` comes oldest first.

    ``manifest`` is the name of the file that stays whatever happens.
    """
    going = [
        Leaving(package.event_id, file, Why.DELIVERED)
        for package in stored
        if package.delivered and now_ms - (package.done_at_ms or 0) >= limits.keep_delivered_ms
        for file in package.files
        if file.name != manifest
    ]
    gone = {(each.event_id, each.file.name) for each in going}
    left = _after(use, sum(each.file.size_bytes for each in going))
    for clip in _clips(stored):
        if share(left, limits) < PURGE_SHARE:
            break
        if (clip.event_id, clip.file.name) not in gone:
            going.append(clip)
            left = _after(left, clip.file.size_bytes)
    return tuple(going)


def _clips(stored: Sequence[Stored]) -> Iterator[Leaving]:
    """Yield the clips that nobody else would miss."""
    for package in stored:
        for file in package.files:
            if file.name.endswith(CLIP_SUFFIX) and (file.uploaded or package.refused):
                yield Leaving(package.event_id, file, Why.CLIP_REFUSED if package.refused else Why.CLIP_DELIVERED)


def _after(use: Use, freed_bytes: int) -> Use:
    return Use(max(0, use.used_bytes - freed_bytes), use.video_bytes, use.free_bytes + freed_bytes)
