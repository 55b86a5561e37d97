"""Events as boxes would send them, sealed and chained. No picture is made: their files are hashes alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import topics
from contract.evidence import MANIFEST, ClockProof, EvidenceFile, ModelUsed, RuleApplied
from contract.identity import event_id
from contract.messages import LampAtEntry, SourceSaid, ViolationReported
from contract.seal import seal
from contract.words import ClockReference, ClockStatus, LampSource, LampState, RoadUserKind, StillRole, ViolationKind

BOXES: Final = 8
KIND: Final = ViolationKind.PEDESTRIAN_RED_LIGHT
PICTURES: Final = (*(f"{role.value}{end}.jpg" for role in StillRole for end in ("", "_original")), "crop.jpg")
OTHERS: Final = {
    "clip.mp4": "video/mp4",
    "tracks.csv": "text/csv",
    "signals.csv": "text/csv",
    "act.json": "application/json",
}
APART_MS: Final = 7_000
"""Between two acts at one site: the look-up of the same act finds neighbours, and none that is the same."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box at a site of its own."""

    number: int

    @property
    def device_id(self) -> str:
        """Return its id."""
        return f"bench-box-{self.number}"

    @property
    def site_id(self) -> str:
        """Return where it stands."""
        return f"bench-site-{self.number}"

    @property
    def key(self) -> Ed25519PrivateKey:
        """Return its key."""
        return Ed25519PrivateKey.from_private_bytes(sha256(self.device_id.encode()).digest())


@dataclass(frozen=True, slots=True)
class Event:
    """One event, as it goes over the wire and as it was before."""

    topic: str
    payload: bytes
    report: ViolationReported


def boxes() -> Sequence[Box]:
    """Return the boxes whose events take turns."""
    return [Box(number) for number in range(BOXES)]


def events(count: int, now_ms: int) -> list[Event]:
    """Return so many events of all boxes in turn, each box's numbered from 1 and chained."""
    made = []
    for number in range(count):
        box, sequence = Box(number % BOXES), number // BOXES + 1
        report = _report(box, sequence, now_ms)
        topic = topics.violation(report.site_id, report.camera_id)
        made.append(Event(topic, seal(report, box.device_id, box.key), report))
    return made


def _report(box: Box, sequence: int, now_ms: int) -> ViolationReported:
    entered_ms = now_ms - 86_400_000 + sequence * APART_MS
    said = tuple(
        SourceSaid(source=source, state=LampState.RED, since_ms=entered_ms - 9000, age_ms=40)
        for source in (LampSource.LAMP, LampSource.FEED)
    )
    return ViolationReported(
        event_id=event_id(f"{box.site_id}-n", KIND, sequence, entered_ms),
        device_id=box.device_id,
        site_id=box.site_id,
        site_name="基准测试路口",
        camera_id=f"{box.site_id}-n",
        direction="由南向北",
        kind=KIND,
        user=RoadUserKind.PEDESTRIAN,
        track_id=sequence,
        zone_id="n",
        signal_id="ped-n",
        entered_at_ms=entered_ms,
        confirmed_at_ms=entered_ms + 2400,
        entered_at_m=(sequence % 20 * 1.0, 0.0),
        measure=3.2,
        rule=RuleApplied(name=KIND, version=1, parameters={"advance_m": 3.0, "grace_s": 0.5, "dwell_s": 1.0}),
        lamp=LampAtEntry(state=LampState.RED, since_ms=entered_ms - 9000, sources=said),
        model=ModelUsed(name="nanodet-g", sha256="0" * 64),
        scene_sha256="1" * 64,
        software_version="0.1.0",
        clock_source="stream",
        seen_at_ms=entered_ms + 2500,
        demonstration=False,
        clock=_clock(entered_ms),
        sequence=sequence,
        previous_manifest_sha256=None if sequence == 1 else _hash(box, sequence - 1, MANIFEST),
        evidence=_evidence(box, sequence),
    )


def _clock(at_ms: int) -> ClockProof:
    return ClockProof(
        status=ClockStatus.VALID,
        source=ClockReference.CHRONY,
        offset_ms=1.5,
        uncertainty_ms=9.0,
        synchronised_at_ms=at_ms - 60_000,
    )


def _evidence(box: Box, sequence: int) -> tuple[EvidenceFile, ...]:
    kinds: Mapping[str, str] = dict.fromkeys(PICTURES, "image/jpeg") | OTHERS | {MANIFEST: "application/json"}
    return tuple(
        EvidenceFile.model_validate(
            {"name": name, "sha256": _hash(box, sequence, name), "size_bytes": 200_000, "media_type": media_type}
        )
        for name, media_type in kinds.items()
    )


def _hash(box: Box, sequence: int, name: str) -> str:
    return sha256(f"{box.number} {sequence} {name}".encode()).hexdigest()
