"""Builders for the centre's tests: events with real evidence, sealed by a real key, delivered as a box would."""

import json
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import cv2
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.evidence import EvidenceFile, Manifest, ModelUsed, RuleApplied, Still
from contract.identity import event_id
from contract.messages import LampAtEntry, SourceSaid, ViolationReported
from contract.seal import message_bytes, seal
from contract.words import LampSource, LampState, RoadUserKind, StillRole, ViolationKind
from server.api.keeping import keep_file
from server.db import unit_of_work
from server.ingest.intake import Intake
from server.service import Service

NOW_MS = 1_800_000_000_000
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TOKEN = "t" * 43
PASSWORD = "a long enough password"
TOPIC = "lukou/v1/s-1/c-1/violation"
KIND = ViolationKind.PEDESTRIAN_RED_LIGHT
SUBJECT = (40.0, 20.0, 80.0, 100.0)
SAID = (
    SourceSaid(source=LampSource.LAMP, state=LampState.RED, since_ms=NOW_MS - 70_000, age_ms=40),
    SourceSaid(source=LampSource.PLAN, state=LampState.RED, since_ms=NOW_MS - 70_100, age_ms=0),
)


@dataclass(frozen=True)
class Act:
    """One event and its files."""

    message: ViolationReported
    files: dict[str, bytes]

    def sealed(self, key: Ed25519PrivateKey = KEY, key_id: str = "box-1") -> bytes:
        return seal(self.message, key_id, key)


def picture(seed: int) -> bytes:
    noise = np.random.default_rng(seed).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    return cv2.imencode(".jpg", noise)[1].tobytes()


def described(name: str, data: bytes) -> EvidenceFile:
    media_type = "application/json" if name.endswith("json") else "image/jpeg"
    return EvidenceFile(name=name, sha256=sha256(data).hexdigest(), size_bytes=len(data), media_type=media_type)


def make_act(number: int = 1, **changes) -> Act:
    name: UUID = event_id("c-1", KIND, number, NOW_MS - 60_000)
    names = [f"{role.value}{end}.jpg" for role in StillRole for end in ("", "_original")]
    files = {file: picture(seed) for seed, file in enumerate(names)}
    users = ({"track_id": number, "kind": RoadUserKind.PEDESTRIAN, "box_xyxy_px": SUBJECT},)
    stills = tuple(
        Still(
            role=role,
            captured_at_ms=NOW_MS - 60_000,
            stamped=f"{role.value}.jpg",
            original=f"{role.value}_original.jpg",
            width_px=160,
            height_px=120,
            road_users=users,
        )
        for role in StillRole
    )
    manifest = Manifest(
        event_id=name,
        device_id="box-1",
        camera_id="c-1",
        kind=KIND,
        track_id=number,
        clock_source="footage",
        files=tuple(described(n, d) for n, d in files.items()),
        stills=stills,
    )
    files["manifest.json"] = message_bytes(manifest)
    values = {
        "event_id": name,
        "device_id": "box-1",
        "sequence": number,
        "site_id": "s-1",
        "site_name": "路口一",
        "camera_id": "c-1",
        "direction": "由南向北",
        "kind": KIND,
        "user": RoadUserKind.PEDESTRIAN,
        "track_id": number,
        "zone_id": "n",
        "signal_id": "ped",
        "entered_at_ms": NOW_MS - 60_000 + number,
        "confirmed_at_ms": NOW_MS - 58_000,
        "measure": 3.1,
        "rule": RuleApplied(name=KIND, version=1, parameters={"advance_m": 3.0}),
        "lamp": LampAtEntry(state=LampState.RED, since_ms=NOW_MS - 70_000, sources=SAID),
        "model": ModelUsed(name="nanodet-g", sha256="0" * 64),
        "scene_sha256": "1" * 64,
        "software_version": "0.1.0",
        "clock_source": "footage",
        "seen_at_ms": NOW_MS - 57_000,
        "demonstration": False,
        "evidence": tuple(described(n, d) for n, d in files.items()),
    }
    return Act(ViolationReported(**(values | changes)), files)


def take(service: Service, payload: bytes, topic: str = TOPIC):
    """Take a message in and commit."""
    with unit_of_work(service.sessions) as session:
        return Intake(session, service.settings.demonstration, NOW_MS, service.house.law).take(topic, payload)


def deliver(service: Service, act: Act, *, files: bool = True) -> None:
    """Take an event in with its evidence."""
    take(service, act.sealed())
    for data in act.files.values() if files else ():
        keep_file(service, TOKEN, sha256(data).hexdigest(), data)


def body_of(payload: bytes) -> dict:
    return json.loads(payload)["body"]
