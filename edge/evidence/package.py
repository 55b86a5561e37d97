"""One act's evidence as files: three stills, stamped and untouched, and ``manifest.json`` with every file's SHA-256.

What the verdict rested on (edge.record) comes in as bytes and is written beside the pictures.

A package appears whole or not at all: it is written beside its place and renamed.
"""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal

from contract.messages import ClockSource, EvidenceFile, Manifest, RoadUserInPicture, Still
from contract.seal import message_bytes
from edge.evidence.ring import Kept
from edge.evidence.stamp import Stamper
from edge.observations import Observation, Violation
from edge.report import Place
from edge.selection import Moment, moments

MANIFEST = "manifest.json"
MediaType = Literal["image/jpeg", "application/json", "video/mp4", "text/csv", "application/yaml"]
MEDIA_TYPES: Final[Mapping[str, MediaType]] = {
    "jpg": "image/jpeg",
    "json": "application/json",
    "mp4": "video/mp4",
    "csv": "text/csv",
    "yaml": "application/yaml",
}


@dataclass(frozen=True, slots=True)
class Package:
    """A written package: where it is and what is in it, the manifest included."""

    folder: Path
    files: tuple[EvidenceFile, ...]
    clock_source: ClockSource


@dataclass(frozen=True, slots=True)
class Packager:
    """Writes packages below one folder."""

    root: Path
    stamper: Stamper

    def write(
        self, place: Place, violation: Violation, kept: Sequence[Kept], record: Mapping[str, bytes] | None = None
    ) -> Package:
        """Write the package of one violation; an older one of the same event is replaced.

        ``record`` holds by their names the files that a replay needs.
        """
        event_id = place.event_id(violation)
        pictures = {k.observation.t_ms: k for k in kept}
        chosen = moments([k.observation for k in kept], violation)
        clock_source = weakest(pictures[m.t_ms].clock_source for m in chosen)
        contents: dict[str, bytes] = dict(record or {})
        stills = tuple(self._still(place, violation, m, pictures[m.t_ms], contents) for m in chosen)
        described = tuple(describe(name, data) for name, data in contents.items())
        manifest = Manifest(
            event_id=event_id,
            device_id=place.device_id,
            camera_id=place.camera_id,
            kind=violation.kind,
            track_id=violation.track_id,
            clock_source=clock_source,
            files=described,
            stills=stills,
        )
        contents[MANIFEST] = message_bytes(manifest)
        folder = self.root / str(event_id)
        _write_whole(folder, contents)
        return Package(folder, (*described, describe(MANIFEST, contents[MANIFEST])), clock_source)

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


def _write_whole(folder: Path, contents: dict[str, bytes]) -> None:
    """Write all files and make them last through a power cut before the folder gets its name."""
    unfinished = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name, data in contents.items():
        with (unfinished / name).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)
