"""Who attacks: somebody with a real device's key, another real device's, a revoked one's, and none at all.

Here are also the genuine messages that the attacks are made from.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import topics
from contract.evidence import ClockProof, EvidenceFile
from contract.fields import Message
from contract.hand_off import HandOffHeld
from contract.messages import Heartbeat, PassageCount, PassageCounts, ViolationReported
from contract.seal import seal
from contract.words import CameraState, ClockReference, ClockStatus, LampSource, LampState, PassageVerdict, RoadUserKind
from datasets.faults.plan import Plan, violation
from edge.chain import Link
from edge.report import act_reported, violation_reported
from edge.signals.timeline import Said

SAID: Final = (Said(LampSource.FILE, LampState.RED, None, None),)
DIGESTS: Final = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of an attack: where it is published, and its bytes."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """A device as the centre may know it."""

    device_id: str
    site_id: str
    camera_id: str
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)


@dataclass(frozen=True, slots=True)
class Attacker:
    """What the attacks are made with. ``known`` are genuine events that the centre has taken in already."""

    device: Identity
    other: Identity
    revoked: Identity
    now_ms: int
    known: tuple[ViolationReported, ...] = ()

    def event(self, number: int, who: Identity | None = None) -> ViolationReported:
        """Return a genuine report of act ``number``, whose evidence never comes."""
        who = who or self.device
        plan = Plan(who.device_id, who.site_id, who.camera_id, self.now_ms - 10**9, number)
        clock = ClockProof(
            status=ClockStatus.VALID,
            source=ClockReference.SNTP,
            offset_ms=1.0,
            uncertainty_ms=9.0,
            synchronised_at_ms=self.now_ms - 1000,
        )
        act = act_reported(plan.place(), violation(number), SAID, "arrival", clock, self.now_ms)
        names = ("manifest.json", "act.json", "before.jpg", "entry.jpg", "advanced.jpg")
        files = tuple(_file(name, random.Random(f"{number}/{name}")) for name in names)  # noqa: S311 - no secret
        link = Link(number, None if number == 1 else _digest(random.Random(number)))  # noqa: S311 - no secret
        return violation_reported(act, link, files)

    def others(self, chance: random.Random) -> list[tuple[str, Message]]:
        """Return a genuine message of each other kind, with its topic."""
        who = self.device
        place = {"device_id": who.device_id, "site_id": who.site_id}
        at_ms = self.now_ms - chance.randrange(1000)
        count = PassageCount(
            zone_id="n",
            user=RoadUserKind.PEDESTRIAN,
            lamp_at_entry=LampState.RED,
            verdict=PassageVerdict.LAWFUL,
            count=1,
        )
        return [
            (
                topics.passages(who.site_id, who.camera_id),
                PassageCounts(
                    **place,
                    camera_id=who.camera_id,
                    sequence=10**9 + chance.randrange(10**6),
                    from_ms=at_ms,
                    to_ms=at_ms,
                    counts=(count,),
                ),
            ),
            (topics.heartbeat(who.site_id, who.camera_id), self._heartbeat(at_ms)),
            (topics.hand_off_state(who.site_id), HandOffHeld(**place, sequence=0, is_set=False, said_at_ms=at_ms)),
        ]

    def _heartbeat(self, at_ms: int) -> Heartbeat:
        return Heartbeat(
            device_id=self.device.device_id,
            site_id=self.device.site_id,
            camera_id=self.device.camera_id,
            sent_at_ms=at_ms,
            frames_processed=1,
            frames_dropped=0,
            reconnections=0,
            camera_state=CameraState.OK,
            camera_state_since_ms=at_ms,
            frames_per_second=1.0,
            events_waiting=0,
            files_waiting=0,
            events_refused=0,
        )

    def fresh(self, chance: random.Random) -> ViolationReported:
        """Return a report that the centre does not have."""
        return self.event(len(self.known) + 1000 + chance.randrange(10**6))

    def topic(self, who: Identity | None = None) -> str:
        """Return where a device reports its violations."""
        who = who or self.device
        return topics.violation(who.site_id, who.camera_id)

    def sealed(self, message: Message, who: Identity | None = None) -> bytes:
        """Seal as a device does."""
        who = who or self.device
        return seal(message, who.device_id, who.key)


Family = Callable[[Attacker, random.Random], Sent]


def _digest(chance: random.Random) -> str:
    return "".join(chance.choices(DIGESTS, k=64))


def _file(name: str, chance: random.Random) -> EvidenceFile:
    kind = "application/json" if name.endswith("json") else "image/jpeg"
    return EvidenceFile.model_validate(
        {"name": name, "sha256": _digest(chance), "size_bytes": 1000, "media_type": kind}
    )
