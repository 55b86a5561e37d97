"""One act's evidence as files: three stills, stamped and untouched, and the road user alone, cut out of the clearest.

What the verdict rested on (edge.record) and the clip come in as bytes and are written beside the pictures.

A package appears whole or not at all: it is written beside its place, and edge.evidence.sealing gives it its name.
"""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import structlog

from contract.evidence import Crop, EvidenceFile, MediaType, RoadUserInPicture, Still
from contract.fields import ClockSource
from edge.evidence.crop import closest
from edge.evidence.ring import Kept
from edge.evidence.room import Room, RoomEnough
from edge.evidence.stamp import Stamper
from edge.full_disk import disk_full
from edge.observations import Observation, Violation
from edge.report import Place
from edge.selection import Moment, moments

log = structlog.get_logger()

MEDIA_TYPES: Final[Mapping[str, MediaType]] = {
    "jpg": "image/jpeg",
    "json": "application/json",
    "csv": "text/csv",
    "mp4": "video/mp4",
    "yaml": "application/yaml",
}
CLIP: Final = "clip."
"""How the names of a clip's files begin."""


@dataclass(frozen=True, slots=True)
class Package:
    """All of a package but its act and its seal, written beside its place: edge.evidence.sealing brings those.

    ``unfinished`` is where it lies, ``folder`` where it will be. ``not_kept`` says why there is none: the disk is full.
    """

    unfinished: Path
    folder: Path
    files: tuple[EvidenceFile, ...]
    stills: tuple[Still, ...]
    crop: Crop | None
    clock_source: ClockSource
    not_kept: str | None = None


@dataclass(frozen=True, slots=True)
class Packager:
    """Writes packages below one folder."""

    root: Path
    stamper: Stamper
    room: Room = field(default_factory=RoomEnough)

    def write(
        self, place: Place, violation: Violation, kept: Sequence[Kept], record: Mapping[str, bytes] | None = None
    ) -> Package:
        """Write the pictures of one violation and what its record holds; an unfinished one of before is replaced.

        ``record`` holds by their names the files that a replay needs, the clip, and what else belongs to it. On a
        full disk nothing is left behind, and the package says that it was not kept. Raises any other OSError.
        """
        folder = self.root / str(place.event_id(violation))
        if not self.room.may_package():
            return _not_kept(folder, "the disk is full: no new package is kept")
        try:
            return self._write(folder, place, violation, kept, self._fitting(record or {}))
        except OSError as error:
            if isinstance(self.room, RoomEnough) or not disk_full(error):
                raise
            shutil.rmtree(_unfinished(folder), ignore_errors=True)
            return _not_kept(folder, str(error))

    def _fitting(self, record: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """Leave the clip out where no clip is kept any more."""
        clip = [name for name in record if name.startswith(CLIP)]
        if not clip or self.room.may_clip():
            return record
        log.warning("clip.not_kept", why="the disk fills")
        return {name: data for name, data in record.items() if name not in clip}

    def _write(
        self, folder: Path, place: Place, violation: Violation, kept: Sequence[Kept], record: Mapping[str, bytes]
    ) -> Package:
        pictures = {k.observation.t_ms: k for k in kept}
        chosen = moments([k.observation for k in kept], violation)
        contents: dict[str, bytes] = dict(record)
        stills = tuple(self._still(place, violation, m, pictures[m.t_ms], contents) for m in chosen)
        cut = closest([(m.role, pictures[m.t_ms]) for m in chosen], violation.track_id)
        if cut is not None:
            contents[cut.crop.name] = cut.jpeg
        _fill(_unfinished(folder), contents)
        return Package(
            _unfinished(folder),
            folder,
            tuple(describe(name, data) for name, data in contents.items()),
            stills,
            None if cut is None else cut.crop,
            weakest(pictures[m.t_ms].clock_source for m in chosen),
        )

    def _still(
        self, place: Place, violation: Violation, moment: Moment, kept: Kept, contents: dict[str, bytes]
    ) -> Still:
        role, t_ms = moment.role, moment.t_ms
        subject = next((u for u in kept.observation.road_users if u.track_id == violation.track_id), None)
        lines = self.stamper.lines(place, violation, role, t_ms, kept.jpeg)
        contents[f"{role.value}.jpg"] = self.stamper.stamp(kept.jpeg, lines, subject)
        contents[f"{role.value}_original.jpg"] = kept.jpeg
        width_px, height_px = kept.size_px
        return Still(
            role=role,
            captured_at_ms=place.start_ms + t_ms,
            stamped=f"{role.value}.jpg",
            original=f"{role.value}_original.jpg",
            width_px=width_px,
            height_px=height_px,
            road_users=_in_picture(kept.observation),
        )


def weakest(sources: Iterable[ClockSource]) -> ClockSource:
    """Return the clock that proves least among those of several pictures."""
    return min(sources, key=("arrival", "stream", "footage").index, default="arrival")


def _in_picture(observation: Observation) -> tuple[RoadUserInPicture, ...]:
    return tuple(
        RoadUserInPicture(track_id=u.track_id, kind=u.kind, box_xyxy_px=_rounded(u.box_xyxy_px))
        for u in observation.road_users
        if u.box_xyxy_px is not None
    )


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (round(float(edge), 1) for edge in box)
    return x1, y1, x2, y2


def describe(name: str, data: bytes) -> EvidenceFile:
    """Return a file's name, hash and size."""
    media_type = MEDIA_TYPES[name.rpartition(".")[2]]
    return EvidenceFile(name=name, sha256=sha256(data).hexdigest(), size_bytes=len(data), media_type=media_type)


def _fill(unfinished: Path, contents: Mapping[str, bytes]) -> None:
    """Write the files of a package that has no name yet, instead of what a dead process may have left there."""
    shutil.rmtree(unfinished, ignore_errors=True)
    make_folder(unfinished)
    for name, data in contents.items():
        write_through(unfinished / name, data)


def _unfinished(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.part")


def _not_kept(folder: Path, why: str) -> Package:
    return Package(_unfinished(folder), folder, (), (), None, "arrival", not_kept=why)


def discard(package: Package) -> None:
    """Remove what was written of a package that nobody needs."""
    shutil.rmtree(package.unfinished, ignore_errors=True)


def make_folder(folder: Path) -> None:
    """Make a folder that only the box's user may look into: what is in it shows people."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700)


def write_through(path: Path, data: bytes) -> None:
    """Write a file so that it is whole after a power cut (fsync(2)); its folder's entry is the caller's to sync."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
