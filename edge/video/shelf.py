"""One camera's raw video on the box's disk: ``YYYY-MM-DD/HHMMSS.mkv`` (China's time), and what is known of each file.

The names say all: a segment that shows an act is called ``HHMMSS-kept.mkv``. So nothing is lost in a restart, and a
file that a power cut left open is a segment like any other.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from av.video.stream import VideoStream

from edge.civil_time import BEIJING, beijing
from edge.video.journal import NAME, Journal
from edge.video.retention import Limits, Segment, purge
from edge.video.ring import Coded
from edge.video.segment import OpenSegment

log = structlog.get_logger()

SEGMENT_MS: Final = 60_000
FILE: Final = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{6})(-\d+)?(-kept)?\.mkv")
KEPT: Final = "-kept"


@dataclass(slots=True)
class Shelf:
    """Writes segments, marks those that show an act, purges what may go. ``start_ms``: of the first frame, epoch."""

    folder: Path
    start_ms: int
    limits: Limits
    journal: Journal = field(init=False)
    segments: dict[str, Segment] = field(init=False)
    full: bool = False
    """Whether nothing is recorded now, since there is no room."""
    _next_ms: int = 0
    _open: OpenSegment | None = None
    _open_as: Segment | None = None
    _acts: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for folder in (self.folder.parent, self.folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.journal = Journal(self.folder / NAME)
        self.segments = {segment.name: segment for segment in found(self.folder)}

    def add(self, coded: Coded, template: VideoStream) -> None:
        """Append a picture; a segment ends with the first that stands by itself after a minute. Raises OSError."""
        if coded.key and coded.t_ms >= self._next_ms:
            self.close()
            self._next_ms = coded.t_ms + SEGMENT_MS
            self._begin(coded, template)
        if self._open is not None:
            self._open.write(coded)
            self._grow(coded)

    def keep(self, from_ms: int, to_ms: int, event_id: str) -> None:
        """Mark what shows an act (epoch ms), also what is still to come."""
        self._acts.append((from_ms, to_ms, event_id))
        for segment in [*self.segments.values()]:
            if segment.overlaps(from_ms, to_ms):
                self._mark(segment, event_id)
        if self._open_as is not None and self._open_as.overlaps(from_ms, to_ms):
            self._open_as = self._marked(self._open_as, event_id)

    def close(self) -> None:
        """End the segment that is open."""
        opened, segment = self._open, self._open_as
        self._open = self._open_as = None
        self._next_ms = 0  # the next one begins as soon as a picture stands by itself
        if opened is not None and segment is not None:
            try:
                opened.close()
            finally:  # what a full disk has left of it is a segment as well
                size_bytes = (self.folder / segment.name).stat().st_size
                self.segments[segment.name] = replace(segment, size_bytes=size_bytes)

    def _begin(self, coded: Coded, template: VideoStream) -> None:
        from_ms = self.start_ms + coded.t_ms
        self._purge(from_ms)
        if self.full:
            return
        name = self._free_name(from_ms)
        path = self.folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        self._open = OpenSegment(path, template, coded.t_ms, self.start_ms)
        self._open_as = Segment(name, from_ms, from_ms, 0)
        self._acts = [act for act in self._acts if act[1] >= from_ms]
        for _, _, event_id in [act for act in self._acts if act[0] <= from_ms]:
            self._open_as = self._marked(self._open_as, event_id)

    def _grow(self, coded: Coded) -> None:
        if self._open_as is not None:
            self._open_as = replace(self._open_as, to_ms=self.start_ms + coded.t_ms)

    def _free_name(self, from_ms: int) -> str:
        """Return a name that no file has: footage may be played twice, a box start twice in a second."""
        stem = f"{beijing(from_ms):%Y-%m-%d/%H%M%S}"
        there = {segment.name for segment in self.segments.values()}
        count = 1
        while {f"{stem}{_again(count)}.mkv", f"{stem}{_again(count)}{KEPT}.mkv"} & there:
            count += 1
        return f"{stem}{_again(count)}.mkv"

    def _mark(self, segment: Segment, event_id: str) -> None:
        del self.segments[segment.name]
        marked = self._marked(segment, event_id)
        self.segments[marked.name] = marked

    def _marked(self, segment: Segment, event_id: str) -> Segment:
        """Give a file the name of one that is kept; it may be open."""
        name = segment.name if segment.kept else segment.name.replace(".mkv", f"{KEPT}.mkv")
        if not segment.kept:
            (self.folder / segment.name).rename(self.folder / name)
        self.journal.note("kept", segment.to_ms, segment=name, event_id=event_id)
        return replace(segment, name=name, kept=True)

    def _purge(self, at_ms: int) -> None:
        there = list(self.segments.values())
        coming_bytes = max((segment.size_bytes for segment in there), default=0)
        decided = purge(there, self.limits, shutil.disk_usage(self.folder).free, coming_bytes)
        for segment, why in decided.segments:
            facts = {"from_ms": segment.from_ms, "to_ms": segment.to_ms, "size_bytes": segment.size_bytes}
            self.journal.note("purged", at_ms, segment=segment.name, why=why.value, **facts)
            path = self.folder / segment.name
            path.unlink(missing_ok=True)
            if not any(path.parent.iterdir()):
                path.parent.rmdir()
            del self.segments[segment.name]
        if self.full is decided.room:
            self.full = not decided.room
            self.journal.note("full" if self.full else "recording", at_ms)
            log.error("video.full" if self.full else "video.recording", folder=str(self.folder))


def found(folder: Path) -> Iterator[Segment]:
    """Yield the segments below a camera's folder; how far one reaches is known to the minute."""
    for path in sorted(folder.glob("*/*.mkv")):
        name = path.relative_to(folder).as_posix()
        named = FILE.fullmatch(name)
        from_ms = None if named is None else _epoch_ms(f"{named[1]} {named[2]}")
        if from_ms is not None:
            yield Segment(name, from_ms, from_ms + SEGMENT_MS, path.stat().st_size, path.stem.endswith(KEPT))


def _epoch_ms(taken: str) -> int | None:
    """Return the instant that a name tells; None where it is no time of day."""
    try:
        local = datetime.strptime(taken, "%Y-%m-%d %H%M%S").replace(tzinfo=BEIJING)
    except ValueError:
        return None
    return round(local.timestamp() * 1000)


def _again(count: int) -> str:
    return "" if count == 1 else f"-{count}"
